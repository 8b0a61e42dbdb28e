import {_t} from "@web/core/l10n/translation";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {formView} from "@web/views/form/form_view";

/** Switching a rule off is undone by a tap; deleting it tells first what goes with it. */
export class TagRuleFormController extends formView.Controller {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () => this.switchOff();
        return items;
    }

    /** Whom the rule alone has tagged, and who keeps the tag: in words. */
    async whatGoes() {
        const {remove, keep} = await this.model.orm.call(
            "mini_crm.tag.rule",
            "what_goes",
            [[this.model.root.resId]],
        );
        if (remove === null) {
            return _t("How many lose the tag could not be counted in time.");
        }
        return _t("%(remove)s customers lose the tag, %(keep)s keep it.", {
            remove: formatInteger(remove),
            keep: formatInteger(keep),
        });
    }

    async switchOff() {
        const {orm} = this.model;
        const {notification} = this.env.services;
        const id = this.model.root.resId;
        const told = await this.whatGoes();
        await orm.call("mini_crm.tag.rule", "action_archive", [[id]]);
        await this.model.load();
        const close = notification.add(_t("Rule switched off. %s", told), {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        close();
                        await orm.call("mini_crm.tag.rule", "action_unarchive", [[id]]);
                        await this.model.load();
                    },
                },
            ],
        });
    }

    async deleteRecord() {
        this.env.services.dialog.add(ConfirmationDialog, {
            title: _t("Delete this rule?"),
            body: _t(
                "%s This cannot be undone. Switched off, a rule can be brought back.",
                await this.whatGoes(),
            ),
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await this.model.root.delete();
                if (!this.model.root.resId) {
                    this.env.config.historyBack();
                }
            },
            cancelLabel: _t("Keep it"),
            cancel: () => {},
        });
    }
}

registry.category("views").add("mini_crm_tag_rule_form", {
    ...formView,
    Controller: TagRuleFormController,
});
