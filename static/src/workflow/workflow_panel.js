import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {START} from "./workflow_graph";
import {iconOf, settingsOf, toneOf} from "./workflow_looks";
import {WorkflowSetting} from "./workflow_setting";
import {WorkflowWhole} from "./workflow_whole";

/** The settings of what is selected: beside the drawing, or a sheet on a phone. */
export class WorkflowPanel extends Component {
    static template = "mini_crm.WorkflowPanel";
    static components = {WorkflowSetting, WorkflowWhole};
    static props = {
        model: Object,
        // Popovers pass it, sheets do not: who opened the panel closes it.
        close: {type: Function, optional: true},
        onDone: {type: Function, optional: true},
        isSheet: {type: Boolean, optional: true},
    };

    setup() {
        this.model = useState(this.props.model);
        this.state = useState({choosing: false});
        this.root = useRef("root");
        useEffect(
            () => {
                this.state.choosing = false;
            },
            () => [this.model.selected],
        );
    }

    get id() {
        return this.model.selected;
    }

    get isTrigger() {
        return this.id === START;
    }

    get node() {
        return this.model.nodeOf(this.id);
    }

    get kind() {
        return this.model.kindOf(this.id);
    }

    get icon() {
        return iconOf(this.node.kind);
    }

    get tone() {
        return toneOf(this.kind.group);
    }

    get settings() {
        return settingsOf(this.kind, this.node);
    }

    get isChoosing() {
        return this.isTrigger && (this.state.choosing || !this.kind.name);
    }

    /** What is wrong with the whole step, and not with one of its settings. */
    get problems() {
        const shown = new Set(this.kind.settings.map(({name}) => name));
        return this.model
            .problemsOf(this.id)
            .filter(({setting}) => !shown.has(setting));
    }

    triggerIcon(name) {
        return iconOf(name);
    }

    chooseTrigger(name) {
        this.state.choosing = false;
        if (name !== this.node.kind) {
            this.model.setTrigger(name);
        }
    }

    set(name, value) {
        this.model.set(this.id, name, value);
    }

    remove() {
        this.model.remove(this.id);
        this.props.onDone?.();
    }
}
