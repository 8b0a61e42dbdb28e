import {registry} from "@web/core/registry";
import {formView} from "@web/views/form/form_view";

/** A form in a dialog that is saved by its button only: leaving the page keeps nothing. */
class QuickFormController extends formView.Controller {
    async beforeUnload() {
        // Odoo would save what is half filled in: a purchase of nothing.
    }
}

registry.category("views").add("mini_crm_quick_form", {
    ...formView,
    Controller: QuickFormController,
});
