import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {WorkflowBar} from "./workflow_bar";
import {WorkflowCanvas} from "./workflow_canvas";
import {WorkflowChoice} from "./workflow_choice";
import {nearest, useWorkflowDrag} from "./workflow_drag";
import {lastOf, START} from "./workflow_graph";
import {WorkflowModel} from "./workflow_model";
import {WorkflowOutline} from "./workflow_outline";
import {WorkflowPalette} from "./workflow_palette";
import {WorkflowPanel} from "./workflow_panel";

const NEAR = 90; // pixels from a plus at which it takes what is dropped
const REFRESH = 15000; // milliseconds between two looks at the numbers

const CARDS = ".o_mini_crm_workflow_view, .o_mini_crm_workflow_card";

const INPUTS = "textarea, select, input:not([type='checkbox'])";

const placeOf = (key) => {
    const at = key.lastIndexOf("/");
    return {node: key.slice(0, at), edge: key.slice(at + 1)};
};

/** The definition of a workflow, drawn: its steps, their settings, what is wrong. */
export class WorkflowEditor extends Component {
    static template = "mini_crm.WorkflowEditor";
    static components = {
        WorkflowBar,
        WorkflowCanvas,
        WorkflowOutline,
        WorkflowPalette,
        WorkflowPanel,
    };
    static props = {...standardFieldProps};

    setup() {
        this.ui = useState(useService("ui"));
        // Not by the hook, which stops calls of a component that is gone: the last
        // change is saved when the page is left.
        const {orm} = this.env.services;
        this.model = useState(new WorkflowModel(orm, () => this.ensureId()));
        this.state = useState({dropAt: null, ghost: null});
        this.root = useRef("root");
        this.choice = usePopover(WorkflowChoice, {
            position: "bottom",
            useBottomSheet: this.env.isSmall,
            popoverClass: "o_mini_crm_choice_popover",
        });
        this.sheet = usePopover(WorkflowPanel, {useBottomSheet: true});
        const {bus} = this.props.record.model;
        useBus(bus, "NEED_LOCAL_CHANGES", ({detail}) => {
            // Making a new record asks for changes, too: ours wait for that record.
            if (!this.isCreating) {
                detail.proms.push(this.model.save());
            }
        });
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.model.save());
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        useExternalListener(window, "focusin", ({target}) => {
            this.entered = {target, value: target.value};
        });
        this.drag();
        this.watchNumbers();
        onWillStart(() => this.model.load(this.props.record.resId));
        onWillUnmount(() => this.model.save());
    }

    /** The id of the workflow; a new one is saved first. */
    async ensureId() {
        const {record} = this.props;
        if (!record.resId) {
            this.isCreating = true;
            try {
                await record.save();
            } finally {
                this.isCreating = false;
            }
        }
        return record.resId;
    }

    get conflictText() {
        return _t(
            "%s has changed this workflow while you worked on it. What you see here is yours and not saved.",
            this.model.conflict.author,
        );
    }

    /** Numbers of the published version, while somebody looks. */
    watchNumbers() {
        const look = () => {
            const {resId} = this.props.record;
            if (resId && this.model.data.version && !document.hidden) {
                this.model.loadNumbers(resId);
            }
        };
        onMounted(() => {
            look();
            this.timer = browser.setInterval(look, REFRESH);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    // Opening

    /** Show the settings of a card. */
    open(id, element = this.root.el) {
        this.model.selected = id;
        if (this.ui.isSmall) {
            this.sheet.open(element, {
                model: this.model,
                isSheet: true,
                onDone: () => this.sheet.close(),
            });
        }
    }

    openChoice(place, element) {
        this.choice.open(element, {
            model: this.model,
            place,
            onChosen: ({kind, target}) => {
                this.choice.close();
                if (kind) {
                    this.addStep(place, kind);
                } else {
                    this.model.lead(place, target);
                }
            },
        });
    }

    /** From the palette: behind what is selected, else at the end of the main way. */
    pick(kind) {
        const {definition, selected} = this.model;
        const usual = (id) => this.model.usualEdge(definition.nodes[id]?.kind);
        const node = selected ?? lastOf(definition, usual);
        const edge = node === START ? "next" : usual(node);
        this.addStep({node, edge}, kind);
    }

    addStep(place, kind) {
        this.open(this.model.add(place, {kind}));
        if (!this.ui.isSmall) {
            // After the patch: its settings are on the screen by then.
            requestAnimationFrame(() => this.enterSettings());
        }
    }

    // Dragging

    drag() {
        useWorkflowDrag({
            ref: this.root,
            elements:
                ".o_mini_crm_workflow_kind, .o_mini_crm_workflow_card:not(.o_mini_crm_workflow_trigger)",
            enable: () => this.model.mayEdit,
            cursor: "grabbing",
            onDragStart: ({element, x, y}) => {
                this.state.ghost = {text: element.innerText.split("\n")[0], x, y};
            },
            onDrag: ({x, y}) => {
                Object.assign(this.state.ghost, {x, y});
                this.state.dropAt = this.placeNear({x, y});
            },
            onDrop: ({element}) => {
                if (this.state.dropAt) {
                    this.dropped(element.dataset, placeOf(this.state.dropAt));
                }
            },
            onDragEnd: () => {
                Object.assign(this.state, {dropAt: null, ghost: null});
            },
        });
    }

    placeNear(pointer) {
        const pluses = [...this.root.el.querySelectorAll(".o_mini_crm_workflow_plus")];
        const places = pluses.map((plus) => ({
            key: plus.dataset.place,
            box: plus.getBoundingClientRect(),
        }));
        return nearest(places, pointer, NEAR);
    }

    dropped({node, kind}, place) {
        if (node) {
            this.model.move(node, place);
        } else {
            this.addStep(place, kind);
        }
    }

    // Keyboard

    onKeydown(ev) {
        if (!this.root.el?.contains(ev.target) && ev.target !== document.body) {
            return;
        }
        const key = ev.key.toLowerCase();
        const isTyping = ev.target.closest(
            "input, textarea, select, [contenteditable]",
        );
        if (ev.ctrlKey || ev.metaKey) {
            this.onCommand(ev, key, isTyping);
        } else if (isTyping) {
            this.leaveSettings(key);
        } else {
            this.onKey(ev, key);
        }
    }

    onKey(ev, key) {
        if (["delete", "backspace"].includes(key)) {
            ev.preventDefault();
            this.model.remove(this.model.selected);
        } else if (key === "enter" && ev.target.matches(CARDS)) {
            ev.preventDefault();
            this.open(ev.target.dataset.node ?? this.model.selected);
            this.enterSettings();
        }
    }

    /** Escape leads from the settings back to the drawing. */
    leaveSettings(key) {
        if (key === "escape") {
            this.root.el.querySelector(".o_mini_crm_workflow_view")?.focus();
        }
    }

    onCommand(ev, key, isTyping) {
        const {target, value} = this.entered || {};
        // What is being typed has an undo of its own.
        const isTyped = isTyping && (ev.target !== target || target.value !== value);
        const commands = {
            z: () => !isTyped && this.model.step(ev.shiftKey ? "redo" : "undo"),
            y: () => !isTyped && this.model.step("redo"),
            c: () => !isTyping && !String(window.getSelection()) && this.model.copy(),
            v: () => !isTyping && this.model.paste(),
        };
        const command = commands[key];
        if (command && !(isTyping && (isTyped || "cv".includes(key)))) {
            ev.preventDefault();
            command();
        }
    }

    /** Into the settings of the selected card. */
    enterSettings() {
        const {el} = this.root;
        const input = el.querySelector(`.o_mini_crm_workflow_settings :is(${INPUTS})`);
        const other = el.querySelector(".o_mini_crm_workflow_panel button");
        (input || other)?.focus();
    }
}

registry.category("fields").add("mini_crm_workflow_editor", {
    component: WorkflowEditor,
    displayName: _t("Workflow Editor"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
