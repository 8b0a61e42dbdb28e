import {Component, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {InvalidNumberError, parseFloat} from "@web/views/fields/parsers";
import {asciiDigits} from "../../shared/digits";
import {findRecords} from "./filter_offer";

const TOP = 10; // records shown without a search

function range(min, max) {
    return {...(min !== undefined && {min}), ...(max !== undefined && {max})};
}

/**
 * A number as people write it, in Persian digits as well.
 *
 * @param {string} text
 * @returns {number | undefined | null} undefined: nothing written; null: no number
 */
export function readNumber(text) {
    const digits = asciiDigits(text.trim()).replaceAll("٫", ".").replaceAll("٬", "");
    if (!digits) {
        return undefined;
    }
    try {
        return parseFloat(digits);
    } catch (error) {
        if (error instanceof InvalidNumberError) {
            return null;
        }
        throw error;
    }
}

/** Two thumbs on one line: from 0 to 100. */
export class RangeSlider extends Component {
    static template = "mini_crm.RangeSlider";
    static props = {value: {type: Object, optional: true}, onChange: {type: Function}};

    get from() {
        return this.props.value?.min ?? 0;
    }

    get to() {
        return this.props.value?.max ?? 100;
    }

    change(from, to) {
        this.props.onChange(
            range(from > 0 ? from : undefined, to < 100 ? to : undefined),
        );
    }

    onFrom({target}) {
        const from = Math.min(Number(target.value), this.to);
        target.value = from;
        this.change(from, this.to);
    }

    onTo({target}) {
        const to = Math.max(Number(target.value), this.from);
        target.value = to;
        this.change(this.from, to);
    }
}

/** From a number to a number, each may be left out. */
export class NumberRange extends Component {
    static template = "mini_crm.NumberRange";
    static props = {
        value: {type: Object, optional: true},
        label: {type: String},
        unit: {type: String, optional: true},
        onChange: {type: Function},
    };

    setup() {
        this.state = useState({wrong: {}});
    }

    onInput(side, {target}) {
        const number = readNumber(target.value);
        this.state.wrong[side] = number === null;
        if (number !== null) {
            const {min, max} = {...this.props.value, [side]: number};
            this.props.onChange(range(min, max));
        }
    }
}

/** Choices as chips; as many as one likes, or one. */
export class ChoiceChips extends Component {
    static template = "mini_crm.ChoiceChips";
    static props = {
        choices: {type: Array},
        values: {type: Array},
        single: {type: Boolean, optional: true},
        label: {type: String},
        onChange: {type: Function},
    };

    toggle(value) {
        const {values, single, onChange} = this.props;
        if (values.includes(value)) {
            onChange(values.filter((other) => other !== value));
        } else {
            onChange(single ? [value] : [...values, value]);
        }
    }
}

/** Records as chips: those chosen, the commonest, and others by their names. */
export class RecordChips extends Component {
    static template = "mini_crm.RecordChips";
    static components = {ChoiceChips};
    static props = {
        kind: {type: String},
        label: {type: String},
        offered: {type: Array},
        names: {type: Object},
        ids: {type: Array},
        mode: {type: String, optional: true},
        empty: {type: String, optional: true},
        onChange: {type: Function},
        onMode: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({text: "", found: null});
        this.find = useDebounced(() => this.search(), 200);
        this.modes = [
            {value: "any", label: _t("Any of them")},
            {value: "all", label: _t("All of them")},
            {value: "none", label: _t("None of them")},
        ];
    }

    get choices() {
        const {ids, names, offered, empty} = this.props;
        const top = offered.slice(0, TOP);
        const shown = new Map(
            (this.state.found || top).map((record) => [record.id, record]),
        );
        const others = ids.filter((id) => id && !shown.has(id));
        const chosen = others.map(
            (id) =>
                offered.find((r) => r.id === id) || {id, name: names[id] ?? `#${id}`},
        );
        return [
            ...(empty && !this.state.found ? [{value: false, label: empty}] : []),
            ...[...chosen, ...shown.values()].map(({id, name, count, color}) => ({
                value: id,
                label: name,
                count,
                color,
            })),
        ];
    }

    get canSearch() {
        return this.props.offered.length > TOP;
    }

    onInput({target}) {
        this.state.text = target.value;
        this.find();
    }

    async search() {
        const text = this.state.text.trim();
        const found = text ? await findRecords(this.orm, this.props.kind, text) : null;
        if (text === this.state.text.trim()) {
            this.state.found = found;
        }
    }

    onChange(ids) {
        const names = Object.fromEntries(
            this.choices.map(({value, label}) => [value, label]),
        );
        this.props.onChange(ids, names);
    }
}

/** Filter of a custom field, by its type. */
export class FieldFilter extends Component {
    static template = "mini_crm.FieldFilter";
    static components = {ChoiceChips, DateTimeInput, NumberRange};
    static props = {
        field: {type: Object},
        months: {type: Array},
        value: {type: Object, optional: true},
        onChange: {type: Function},
    };

    setup() {
        this.booleans = [
            {value: true, label: _t("Yes")},
            {value: false, label: _t("No")},
        ];
        this.monthChoices = this.props.months.map(({label}, index) => ({
            value: index + 1,
            label,
        }));
    }

    get isText() {
        return ["text", "email", "phone", "url"].includes(this.props.field.type);
    }

    onWords({target}) {
        this.props.onChange({text: target.value.trim()});
    }

    onBoolean([value]) {
        this.props.onChange(value === undefined ? undefined : {is: value});
    }

    onMonth([month]) {
        this.props.onChange(month ? {month} : undefined);
    }

    day(side) {
        const text = this.props.value?.[side];
        return text ? deserializeDate(text) : false;
    }

    onDay(side, date) {
        const days = {from: this.props.value?.from, to: this.props.value?.to};
        days[side] = date ? serializeDate(date) : undefined;
        this.props.onChange({
            ...(days.from && {from: days.from}),
            ...(days.to && {to: days.to}),
        });
    }
}
