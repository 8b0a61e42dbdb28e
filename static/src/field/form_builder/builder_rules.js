import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {KeepLast} from "@web/core/utils/concurrency";
import {parseFloat} from "@web/views/fields/parsers";
import {patternPresets, rulesOf} from "./field_types";

/** Persian and Arabic digits as Latin ones. */
function latinDigits(text) {
    return text
        .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x06f0)
        .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x0660);
}

/** The rules that a value must keep, and a box where one tries a value. */
export class BuilderRules extends Component {
    static template = "mini_crm.BuilderRules";
    static props = {field: Object, model: Object};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.presets = patternPresets();
        this.state = useState({tried: "", answer: null});
    }

    get rules() {
        const values = this.props.field.rules || {};
        return rulesOf(this.props.field.type).map((rule) => ({
            ...rule,
            value: values[rule.name] ?? "",
        }));
    }

    get preset() {
        return this.props.field.rules?.pattern || "";
    }

    async setRule({name, input}, text) {
        const {model, field} = this.props;
        const rules = {...field.rules};
        delete rules[name];
        if (text.trim()) {
            rules[name] = input === "number" ? this.number(name, text) : text.trim();
        }
        if (Number.isNaN(rules[name])) {
            model.errors[`field-${field.id}`] = _t("%s is not a number.", text);
            return;
        }
        const known = Object.keys(rules).length ? rules : false;
        if (await model.write("field", field.id, {rules: known})) {
            await this.tryValue(this.state.tried);
        }
    }

    number(name, text) {
        try {
            const number = parseFloat(latinDigits(text));
            return name.endsWith("_length") && !Number.isInteger(number) ? NaN : number;
        } catch {
            return NaN;
        }
    }

    async tryValue(text) {
        this.state.tried = text;
        this.state.answer = text
            ? await this.keepLast.add(
                  this.orm.call("mini_crm.field", "builder_try", [
                      this.props.field.id,
                      text,
                  ]),
              )
            : null;
    }
}
