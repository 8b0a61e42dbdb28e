import {markup} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {escape} from "@web/core/utils/strings";
import {RelationalModel} from "@web/model/relational_model/relational_model";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {notifyCustomerChanged} from "../shared/customer_bus";
import {CustomerControlPanel} from "./filter_chips";
import {CustomerSearchModel} from "./filter_panel/customer_search_model";

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
        },
    );
}

/** Help for a list that a search has emptied; there may be thousands of customers. */
function nothingFoundHelp() {
    const title = escape(_t("No customer fits this search"));
    const text = escape(_t("Take a filter away, or press New to add a customer."));
    return markup(
        `<p class="o_view_nocontent_empty_folder">${title}</p><p>${text}</p>`,
    );
}

/**
 * What the list and the cards of customers do differently: archiving can be undone, and
 * an empty page says why it is empty.
 *
 * @param {Function} Controller
 * @param {string} template
 * @returns {Function}
 */
const forCustomers = (Controller, template) =>
    class extends Controller {
        static template = template;

        /** What higher rooms show above the customers: components without props. */
        get banners() {
            return registry
                .category("mini_crm_customer_banners")
                .getAll()
                .map(({Component}) => Component);
        }

        get noContentHelp() {
            const {facets} = this.env.searchModel;
            return facets.length ? nothingFoundHelp() : this.props.info.noContentHelp;
        }

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
                          selection.map((record) => record.resId),
                      );
            };
            return items;
        }
    };

/** A group of customers; Odoo leaves one without a selection's value without a name. */
class CustomerGroup extends RelationalModel.Group {
    setup(config) {
        super.setup(...arguments);
        const isHealth = config.groupByFieldName === "crm_health";
        this.displayName ||= isHealth ? _t("Not enough data yet") : _t("None");
    }
}

class CustomerModel extends RelationalModel {
    static Group = CustomerGroup;
}

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
    Controller: forCustomers(listView.Controller, "mini_crm.CustomerListView"),
    Model: CustomerModel,
    ControlPanel: CustomerControlPanel,
    SearchModel: CustomerSearchModel,
});
registry.category("views").add("mini_crm_customer_kanban", {
    ...kanbanView,
    Controller: forCustomers(kanbanView.Controller, "mini_crm.CustomerKanbanView"),
    Model: CustomerModel,
    ControlPanel: CustomerControlPanel,
    SearchModel: CustomerSearchModel,
});
registry.category("views").add("mini_crm_customer_form", {
    ...formView,
    Controller: CustomerFormController,
    props: (genericProps, view) => {
        const props = formView.props(genericProps, view);
        if (genericProps.preventEdit) {
            // A preview comes while somebody types elsewhere: the focus stays there.
            props.archInfo = {...props.archInfo, disableAutofocus: true};
        }
        return props;
    },
});
