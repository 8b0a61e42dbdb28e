import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The segments that a customer is in, in their colours; a tap opens the segment. */
export class SegmentChips extends Component {
    static template = "mini_crm.SegmentChips";
    static props = {...standardFieldProps, link: {type: Boolean, optional: true}};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get segments() {
        return this.props.record.data[this.props.name].records.map(({resId, data}) => ({
            id: resId,
            name: data.display_name,
            color: data.color,
        }));
    }

    async open(segment) {
        this.action.doAction(
            await this.orm.call("mini_crm.segment", "action_open_customers", [
                [segment.id],
            ]),
        );
    }
}

registry.category("fields").add("mini_crm_segment_chips", {
    component: SegmentChips,
    displayName: _t("Segments"),
    supportedTypes: ["many2many"],
    relatedFields: () => [
        {name: "display_name", type: "char"},
        {name: "color", type: "char"},
    ],
    isEmpty: (record, name) => !record.data[name].records.length,
    extractProps: ({options}) => ({link: Boolean(options.link)}),
});
