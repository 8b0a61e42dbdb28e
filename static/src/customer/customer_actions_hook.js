import {useEnv} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {rpc} from "@web/core/network/rpc";
import {usePopover} from "@web/core/popover/popover_hook";
import {useService} from "@web/core/utils/hooks";
import {escape} from "@web/core/utils/strings";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {notifyCustomerChanged} from "../shared/customer_bus";
import {openConversation} from "../shared/open_conversations";
import {CallChoice} from "./call_choice";
import {NoteChoice} from "./note_choice";

/**
 * What one does with a customer, for whatever offers it as a button.
 *
 * @param {() => Object} getRecord the customer's record of the form
 * @returns {{run: (name: string, target: HTMLElement) => Promise<void>,
 *     refresh: () => Promise<void>}} `run` takes message, call, note, task or purchase
 */
export function useCustomerActions(getRecord) {
    const env = useEnv();
    const services = {
        action: useService("action"),
        dialog: useService("dialog"),
        notification: useService("notification"),
        orm: useService("orm"),
        store: useService("mail.store"),
    };
    const options = {
        position: "bottom-start",
        useBottomSheet: env.isSmall,
        popoverClass: "o_mini_crm_choice_popover",
    };
    const popovers = {
        call: usePopover(CallChoice, options),
        note: usePopover(NoteChoice, options),
    };
    const actions = new CustomerActions(env, services, popovers, getRecord);
    return {
        run: (name, target) => actions.run(name, target),
        refresh: () => actions.refresh(),
    };
}

class CustomerActions {
    constructor(env, services, popovers, getRecord) {
        this.env = env;
        this.services = services;
        this.popovers = popovers;
        this.getRecord = getRecord;
    }

    get record() {
        return this.getRecord();
    }

    /** Save what is being edited, then act; not when it cannot be saved. */
    async run(name, target) {
        if (await this.record.save()) {
            await this[name](target);
        }
    }

    /** After an action: show its effect everywhere on the page. */
    async refresh() {
        const {record} = this;
        await record.load();
        notifyCustomerChanged(this.env, record.resId);
    }

    tell(message, buttons = []) {
        this.services.notification.add(message, {type: "success", buttons});
    }

    message() {
        openConversation(this.env, this.record.resId);
    }

    call(target) {
        this.popovers.call.open(target, {
            phone: this.record.data.phone,
            onOutcome: (outcome, details) => {
                this.popovers.call.close();
                this.logCall(outcome, details);
            },
        });
    }

    async logCall(outcome, details) {
        const {resId} = this.record;
        await this.services.orm.call(
            "res.partner",
            "action_log_call",
            [[resId], outcome],
            details,
        );
        await this.refresh();
        const remind = {name: _t("Set a reminder"), onClick: () => this.task()};
        this.tell(_t("Call saved."), outcome === "call_back" ? [remind] : []);
    }

    note(target) {
        this.popovers.note.open(target, {
            onSave: (text) => {
                this.popovers.note.close();
                this.saveNote(text);
            },
        });
    }

    async saveNote(text) {
        await rpc("/mail/message/post", {
            thread_model: "res.partner",
            thread_id: this.record.resId,
            post_data: {
                body: ["markup", escape(text).replaceAll("\n", "<br/>")],
                message_type: "comment",
                subtype_xmlid: "mail.mt_note",
            },
        });
        await this.refresh();
        this.tell(_t("Note saved."));
    }

    async task() {
        await this.services.store.scheduleActivity("res.partner", [this.record.resId]);
        await this.refresh();
    }

    purchase() {
        this.services.dialog.add(FormViewDialog, {
            resModel: "mini_crm.purchase",
            title: _t("New purchase of %s", this.record.data.name),
            size: "md",
            canExpand: false,
            context: {
                default_partner_id: this.record.resId,
                form_view_ref: "mini_crm.mini_crm_purchase_view_form_quick",
            },
            onRecordSaved: async () => {
                await this.refresh();
                this.tell(_t("Purchase saved."));
            },
        });
    }
}
