import {Component} from "@odoo/owl";
import {BuilderFieldDetails} from "./builder_field_details";
import {fieldTypes, fieldViews} from "./field_types";

/** A field as a card: label, where it shows, and unfolded everything else. */
export class BuilderField extends Component {
    static template = "mini_crm.BuilderField";
    static components = {BuilderFieldDetails};
    static props = {
        field: Object,
        model: Object,
        onMove: Function,
        onArchive: Function,
    };

    setup() {
        this.views = fieldViews();
    }

    get kind() {
        return fieldTypes().find(({type}) => type === this.props.field.type);
    }

    get isOpen() {
        return this.props.model.openId === this.props.field.id;
    }

    get error() {
        return this.props.model.errors[`field-${this.props.field.id}`];
    }

    toggleOpen() {
        const {model, field} = this.props;
        model.openId = this.isOpen ? null : field.id;
    }

    toggleView(name) {
        const {model, field} = this.props;
        model.write("field", field.id, {[name]: !field[name]});
    }

    rename(ev) {
        const {model, field} = this.props;
        const name = ev.target.value.trim();
        if (!name) {
            ev.target.value = field.name;
        } else if (name !== field.name) {
            model.write("field", field.id, {name});
        }
    }

    onKeydown(ev) {
        const step = {ArrowUp: -1, ArrowDown: 1}[ev.key];
        if (step && ev.altKey) {
            ev.preventDefault();
            this.props.onMove(this.props.field.id, step);
        } else if (ev.target !== ev.currentTarget) {
            this.onLabelKeydown(ev);
        } else if (step) {
            ev.preventDefault();
            this.focusBeside(ev.currentTarget, step);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            ev.currentTarget.querySelector(".o_mini_crm_builder_label").select();
        } else if (ev.key === "Delete") {
            this.props.onArchive(this.props.field);
        }
    }

    onLabelKeydown(ev) {
        if (!ev.target.classList.contains("o_mini_crm_builder_label")) {
            return;
        }
        if (ev.key === "Escape") {
            ev.target.value = this.props.field.name;
        }
        if (["Enter", "Escape"].includes(ev.key)) {
            // Leaving the input saves it.
            ev.currentTarget.focus();
        }
    }

    focusBeside(card, step) {
        const cards = [
            ...card
                .closest(".o_mini_crm_builder_editor")
                .querySelectorAll(".o_mini_crm_builder_field[data-id]"),
        ];
        cards[cards.indexOf(card) + step]?.focus();
    }
}
