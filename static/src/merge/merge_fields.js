import {Component} from "@odoo/owl";

/** Fields with the value of each customer; a tap chooses one. */
export class MergeFields extends Component {
    static template = "mini_crm.MergeFields";
    static props = {
        fields: Array,
        people: Array,
        onChoose: Function,
    };

    get nameOf() {
        return Object.fromEntries(this.props.people.map(({id, name}) => [id, name]));
    }
}
