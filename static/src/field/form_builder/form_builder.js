import {
    Component,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useDraggable} from "@web/core/utils/draggable";
import {useService} from "@web/core/utils/hooks";
import {useSortable} from "@web/core/utils/sortable_owl";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {BuilderArchive} from "./builder_archive";
import {FullDialog, UsageDialog} from "./builder_dialogs";
import {BuilderModel} from "./builder_model";
import {BuilderPalette} from "./builder_palette";
import {BuilderPreview} from "./builder_preview";
import {BuilderSection} from "./builder_section";
import {fieldsOf} from "./form_history";
import {placeAt, placeBeside, putBehind} from "./form_place";

/** Custom fields of customers: drag them into sections, see the form beside it. */
export class FormBuilder extends Component {
    static template = "mini_crm.FormBuilder";
    static components = {
        BuilderArchive,
        BuilderPalette,
        BuilderPreview,
        BuilderSection,
    };
    static props = {...standardActionServiceProps};
    static displayName = _t("Custom Fields");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.model = useState(new BuilderModel(this.orm));
        // Rooms above this one put their buttons here: label, icon, action.
        this.tools = registry.category("mini_crm_form_builder_tools").getEntries();
        this.state = useState({tab: "fields", target: null, sectionName: null});
        this.root = useRef("root");
        this.editor = useRef("editor");
        this.newSection = useRef("newSection");
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        for (const event of ["focusin", "change"]) {
            useExternalListener(window, event, ({target}) => {
                this.saved = {target, value: target.value};
            });
        }
        useEffect(
            (input) => input?.focus(),
            () => [this.newSection.el],
        );
        this.dragTypes();
        this.dragFields();
        this.dragSections();
        onWillStart(() => this.model.load());
    }

    get groups() {
        const first = {id: false, name: ""};
        return [first, ...this.model.data.sections].map((section) => ({
            section,
            fields: fieldsOf(this.model.data, section.id),
        }));
    }

    get isEmpty() {
        return !this.model.hasOwnFields && !this.model.draft;
    }

    // Dragging

    dragTypes() {
        useDraggable({
            ref: this.root,
            elements: ".o_mini_crm_builder_type",
            cursor: "grabbing",
            onDrag: ({x, y}) => {
                this.state.target = this.placeAt({x, y});
            },
            onDrop: ({element, x, y}) => {
                const place = this.placeAt({x, y});
                if (place) {
                    this.startField(element.dataset.type, place);
                }
            },
            onDragEnd: () => {
                this.state.target = null;
            },
        });
    }

    placeAt(pointer) {
        const groups = [
            ...this.root.el.querySelectorAll(".o_mini_crm_builder_section"),
        ];
        return placeAt(
            groups.map((element) => ({
                section: Number(element.dataset.section) || false,
                box: element.getBoundingClientRect(),
                fields: [
                    ...element.querySelectorAll(".o_mini_crm_builder_field[data-id]"),
                ].map((field) => field.getBoundingClientRect()),
            })),
            pointer,
        );
    }

    dragFields() {
        useSortable({
            ref: this.editor,
            elements: ".o_mini_crm_builder_field[data-id]",
            handle: ".o_mini_crm_builder_handle",
            groups: ".o_mini_crm_builder_fields",
            connectGroups: true,
            cursor: "grabbing",
            placeholderClasses: ["o_mini_crm_builder_gap"],
            onDrop: ({element, parent, previous}) => {
                const id = Number(element.dataset.id);
                const section_id = Number(parent.dataset.section) || false;
                const ids = fieldsOf(this.model.data, section_id).map((f) => f.id);
                const behind = previous?.dataset.id
                    ? Number(previous.dataset.id)
                    : null;
                const index = putBehind(ids, id, behind).indexOf(id);
                this.place(id, {section_id, index});
            },
        });
    }

    dragSections() {
        useSortable({
            ref: this.editor,
            elements: ".o_mini_crm_builder_section[data-section]",
            handle: ".o_mini_crm_builder_section_handle",
            cursor: "grabbing",
            placeholderClasses: ["o_mini_crm_builder_gap"],
            onDrop: ({element, previous}) => {
                const ids = this.model.data.sections.map(({id}) => id);
                const behind = Number(previous?.dataset.section) || null;
                this.orderSections(
                    putBehind(ids, Number(element.dataset.section), behind),
                );
            },
        });
    }

    // Fields

    /** Begin a field: it is saved when it has a label. */
    startField(type, place) {
        const {slots} = this.model.data;
        const target = place || {
            section_id: this.model.section,
            index: fieldsOf(this.model.data, this.model.section).length,
        };
        if (slots[type].free) {
            this.model.draft = {type, ...target};
            return;
        }
        this.dialog.add(FullDialog, {
            type,
            slots: slots[type],
            onChosen: (extra) => {
                this.model.draft = {type, ...target, ...extra};
            },
        });
    }

    async finishField(name) {
        const {type, section_id, index, overflow, release} = this.model.draft;
        const result = await this.model.apply({
            kind: "create",
            part: "field",
            values: {name, type},
            section_id,
            index,
            ...(overflow && {overflow}),
            ...(release && {release}),
        });
        if (result) {
            this.model.draft = null;
            // A choice is nothing without its choices.
            this.model.openId = type === "select" ? result.id : null;
            this.model.announcement = _t("%s is on the form.", name);
        }
    }

    async place(id, place) {
        const {name} = this.model.data.fields.find((field) => field.id === id);
        if (await this.model.apply({kind: "place", id, ...place})) {
            const fields = fieldsOf(this.model.data, place.section_id);
            this.model.announcement = _t("%(field)s is now number %(n)s of %(all)s.", {
                field: name,
                n: place.index + 1,
                all: fields.length,
            });
        }
    }

    async moveField(id, step) {
        const place = placeBeside(this.model.data, id, step);
        if (place) {
            await this.place(id, place);
            this.focusField(id);
        }
    }

    focusField(id) {
        // After the patch: the card may stand in another section.
        requestAnimationFrame(() =>
            this.root.el
                ?.querySelector(`.o_mini_crm_builder_field[data-id='${id}']`)
                ?.focus(),
        );
    }

    async archiveField(field) {
        const usages = await this.orm.call("mini_crm.field", "usages", [[field.id]]);
        if (usages.length) {
            this.dialog.add(UsageDialog, {
                name: field.name,
                usages,
                onConfirm: () => this.archiveNow(field),
            });
        } else {
            await this.archiveNow(field);
        }
    }

    async archiveNow({id, name}) {
        if (!(await this.model.apply({kind: "archive", id}))) {
            return;
        }
        const close = this.notification.add(
            _t("%s is archived; its values are kept.", name),
            {
                type: "success",
                buttons: [
                    {
                        name: _t("Undo"),
                        primary: true,
                        onClick: () => {
                            close();
                            return this.takeBack({kind: "restore", id});
                        },
                    },
                ],
            },
        );
    }

    /** Undo from a toast: the last change, or one that others have followed. */
    takeBack(operation) {
        const last = this.model.history.undo.at(-1);
        return last?.kind === operation.kind && last.id === operation.id
            ? this.model.step("undo")
            : this.model.apply(operation);
    }

    // Sections

    async addSection(name) {
        this.state.sectionName = null;
        if (name.trim()) {
            const values = {name: name.trim()};
            const result = await this.model.apply({
                kind: "create",
                part: "section",
                values,
            });
            this.model.section = result ? result.id : this.model.section;
        }
    }

    onSectionKeydown(ev) {
        if (ev.key === "Enter") {
            this.addSection(ev.target.value);
        } else if (ev.key === "Escape") {
            this.state.sectionName = null;
        }
    }

    orderSections(ids) {
        return this.model.apply({kind: "order", part: "section", ids});
    }

    moveSection(id, step) {
        const ids = this.model.data.sections.map((section) => section.id);
        const index = ids.indexOf(id) + step;
        if (index >= 0 && index < ids.length) {
            ids.splice(index - step, 1);
            ids.splice(index, 0, id);
            this.orderSections(ids);
        }
    }

    // Page

    onKeydown(ev) {
        const key = ev.key.toLowerCase();
        if (!(ev.ctrlKey || ev.metaKey) || !["z", "y"].includes(key)) {
            return;
        }
        // What is being typed has an undo of its own.
        if (ev.target === this.saved?.target && ev.target.value !== this.saved.value) {
            return;
        }
        ev.preventDefault();
        this.model.step(key === "y" || ev.shiftKey ? "redo" : "undo");
    }

    startFromIndustry() {
        return this.action.doAction("mini_crm.mini_crm_industry_action");
    }
}

registry.category("actions").add("mini_crm_form_builder", FormBuilder);
