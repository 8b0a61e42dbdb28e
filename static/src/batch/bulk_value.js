import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {BulkPick} from "./bulk_pick";

const INPUTS = {
    number: "number",
    date: "date",
    email: "email",
    url: "url",
    phone: "tel",
};

/** Second question of "Change many": with what. */
export class BulkValue extends Component {
    static template = "mini_crm.BulkValue";
    static components = {BulkPick};
    static props = {
        action: Object,
        fields: Array,
        stages: Array,
        values: Object, // what is chosen so far; changed by onChange only
        onChange: Function, // gets the values that are different
    };

    get kind() {
        return this.props.action.value;
    }

    get field() {
        const {field} = this.props.values;
        return this.props.fields.find(({name}) => name === field);
    }

    get fieldOptions() {
        return this.props.fields.map(({name, label}) => [name, label]);
    }

    get inputType() {
        return INPUTS[this.field.type] || "text";
    }

    get yesOrNo() {
        return [
            ["yes", _t("Yes")],
            ["no", _t("No")],
        ];
    }

    get nobodyLabel() {
        return _t("Nobody");
    }

    get emptyLabel() {
        return _t("Empty it");
    }

    pick(name, id, label) {
        this.props.onChange({[name]: id, picked: label});
    }

    pickTag(id, label) {
        this.props.onChange(id ? {tag_id: id, tag: ""} : {tag_id: false, tag: label});
    }

    chooseField(name) {
        this.props.onChange({field: name, value: undefined});
    }
}
