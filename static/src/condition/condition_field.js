import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {ConditionCount} from "./condition_count";
import {ConditionEditor} from "./condition_editor";

/** A stored condition in a form: its sentence and who fits it; a tap opens the editor. */
export class ConditionField extends Component {
    static template = "mini_crm.ConditionField";
    static components = {ConditionCount, ConditionEditor};
    static props = {...standardFieldProps, sentence: {type: String, optional: true}};

    setup() {
        this.state = useState({open: this.props.record.isNew && !this.props.readonly});
    }

    /** What those read who may not change it: they may not count either. */
    get sentence() {
        return this.props.record.data[this.props.sentence];
    }

    get domain() {
        return this.props.record.data[this.props.name] || "[]";
    }

    /** A row that lacks its value keeps the form from being saved without that row. */
    async update(domain, complete) {
        const {record, name} = this.props;
        await record.update({[name]: domain});
        if (complete) {
            record.resetFieldValidity(name);
        } else {
            record.setInvalidField(name);
        }
    }
}

registry.category("fields").add("mini_crm_condition", {
    component: ConditionField,
    displayName: _t("Condition"),
    supportedTypes: ["char", "text"],
    isEmpty: () => false,
    extractProps: ({options}) => ({sentence: options.sentence_field}),
});
