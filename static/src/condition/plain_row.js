import {Component} from "@odoo/owl";
import {groupFields} from "./condition_fields";
import {isRowComplete} from "./plain_domain";
import {firstValue, operatorsFor} from "./plain_operators";
import {PlainValue} from "./plain_value";

/** One condition: a field, what is said of it, the value, and a button to take it away. */
export class PlainRow extends Component {
    static template = "mini_crm.PlainRow";
    static components = {PlainValue};
    static props = {
        row: Object,
        fields: Array,
        onChange: Function,
        onRemove: Function,
    };

    get field() {
        return this.props.fields.find(({name}) => name === this.props.row.field);
    }

    get groups() {
        return groupFields(
            this.props.fields.filter((field) => operatorsFor(field).length),
        );
    }

    get operators() {
        return this.field ? operatorsFor(this.field) : [];
    }

    get operator() {
        return this.operators.find(({name}) => name === this.props.row.operator);
    }

    get isComplete() {
        return isRowComplete(this.props.row, this.props.fields);
    }

    setField(name) {
        this.props.onChange(newRow(name, this.props.fields));
    }

    /** Another operator keeps the value if it is of the same kind. */
    setOperator(name) {
        const operator = this.operators.find((one) => one.name === name);
        const {row} = this.props;
        const value =
            operator.input === this.operator?.input ? row.value : firstValue(operator);
        this.props.onChange({...row, operator: name, value});
    }

    setValue(value) {
        this.props.onChange({...this.props.row, value});
    }
}

/**
 * A row that says the first thing there is to say of a field.
 *
 * @param {string} name of the field
 * @param {Object[]} fields
 * @returns {{field: string, operator: string, value: any}}
 */
export function newRow(name, fields) {
    const [operator] = operatorsFor(fields.find((field) => field.name === name));
    return {field: name, operator: operator.name, value: firstValue(operator)};
}
