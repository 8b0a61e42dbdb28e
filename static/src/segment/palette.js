import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Colours that are told apart at a glance; those of the shipped segments come first. */
function colours() {
    return [
        ["#FFD700", _t("Gold")],
        ["#4CAF50", _t("Green")],
        ["#2196F3", _t("Blue")],
        ["#00BCD4", _t("Turquoise")],
        ["#9C27B0", _t("Purple")],
        ["#E91E63", _t("Pink")],
        ["#F44336", _t("Red")],
        ["#FF9800", _t("Orange")],
        ["#795548", _t("Brown")],
        ["#607D8B", _t("Slate")],
        ["#CCCCCC", _t("Gray")],
    ];
}

/** A row of colours to tap; one that is none of them is shown beside them. */
export class Palette extends Component {
    static template = "mini_crm.Palette";
    static props = {
        value: {optional: true},
        onChange: {type: Function, optional: true},
        readonly: {type: Boolean, optional: true},
    };

    get colours() {
        const known = colours();
        const {value} = this.props;
        const isKnown = !value || known.some(([code]) => this.isChosen(code));
        return isKnown ? known : [...known, [value, value]];
    }

    isChosen(code) {
        return code.toLowerCase() === this.props.value?.toLowerCase();
    }
}

export class PaletteField extends Component {
    static template = "mini_crm.PaletteField";
    static components = {Palette};
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    update(color) {
        return this.props.record.update({[this.props.name]: color});
    }
}

registry.category("fields").add("mini_crm_palette", {
    component: PaletteField,
    displayName: _t("Colour"),
    supportedTypes: ["char"],
});
