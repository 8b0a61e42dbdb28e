import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {EmailField, emailField} from "@web/views/fields/email/email_field";
import {PhoneField, phoneField} from "@web/views/fields/phone/phone_field";

// Phone and e-mail without the links that Odoo puts beside them in forms: the quick
// actions of the customer call and write.

registry.category("fields").add("mini_crm_phone", {
    ...phoneField,
    component: PhoneField,
    displayName: _t("Phone, no Link"),
    // as it is when used: Odoo's SMS gives it an option more after this is read
    extractProps: (...args) => phoneField.extractProps(...args),
});

registry.category("fields").add("mini_crm_email", {
    ...emailField,
    component: EmailField,
    displayName: _t("E-mail, no Link"),
});
