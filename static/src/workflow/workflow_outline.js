import {Component, useState} from "@odoo/owl";
import {WorkflowCard} from "./workflow_card";
import {outlineOf} from "./workflow_structure";

/** The workflow from top to bottom as indented cards, for one thumb. */
export class WorkflowOutline extends Component {
    static template = "mini_crm.WorkflowOutline";
    static components = {WorkflowCard};
    static props = {model: Object, onOpen: Function, onPlus: Function};

    setup() {
        this.model = useState(this.props.model);
    }

    get lines() {
        const {blocks, kinds, definition} = this.model;
        return outlineOf(blocks, kinds, definition).map((line) => ({
            ...line,
            key: `${line.type}/${line.id}/${line.edge || ""}`,
        }));
    }

    edgeLabel({id, edge}) {
        return this.model.edgeLabel(id, edge);
    }

    targetLabel({target}) {
        return this.model.kindOf(target).label;
    }
}
