import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {IndustryDialog} from "./industry_dialog";
import {appliedText, removedText} from "./industry_texts";

/** The gallery of industries: a tap shows what one would add, one click adds it. */
export class IndustriesAction extends Component {
    static template = "mini_crm.IndustriesAction";
    static props = {...standardActionServiceProps};
    static displayName = _t("Industries");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({industries: [], formBuilder: false});
        onWillStart(() => this.load());
    }

    async load() {
        const gallery = await this.orm.call("mini_crm.industry", "gallery", []);
        this.state.industries = gallery.industries;
        this.state.formBuilder = gallery.form_builder;
    }

    countText({field_count: count}) {
        return count === 1 ? _t("One field") : _t("%s fields", count);
    }

    async open(industry) {
        const preview = await this.call("preview", industry.id);
        this.dialog.add(IndustryDialog, {
            preview,
            onApply: () => this.apply(industry.id),
            onRemove: () => this.remove(industry.id),
        });
    }

    async apply(id) {
        const result = await this.call("apply", id);
        const {undo: fieldIds, undo_rules: ruleIds} = result;
        const didAnything = fieldIds.length || result.rules.length;
        const undo = didAnything && {
            name: _t("Undo"),
            onClick: () => this.remove(id, fieldIds, ruleIds),
        };
        const arrange = this.state.formBuilder && {
            name: _t("Arrange the fields"),
            primary: true,
            onClick: () => this.openFormBuilder(),
        };
        this.tell(result.name, appliedText(result), [arrange, undo]);
        await this.load();
    }

    async remove(id, fieldIds = null, ruleIds = null) {
        const result = await this.call("remove", id, fieldIds, ruleIds);
        this.tell(result.name, removedText(result), []);
        await this.load();
    }

    openFormBuilder() {
        return this.action.doAction("mini_crm.mini_crm_field_builder_action");
    }

    call(method, id, ...args) {
        return this.orm.call("mini_crm.industry", method, [[id], ...args]);
    }

    /** Say what has happened, with the buttons that there are; it goes when one is used. */
    tell(title, message, buttons) {
        const close = this.notification.add(message, {
            title,
            type: "success",
            autocloseDelay: 10_000,
            buttons: buttons.filter(Boolean).map((button) => ({
                ...button,
                onClick: () => {
                    close();
                    return button.onClick();
                },
            })),
        });
    }
}

registry.category("actions").add("mini_crm_industries", IndustriesAction);
