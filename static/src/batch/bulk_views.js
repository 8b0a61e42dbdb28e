import {Component, onWillStart, status} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {patch} from "@web/core/utils/patch";
import {STATIC_ACTIONS_GROUP_NUMBER} from "@web/search/action_menus/action_menus";
// Loaded first: they register the views that are extended below.
import "../customer/customer_views";
import "../segment/segment_views";
import {BulkDialog} from "./bulk_dialog";

const MANAGER = "mini_crm.mini_crm_group_manager";

/**
 * Open "Change many" for what a filter finds.
 *
 * @param {Object} env
 * @param {Array} domain of contacts
 * @param {Object} more `{action, reload}`
 */
export function changeMany(env, domain, {action, reload}) {
    env.services.dialog.add(BulkDialog, {domain, action, reload});
}

/**
 * Whom a selection means; those who are archived as well.
 *
 * @param {Object} root list of a view
 * @returns {Array} domain of contacts
 */
export function selectedDomain({isDomainSelected, domain, selection}) {
    if (isDomainSelected) {
        return domain;
    }
    const ids = selection.map((record) => record.resId);
    return [
        ["id", "in", ids],
        ["active", "in", [true, false]],
    ];
}

/**
 * @param {Component} controller of a view
 * @returns {Function} shows its records anew, if it is still there
 */
const reloadOf = (controller) => async () => {
    if (status(controller) === "mounted") {
        await controller.model.load();
    }
};

/**
 * Lists and cards of customers: the menu of a selection has "Change many", and what is
 * deleted goes into the bin. For managers; others have what Odoo gives them.
 *
 * @returns {Object} a patch, a new one for each class
 */
const withBulk = () => ({
    setup() {
        super.setup(...arguments);
        onWillStart(async () => {
            this.mayChangeMany = await user.hasGroup(MANAGER);
        });
    },

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        if (!this.mayChangeMany) {
            return items;
        }
        const archiveOne = items.archive.callback;
        items.archive.callback = () =>
            this.model.root.isDomainSelected
                ? this.changeMany("archive")
                : archiveOne();
        items.delete.callback = () => this.changeMany("delete");
        return {
            ...items,
            mini_crm_bulk: {
                isAvailable: () => Boolean(this.model.root.selection?.length),
                sequence: 5,
                icon: "fa fa-magic",
                description: _t("Change many…"),
                callback: () => this.changeMany(),
            },
        };
    },

    changeMany(action) {
        changeMany(this.env, selectedDomain(this.model.root), {
            action,
            reload: reloadOf(this),
        });
    },
});

for (const name of ["mini_crm_customer_list", "mini_crm_customer_kanban"]) {
    patch(registry.category("views").get(name).Controller.prototype, withBulk());
}

/** A segment's menu: change all who are in it. */
patch(registry.category("views").get("mini_crm_segment_form").Controller.prototype, {
    setup() {
        super.setup(...arguments);
        onWillStart(async () => {
            this.mayChangeMany = await user.hasGroup(MANAGER);
        });
    },

    getStaticActionMenuItems() {
        return {
            ...super.getStaticActionMenuItems(),
            mini_crm_bulk: {
                isAvailable: () => this.mayChangeMany && Boolean(this.model.root.resId),
                sequence: 5,
                icon: "fa fa-magic",
                description: _t("Change its customers…"),
                callback: () =>
                    changeMany(
                        this.env,
                        [["segment_ids", "in", [this.model.root.resId]]],
                        {reload: reloadOf(this)},
                    ),
            },
        };
    },
});

/** Without a selection: change everybody whom the filter finds. */
class ChangeFiltered extends Component {
    static template = "mini_crm.ChangeFiltered";
    static components = {DropdownItem};
    static props = {};

    open() {
        const {model} = this.env;
        // this menu goes when it closes, the view stays
        changeMany(this.env, model.root.domain, {reload: () => model.load()});
    }
}

registry.category("cogMenu").add(
    "mini_crm-change-filtered",
    {
        Component: ChangeFiltered,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            (env.config.viewArch?.getAttribute("js_class") || "").startsWith(
                "mini_crm_customer_",
            ) &&
            ["kanban", "list"].includes(env.config.viewType) &&
            !env.model.root.selection?.length &&
            (await user.hasGroup(MANAGER)),
    },
    {sequence: 5},
);
