import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {fieldTypes} from "./field_types";

/** No slot of a type is left: what can be done about it. */
export class FullDialog extends Component {
    static template = "mini_crm.FullDialog";
    static components = {Dialog};
    static props = {
        type: String,
        // {all, free, archived: [{id, name}]}
        slots: Object,
        // Called with {overflow: true} or {release: id}.
        onChosen: Function,
        close: Function,
    };

    get title() {
        const {label} = fieldTypes().find(({type}) => type === this.props.type);
        const {all} = this.props.slots;
        return _t("%(type)s: all %(n)s slots are taken", {type: label, n: all});
    }

    choose(extra) {
        this.props.close();
        this.props.onChosen(extra);
    }
}

/** A field that something uses is to be archived: what uses it. */
export class UsageDialog extends Component {
    static template = "mini_crm.UsageDialog";
    static components = {Dialog};
    static props = {
        name: String,
        // As `mini_crm.field.usages` gives them.
        usages: Array,
        onConfirm: Function,
        close: Function,
    };

    get title() {
        return _t("%s is in use", this.props.name);
    }

    confirm() {
        this.props.close();
        this.props.onConfirm();
    }
}
