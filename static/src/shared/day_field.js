import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

/** The day of a date and time, in words: "Nov 23, 2026"; a dash when empty. */
export class DayField extends Component {
    static template = "mini_crm.DayField";
    static props = {...standardFieldProps};

    get text() {
        const value = this.props.record.data[this.props.name];
        return value ? value.toLocaleString(DateTime.DATE_MED) : "–";
    }
}

registry.category("fields").add("mini_crm_day", {
    component: DayField,
    displayName: _t("Day"),
    supportedTypes: ["date", "datetime"],
    isEmpty: () => false,
});
