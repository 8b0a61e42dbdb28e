import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {formatFloat} from "@web/core/utils/numbers";
import {parseFloat} from "@web/views/fields/parsers";

const {Info} = luxon;
const PERSIAN_DIGITS = /[\u06f0-\u06f9\u0660-\u0669]/g;

/**
 * A number as people write it, Persian digits and separators of thousands included.
 *
 * @param {string} text
 * @returns {number | null} null: it is no number
 */
export function readNumber(text) {
    const latin = text
        .replace(PERSIAN_DIGITS, (digit) => String(digit.charCodeAt(0) % 16))
        .replaceAll("٬", "")
        .replaceAll("٫", localization.decimalPoint)
        .trim();
    if (!latin) {
        return null;
    }
    try {
        return parseFloat(latin);
    } catch {
        return null;
    }
}

/** The input for the value of a row: the right one for what its operator needs. */
export class PlainValue extends Component {
    static template = "mini_crm.PlainValue";
    static components = {MultiRecordSelector};
    static props = {
        field: Object,
        operator: Object,
        value: {optional: true},
        onChange: Function,
    };

    get label() {
        return this.props.field.label;
    }

    get numberText() {
        const {value} = this.props;
        return Number.isFinite(value)
            ? formatFloat(value, {digits: [69, 6], trailingZeros: false})
            : "";
    }

    get choices() {
        return this.props.field.choices || [];
    }

    get months() {
        return Info.months("long").map((label, index) => [index + 1, label]);
    }

    get daysText() {
        const days = this.props.value?.days;
        return days ? String(days) : "";
    }

    get anyTime() {
        return _t("any");
    }

    /** Type a number: what is none is told by the empty field that it becomes. */
    setNumber(ev) {
        this.props.onChange(readNumber(ev.target.value));
        ev.target.value = this.numberText;
    }

    setDays(ev) {
        const days = readNumber(ev.target.value);
        const isDays = Number.isInteger(days) && days >= 0 && days <= 36500;
        this.props.onChange(isDays ? days : null);
        ev.target.value = isDays ? days : "";
    }

    setPart(part, value) {
        this.props.onChange({...this.props.value, [part]: value});
    }

    setPeriod(ev) {
        const days = readNumber(ev.target.value);
        const isDays = Number.isInteger(days) && days > 0 && days <= 36500;
        this.setPart("days", isDays ? days : null);
        ev.target.value = isDays ? days : "";
    }

    isChosen(value) {
        return this.props.value.includes(value);
    }

    toggle(value) {
        const {value: chosen, onChange} = this.props;
        onChange(
            chosen.includes(value)
                ? chosen.filter((other) => other !== value)
                : [...chosen, value],
        );
    }
}
