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

/** Whatever view deletes contacts: the server tells who went into the bin. */
patch(ORM.prototype, {
    async unlink(model, ids, kwargs = {}) {
        if (model !== CONTACTS) {
            return super.unlink(...arguments);
        }
        const context = {...kwargs.context, mini_crm_tell_bin: true};
        const told = await super.unlink(model, ids, {...kwargs, context});
        if (told?.count) {
            rpcBus.trigger(BINNED, told);
        }
        return Boolean(told);
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

const inTheBin = ({count, name}) =>
    count === 1
        ? _t("“%s” is in the bin for 30 days.", name)
        : _t("%s customers are in the bin for 30 days.", formatInteger(count));

const areBack = (count) =>
    count === 1
        ? _t("The customer is back.")
        : _t("%s customers are back.", formatInteger(count));

/** Tells what went into the bin, and offers to undo it. */
const binToast = {
    dependencies: ["action", "notification", "orm"],
    start(env, {action, notification, orm}) {
        const undo = async (told) => {
            const kept = await orm.call(CONTACTS, "undo_delete", [told.undo]);
            rpcBus.trigger("CLEAR-CACHES", CACHED);
            await action.doAction("soft_reload");
            if (kept < told.count) {
                notification.add(areBack(told.count - kept), {type: "success"});
            }
            if (kept) {
                notification.add(
                    _t("Changed since and left as they are: %s.", formatInteger(kept)),
                    {type: "warning"},
                );
            }
        };
        rpcBus.addEventListener(BINNED, ({detail: told}) => {
            const close = notification.add(inTheBin(told), {
                type: "success",
                className: "o_mini_crm_bin_toast",
                autocloseDelay: 15_000,
                buttons: [
                    {
                        name: _t("Undo"),
                        primary: true,
                        onClick: () => {
                            close();
                            return undo(told);
                        },
                    },
                ],
            });
        });
    },
};

registry.category("services").add("mini_crm_bin_toast", binToast);
