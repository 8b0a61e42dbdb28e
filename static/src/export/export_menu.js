import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";
import {STATIC_ACTIONS_GROUP_NUMBER} from "@web/search/action_menus/action_menus";
import "../customer/customer_views";

const GROUP = "base.group_allow_export";
const CUSTOMER_VIEWS = ["mini_crm_customer_list", "mini_crm_customer_kanban"];

/**
 * The action that opens the export dialog.
 *
 * @param {Object} params which customers: domain, ids, archived, about
 * @returns {Object}
 */
function exportAction(params) {
    return {
        type: "ir.actions.client",
        tag: "mini_crm_export",
        name: _t("Export customers"),
        target: "new",
        params,
    };
}

/**
 * Whom a list shows: what is chosen in it, else all that match.
 *
 * @param {Object} root of the view's model
 * @returns {Object}
 */
function shownIn(root) {
    const {selection, isDomainSelected, domain} = root;
    return selection?.length && !isDomainSelected
        ? {ids: selection.map((record) => record.resId)}
        : {domain};
}

/** "Export customers" in the menu of the list and the cards, for all that match. */
class ExportCustomers extends Component {
    static template = "mini_crm.ExportCustomers";
    static components = {DropdownItem};
    static props = {};

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction(exportAction(shownIn(this.env.model.root)));
    }
}

registry.category("cogMenu").add(
    "mini_crm_export_customers",
    {
        Component: ExportCustomers,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            CUSTOMER_VIEWS.includes(env.config.viewSubType) &&
            !env.model.root.selection?.length &&
            (await user.hasGroup(GROUP)),
    },
    {sequence: 10},
);

/**
 * Of the chosen customers: the same dialog instead of Odoo's.
 *
 * @returns {Object} a patch, a new one for each class
 */
const ofChosen = () => ({
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.export = {
            isAvailable: () => this.isExportEnable,
            sequence: 10,
            icon: "fa fa-upload",
            description: _t("Export customers"),
            callback: () =>
                this.env.services.action.doAction(
                    exportAction(shownIn(this.model.root)),
                ),
        };
        return items;
    },
});
for (const name of CUSTOMER_VIEWS) {
    patch(registry.category("views").get(name).Controller.prototype, ofChosen());
}
