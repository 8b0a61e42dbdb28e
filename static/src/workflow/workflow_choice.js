import {Component, useState} from "@odoo/owl";
import {START, targetOf} from "./workflow_graph";
import {iconOf, summaryOf, toneOf} from "./workflow_looks";

/** What comes at a place: a new step of some kind, an existing one, or the end. */
export class WorkflowChoice extends Component {
    static template = "mini_crm.WorkflowChoice";
    static props = {
        model: Object,
        // {node, edge}
        place: Object,
        onChosen: Function,
        // Popovers pass it, sheets do not: who opened the choice closes it.
        close: {type: Function, optional: true},
    };

    setup() {
        this.model = this.props.model;
        this.state = useState({leading: false});
    }

    get groups() {
        const {groups, nodes} = this.model.data;
        return groups.map(([name, label]) => ({
            name,
            label,
            tone: toneOf(name),
            kinds: nodes.filter((kind) => kind.group === name),
        }));
    }

    get target() {
        return targetOf(this.model.definition, this.props.place);
    }

    /** Steps to which the edge can be led: every other one. */
    get targets() {
        const {definition} = this.model;
        return Object.keys(definition.nodes)
            .filter((id) => id !== this.props.place.node && id !== this.target)
            .map((id) => {
                const kind = this.model.kindOf(id);
                const summary = summaryOf(kind, this.model.nodeOf(id), this.model.data);
                return {id, icon: iconOf(kind.name), label: kind.label, summary};
            });
    }

    /** The trigger has one way: led elsewhere, everything would be gone. */
    get mayLead() {
        return this.props.place.node !== START && this.targets.length > 0;
    }

    icon(name) {
        return iconOf(name);
    }

    choose(kind) {
        this.props.onChosen({kind});
    }

    lead(target) {
        this.props.onChosen({target});
    }
}
