import {Component} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat} from "@web/core/utils/numbers";
import {parseFloat} from "@web/views/fields/parsers";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const INPUT_TYPES = {email: "email", phone: "tel", url: "url"};

/**
 * The custom fields beyond the slots: keys of one JSON value, with an input for each.
 * What may stand in them the server checks, as for the fields with a slot.
 */
export class ExtraFields extends Component {
    static template = "mini_crm.ExtraFields";
    static components = {DateTimeInput};
    static props = {...standardFieldProps, fields: {type: Array}};

    get values() {
        return this.props.record.data[this.props.name] || {};
    }

    inputType(field) {
        return INPUT_TYPES[field.type] || "text";
    }

    inputId(field) {
        return `mini_crm_extra_${field.key}`;
    }

    /** Choices to offer: those in use, and the one that stands there. */
    choices(field) {
        const value = this.values[field.key];
        return field.choices.filter(
            (choice) => choice.active || choice.value === value,
        );
    }

    date(field) {
        const value = this.values[field.key];
        return value ? deserializeDate(value) : false;
    }

    /** What stands in an input, and what a reader reads. */
    text(field) {
        const value = this.values[field.key];
        if (value === undefined || value === null || value === "") {
            return "";
        }
        if (field.type === "number") {
            return formatFloat(value, {digits: [16, 6], trailingZeros: false});
        }
        return String(value);
    }

    /** What a reader reads of any field. */
    shown(field) {
        if (field.type === "boolean") {
            return this.values[field.key] ? _t("Yes") : _t("No");
        }
        if (field.type === "date") {
            const date = this.date(field);
            return date ? date.toLocaleString(luxon.DateTime.DATE_MED) : "";
        }
        if (field.type === "select") {
            const value = this.values[field.key];
            const choice = field.choices.find((each) => each.value === value);
            return choice ? choice.label : this.text(field);
        }
        return this.text(field);
    }

    onInput(field, text) {
        const trimmed = text.trim();
        if (field.type !== "number" || !trimmed) {
            return this.set(field, trimmed || null);
        }
        let number = trimmed;
        try {
            number = parseFloat(trimmed);
        } catch {
            // as written: the server says what is wrong with it, by the field's name
        }
        return this.set(field, number);
    }

    onDate(field, date) {
        return this.set(field, date ? serializeDate(date) : null);
    }

    set(field, value) {
        return this.props.record.update({
            [this.props.name]: {...this.values, [field.key]: value},
        });
    }
}

registry.category("fields").add("mini_crm_extra_fields", {
    component: ExtraFields,
    displayName: _t("Custom Fields Beyond the Slots"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({options}) => ({fields: options.fields || []}),
});
