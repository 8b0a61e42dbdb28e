import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {notifyCustomerChanged} from "../shared/customer_bus";
import {CustomerControlPanel} from "./filter_chips";

/**
 * Archive at once and offer to undo it, instead of asking first.
 *
 * @param {Component} controller of a view
 * @param {number[]} ids
 */
async function archiveWithUndo(controller, ids) {
    const {model, env} = controller;
    await model.orm.call("res.partner", "action_archive", [ids]);
    await model.load();
    const close = env.services.notification.add(
        ids.length === 1
            ? _t("Customer archived.")
            : _t("%s customers archived.", ids.length),
        {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        close();
                        await model.orm.call("res.partner", "action_unarchive", [ids]);
                        await model.load();
                    },
                },
            ],
        }
    );
}

/** What the list and the cards of customers do differently. */
const withUndo = (Controller) =>
    class extends Controller {
        getStaticActionMenuItems() {
            const items = super.getStaticActionMenuItems();
            const askFirst = items.archive.callback;
            items.archive.callback = () => {
                const {isDomainSelected, selection} = this.model.root;
                // All that match may be thousands: that is asked about.
                return isDomainSelected
                    ? askFirst()
                    : archiveWithUndo(
                          this,
                          selection.map((record) => record.resId)
                      );
            };
            return items;
        }
    };

export class CustomerFormController extends formView.Controller {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () => archiveWithUndo(this, [this.model.root.resId]);
        return items;
    }

    async onRecordSaved(record) {
        await super.onRecordSaved(...arguments);
        notifyCustomerChanged(this.env, record.resId);
    }
}

registry.category("views").add("mini_crm_customer_list", {
    ...listView,
    Controller: withUndo(listView.Controller),
    ControlPanel: CustomerControlPanel,
});
registry.category("views").add("mini_crm_customer_kanban", {
    ...kanbanView,
    Controller: withUndo(kanbanView.Controller),
    ControlPanel: CustomerControlPanel,
});
registry.category("views").add("mini_crm_customer_form", {
    ...formView,
    Controller: CustomerFormController,
});
