import {registry} from "@web/core/registry";
import {FloatField, floatField} from "@web/views/fields/float/float_field";

/** A number that may be unset: emptied, it is no zero. */
export class NumberField extends FloatField {
    parse(value) {
        return value.trim() ? super.parse(value) : false;
    }
}

registry.category("fields").add("mini_crm_number", {
    ...floatField,
    component: NumberField,
    supportedTypes: ["float"],
});
