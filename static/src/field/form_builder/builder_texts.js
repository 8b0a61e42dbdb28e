import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {jsToPyLocale} from "@web/core/l10n/utils";
import {user} from "@web/core/user";

/** The texts of a field, and the labels of its choices, in the other languages. */
export class BuilderTexts extends Component {
    static template = "mini_crm.BuilderTexts";
    static props = {field: Object, model: Object};

    get languages() {
        const own = jsToPyLocale(user.lang);
        return this.props.model.data.languages.filter(({code}) => code !== own);
    }

    get rows() {
        const {field} = this.props;
        const names = {
            name: _t("Label"),
            help: _t("Help"),
            placeholder: _t("Placeholder"),
        };
        const ofField = Object.entries(names)
            .filter(([name]) => field[name])
            .map(([name, label]) => ({part: "field", record: field, name, label}));
        const ofOptions = field.options
            .filter(({active}) => active)
            .map((record) => ({
                part: "option",
                record,
                name: "name",
                label: record.name,
            }));
        return [...ofField, ...ofOptions];
    }

    value({record, name}, code) {
        return record.texts[name]?.[code] || "";
    }

    write({part, record, name}, code, ev) {
        const text = ev.target.value.trim();
        const {field, model} = this.props;
        const operation = {kind: "translate", part, id: record.id, name};
        model.apply(
            {...operation, texts: {[code]: text || false}},
            `field-${field.id}`,
        );
    }
}
