import {Component} from "@odoo/owl";
import {formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {relativeTime} from "./relative_time";

/** A date and time as "2 days ago", the exact one as tooltip; "never" when empty. */
export class RelativeTimeField extends Component {
    static template = "mini_crm.RelativeTimeField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return relativeTime(this.value);
    }

    get exact() {
        return formatDateTime(this.value);
    }
}

registry.category("fields").add("mini_crm_relative_time", {
    component: RelativeTimeField,
    displayName: _t("Time Ago"),
    supportedTypes: ["datetime"],
    isEmpty: () => false,
});
