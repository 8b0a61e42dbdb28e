import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Avatar} from "./avatar";

/** Name of a customer in a list: circle, name, and below it how to reach him. */
export class CustomerNameField extends Component {
    static template = "mini_crm.CustomerNameField";
    static components = {Avatar};
    static props = {...standardFieldProps};

    get data() {
        return this.props.record.data;
    }

    get name() {
        return this.data[this.props.name];
    }
}

registry.category("fields").add("mini_crm_customer_name", {
    component: CustomerNameField,
    displayName: _t("Customer"),
    // at least: with many columns the list scrolls before names cannot be read
    listViewWidth: [190],
    supportedTypes: ["char"],
    isEmpty: () => false,
    fieldDependencies: [
        {name: "has_photo", type: "boolean", readonly: true},
        {name: "phone", type: "char", readonly: true},
        {name: "email", type: "char", readonly: true},
    ],
});

/** Circle of a customer alone, for cards. */
export class AvatarField extends Component {
    static template = "mini_crm.AvatarField";
    static components = {Avatar};
    static props = {...standardFieldProps};
}

registry.category("fields").add("mini_crm_avatar", {
    component: AvatarField,
    displayName: _t("Customer's Circle"),
    supportedTypes: ["char"],
    isEmpty: () => false,
    fieldDependencies: [{name: "has_photo", type: "boolean", readonly: true}],
});
