import {Component, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {ConditionEditor} from "../condition/condition_editor";
import {WorkflowAnswers, WorkflowChoices} from "./workflow_rows";
import {askedBefore} from "./workflow_graph";
import {questionText, units, weekdays} from "./workflow_looks";

const LINES = {text: 4, note: 3, invalid_text: 2, remind_text: 2};
const DIGITS = {"۰": 0x06f0, "٠": 0x0660};

/** A whole number as people write it, in Latin, Persian or Arabic digits; else null. */
export function wholeNumber(text) {
    const latin = text.trim().replace(/[۰-۹٠-٩]/g, (digit) => {
        const zero = digit >= "۰" ? DIGITS["۰"] : DIGITS["٠"];
        return String(digit.codePointAt(0) - zero);
    });
    return /^-?\d+$/.test(latin) ? Number(latin) : null;
}

/** One setting of a trigger or node: the input that suits its kind. */
export class WorkflowSetting extends Component {
    static template = "mini_crm.WorkflowSetting";
    static components = {
        ConditionEditor,
        Dropdown,
        DropdownItem,
        RecordSelector,
        WorkflowAnswers,
        WorkflowChoices,
    };
    static props = {
        // As `get_editor_data` gives it.
        setting: Object,
        value: {optional: true},
        // The other settings of the same node.
        node: Object,
        // Of the node whose setting it is.
        id: String,
        model: Object,
        onChange: Function,
    };

    setup() {
        this.text = useRef("text");
        this.state = useState({wrong: ""});
    }

    get setting() {
        return this.props.setting;
    }

    get value() {
        return this.props.value ?? this.setting.default;
    }

    get inputId() {
        return `mini_crm_workflow_${this.props.id}_${this.setting.name}`;
    }

    get readonly() {
        return !this.props.model.mayEdit;
    }

    get data() {
        return this.props.model.data;
    }

    get lines() {
        return LINES[this.setting.name] || 1;
    }

    get problems() {
        return this.props.model
            .problemsOf(this.props.id)
            .filter(({setting}) => setting === this.setting.name);
    }

    set(value) {
        this.props.onChange(this.setting.name, value);
    }

    // Texts

    /** [name, label] of what can stand in a text: earlier answers come last. */
    get variables() {
        const {model, id} = this.props;
        const answers = askedBefore(model.definition, id).map((question) => [
            `answer:${question}`,
            _t("Answer to “%s”", questionText(model, question)),
        ]);
        return [...this.data.variables, ...answers];
    }

    /** Put a variable where the cursor is. */
    insert(name) {
        const area = this.text.el;
        area.focus();
        area.setRangeText(`{${name}}`, area.selectionStart, area.selectionEnd, "end");
        this.set(area.value);
    }

    get wordsText() {
        return (this.value || []).join(_t(", "));
    }

    setWords(text) {
        const words = text.split(/[,،;\n]/).map((word) => word.trim());
        this.set([...new Set(words.filter(Boolean))]);
    }

    // Numbers and times

    setNumber(text) {
        const {least, most, required} = this.setting;
        const number = wholeNumber(text);
        const isEmpty = !text.trim() && !required;
        if (isEmpty || (number !== null && number >= least && number <= most)) {
            this.state.wrong = "";
            this.set(isEmpty ? null : number);
        } else {
            this.state.wrong = _t("A whole number from %(least)s to %(most)s.", {
                least,
                most,
            });
        }
    }

    get units() {
        return units();
    }

    setAmount(text) {
        const amount = wholeNumber(text);
        if (!text.trim() && !this.setting.default) {
            this.state.wrong = "";
            this.set(null);
        } else if (amount > 0) {
            this.state.wrong = "";
            this.set({unit: "hours", ...this.value, amount});
        } else {
            this.state.wrong = _t("A whole number above 0.");
        }
    }

    setUnit(unit) {
        this.set({amount: 1, ...this.value, unit});
    }

    get weekdays() {
        return weekdays();
    }

    toggle(option) {
        const chosen = this.value || [];
        const next = chosen.includes(option)
            ? chosen.filter((other) => other !== option)
            : [...chosen, option];
        this.set(this.setting.kind === "weekdays" ? next.sort() : next);
    }

    // Records and fields

    /** [name, label] of what can be chosen, where it is a list. */
    get options() {
        const {kind, name, model, options} = this.setting;
        if (model === "mini_crm.segment") {
            return this.data.segments;
        }
        if (name === "date") {
            return this.data.dates;
        }
        if (kind === "field" || (kind === "names" && !options.length)) {
            return this.data.fields.map((field) => [field.name, field.label]);
        }
        return options;
    }

    get isList() {
        const {kind, model} = this.setting;
        return (
            ["choice", "field"].includes(kind) ||
            (kind === "record" && model === "mini_crm.segment")
        );
    }

    /** An id is a number, in a list as well. */
    setOption(text) {
        const option = this.options.find(([value]) => String(value) === text);
        this.set(option ? option[0] : null);
    }

    // Conditions

    get sentence() {
        return this.data.sentences[this.value] || "";
    }
}
