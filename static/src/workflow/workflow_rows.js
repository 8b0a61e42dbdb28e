import {Component, useState} from "@odoo/owl";
import {questionText} from "./workflow_looks";

/** The choices of a question: a label each, in their order. */
export class WorkflowChoices extends Component {
    static template = "mini_crm.WorkflowChoices";
    static props = {
        model: Object,
        // Lists of {label, value}.
        rows: Array,
        // Key of the field in which the answer is saved, or empty.
        field: String,
        onChange: Function,
    };

    setup() {
        this.state = useState({label: ""});
    }

    get readonly() {
        return !this.props.model.mayEdit;
    }

    /** Choices that the field has and the question has not. */
    get missing() {
        const field = this.props.model.data.fields.find(
            ({name}) => name === this.props.field,
        );
        const known = new Set(this.props.rows.map(({value}) => value));
        return (field?.choices || [])
            .filter(([value]) => !known.has(value))
            .map(([value, label]) => ({label, value}));
    }

    add() {
        const label = this.state.label.trim();
        this.state.label = "";
        if (label && !this.props.rows.some((row) => row.label === label)) {
            this.props.onChange([...this.props.rows, {label, value: label}]);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.add();
        }
    }

    takeAll() {
        this.props.onChange([...this.props.rows, ...this.missing]);
    }

    /** Another label; where it was the value as well, it stays so. */
    rename(index, label) {
        const rows = this.props.rows.map((row, at) =>
            at === index
                ? {label, value: row.value === row.label ? label : row.value}
                : row,
        );
        this.props.onChange(rows.filter((row) => row.label.trim()));
    }

    remove(index) {
        this.props.onChange(this.props.rows.filter((_row, at) => at !== index));
    }
}

/** Earlier answers that a condition asks for: a question and what was answered. */
export class WorkflowAnswers extends Component {
    static template = "mini_crm.WorkflowAnswers";
    static props = {
        model: Object,
        // Lists of {label: id of the node that asks, value}.
        rows: Array,
        onChange: Function,
    };

    get readonly() {
        return !this.props.model.mayEdit;
    }

    /** Nodes that ask: {id, label}. */
    get questions() {
        const {model} = this.props;
        return Object.entries(model.definition.nodes)
            .filter(([, node]) => node.kind === "ask")
            .map(([id]) => ({
                id,
                label: questionText(model, id),
            }));
    }

    change(index, values) {
        this.props.onChange(
            this.props.rows.map((row, at) =>
                at === index ? {...row, ...values} : row,
            ),
        );
    }

    add() {
        const [question] = this.questions;
        this.props.onChange([...this.props.rows, {label: question.id, value: ""}]);
    }

    remove(index) {
        this.props.onChange(this.props.rows.filter((_row, at) => at !== index));
    }
}
