import {Component, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {Avatar} from "../customer/avatar";
import {relativeTime} from "../shared/relative_time";

const {DateTime} = luxon;
const SURE = 90;
const LIKELY = 75;

/**
 * A value as people read it.
 *
 * @param {string} kind type of the field
 * @param {any} value as the server sends it; false for none
 * @returns {string}
 */
export function shownValue(kind, value) {
    if (value === false || value === null || value === "") {
        return "–";
    }
    switch (kind) {
        case "datetime":
            return relativeTime(deserializeDateTime(value));
        case "date":
            return deserializeDate(value).toLocaleString(DateTime.DATE_MED);
        case "boolean":
            return _t("Yes");
        case "float":
        case "integer":
            return formatFloat(value, {digits: [16, Number.isInteger(value) ? 0 : 2]});
        default:
            return String(value);
    }
}

/** Two customers side by side, why they may be one, and the decision. */
export class DuplicatePair extends Component {
    static template = "mini_crm.DuplicatePair";
    static components = {Avatar};
    static props = {
        pair: Object,
        onMerge: Function,
        onApart: Function,
        onUndo: Function,
        onOpen: Function,
    };

    setup() {
        this.shown = shownValue;
        this.state = useState({busy: false});
    }

    get tone() {
        const {score} = this.props.pair;
        return score >= SURE ? "danger" : score >= LIKELY ? "warning" : "info";
    }

    get verdict() {
        const {score} = this.props.pair;
        if (score >= SURE) {
            return _t("Almost surely the same");
        }
        return score >= LIKELY ? _t("Probably the same") : _t("Perhaps the same");
    }

    get scoreTitle() {
        return _t("%s of 100", this.props.pair.score);
    }

    get namesDiffer() {
        const [one, other] = this.props.pair.sides;
        return one.name !== other.name;
    }

    async once(act) {
        this.state.busy = true;
        try {
            await act(this.props.pair);
        } finally {
            this.state.busy = false;
        }
    }
}
