import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What uses a segment: each entry opens its record. */
export class UsedBy extends Component {
    static template = "mini_crm.UsedBy";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get uses() {
        return this.props.record.data[this.props.name] || [];
    }

    open(use) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: use.model,
            res_id: use.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("mini_crm_used_by", {
    component: UsedBy,
    displayName: _t("What uses it"),
    supportedTypes: ["json"],
});
