import {_t} from "@web/core/l10n/translation";
import {rpcBus} from "@web/core/network/rpc";
import {ORM} from "@web/core/orm_service";
import {registry} from "@web/core/registry";
import {patch} from "@web/core/utils/patch";
import {formatInteger} from "@web/views/fields/formatters";
import {FormController} from "@web/views/form/form_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";

const CONTACTS = "res.partner";
const BINNED = "MINI-CRM:BINNED";
const CACHED = ["web_read", "web_search_read", "web_read_group"];

/** What the client deletes of contacts goes into the bin, whatever view asks. */
patch(ORM.prototype, {
    async unlink(model, ids, kwargs = {}) {
        if (model !== CONTACTS || !ids.length) {
            return super.unlink(...arguments);
        }
        const told = await this.call(CONTACTS, "delete_into_bin", [ids], kwargs);
        rpcBus.trigger("CLEAR-CACHES", CACHED);
        rpcBus.trigger(BINNED, told);
        return true;
    },
});

/** Contacts are deleted at once, as that can be undone; only a whole search asks. */
const withoutAsking = () => ({
    setup() {
        super.setup(...arguments);
        if (this.props.resModel !== CONTACTS) {
            return;
        }
        const ask = this.deleteRecordsWithConfirmation;
        this.deleteRecordsWithConfirmation = (dialogProps, records) => {
            const {root} = this.model;
            if (root.isDomainSelected && !records) {
                const body = _t("They will be in the bin for 30 days.");
                const title = _t("Delete all that were found?");
                return ask({...dialogProps, body, title}, records);
            }
            return dialogProps?.confirm
                ? dialogProps.confirm()
                : root.deleteRecords(records);
        };
    },
});

for (const Controller of [FormController, KanbanController, ListController]) {
    patch(Controller.prototype, withoutAsking());
}

/** Tells what went into the bin, and offers to undo it. */
const binToast = {
    dependencies: ["action", "notification", "orm"],
    start(env, {action, notification, orm}) {
        const undo = async (batchId) => {
            const kept = await orm.call(CONTACTS, "undo_delete", [batchId]);
            rpcBus.trigger("CLEAR-CACHES", CACHED);
            await action.doAction("soft_reload");
            if (kept) {
                notification.add(
                    _t("%s of them were changed since.", formatInteger(kept)),
                    {type: "warning"},
                );
            }
        };
        rpcBus.addEventListener(BINNED, ({detail}) => {
            if (!detail.count) {
                return;
            }
            const close = notification.add(
                detail.count === 1
                    ? _t("In the bin for 30 days.")
                    : _t("%s are in the bin for 30 days.", formatInteger(detail.count)),
                {
                    type: "success",
                    className: "o_mini_crm_bin_toast",
                    autocloseDelay: 15000,
                    buttons: [
                        {
                            name: _t("Undo"),
                            primary: true,
                            onClick: async () => {
                                close();
                                await undo(detail.batch_id);
                            },
                        },
                    ],
                },
            );
        });
    },
};

registry.category("services").add("mini_crm_bin_toast", binToast);
