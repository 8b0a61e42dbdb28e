import {Component, useState} from "@odoo/owl";
import {BuilderOptions} from "./builder_options";
import {BuilderRules} from "./builder_rules";
import {BuilderTexts} from "./builder_texts";
import {fieldViews, rulesOf} from "./field_types";

/** What a field is besides its label: simple things first, the rest folded. */
export class BuilderFieldDetails extends Component {
    static template = "mini_crm.BuilderFieldDetails";
    static components = {BuilderOptions, BuilderRules, BuilderTexts};
    static props = {field: Object, model: Object, onArchive: Function};

    setup() {
        this.state = useState({more: false});
        this.views = fieldViews();
    }

    get hasRules() {
        return rulesOf(this.props.field.type).length > 0;
    }

    write(values) {
        const {model, field} = this.props;
        return model.write("field", field.id, values);
    }

    writeText(name, ev) {
        const text = ev.target.value.trim();
        if (text !== (this.props.field[name] || "")) {
            this.write({[name]: text || false});
        }
    }
}
