import {Component, useEffect, useRef} from "@odoo/owl";
import {BuilderField} from "./builder_field";
import {fieldTypes} from "./field_types";

/** A section with its fields; without an id: the fields that are in none. */
export class BuilderSection extends Component {
    static template = "mini_crm.BuilderSection";
    static components = {BuilderField};
    static props = {
        section: Object,
        fields: Array,
        model: Object,
        // Where a dragged type would go: {section_id, index}, or null.
        target: {type: [Object, {value: null}]},
        onFinish: Function,
        onMoveField: Function,
        onArchiveField: Function,
        onMoveSection: Function,
    };

    setup() {
        this.draftInput = useRef("draft");
        useEffect(
            (input) => {
                input?.scrollIntoView({block: "nearest"});
                input?.focus();
            },
            () => [this.draftInput.el],
        );
    }

    get draft() {
        const {draft} = this.props.model;
        return draft && draft.section_id === this.props.section.id ? draft : null;
    }

    get draftIcon() {
        return fieldTypes().find(({type}) => type === this.draft.type).icon;
    }

    get dropIndex() {
        const {target, section} = this.props;
        return target && target.section_id === section.id ? target.index : null;
    }

    get isCurrent() {
        return this.props.model.section === this.props.section.id;
    }

    get hasSections() {
        return this.props.model.data.sections.length > 0;
    }

    makeCurrent() {
        this.props.model.section = this.props.section.id;
    }

    async finishDraft(name) {
        // Enter saves, and then the input loses the focus: once is enough.
        if (this.saving || !this.draft) {
            return;
        }
        if (!name.trim()) {
            this.cancelDraft();
            return;
        }
        this.saving = true;
        try {
            await this.props.onFinish(name.trim());
        } finally {
            this.saving = false;
        }
    }

    cancelDraft() {
        this.props.model.draft = null;
        delete this.props.model.errors.draft;
    }

    onDraftKeydown(ev) {
        if (ev.key === "Enter") {
            this.finishDraft(ev.target.value);
        } else if (ev.key === "Escape") {
            this.cancelDraft();
        }
    }

    rename(ev) {
        const {model, section} = this.props;
        const name = ev.target.value.trim();
        if (!name) {
            ev.target.value = section.name;
        } else if (name !== section.name) {
            model.write("section", section.id, {name});
        }
    }

    onHeadKeydown(ev) {
        const step = {ArrowUp: -1, ArrowDown: 1}[ev.key];
        if (ev.altKey && step) {
            ev.preventDefault();
            this.props.onMoveSection(this.props.section.id, step);
        } else if (ev.key === "Enter") {
            ev.target.blur();
        }
    }

    remove() {
        const {model, section} = this.props;
        if (model.section === section.id) {
            model.section = false;
        }
        model.apply({kind: "discard", part: "section", id: section.id});
    }
}
