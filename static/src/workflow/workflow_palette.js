import {Component} from "@odoo/owl";
import {iconOf, toneOf} from "./workflow_looks";

/** The kinds of steps: drag one onto a plus, or tap it. */
export class WorkflowPalette extends Component {
    static template = "mini_crm.WorkflowPalette";
    static props = {model: Object, onPick: Function};

    get groups() {
        const {groups, nodes} = this.props.model.data;
        return groups.map(([name, label]) => ({
            name,
            label,
            tone: toneOf(name),
            kinds: nodes.filter((kind) => kind.group === name),
        }));
    }

    icon(name) {
        return iconOf(name);
    }
}
