import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * How calls end: the values that `res.partner.action_log_call` takes, and their words.
 *
 * @returns {{value: string, label: string, icon: string, tone: string}[]}
 */
export function callOutcomes() {
    return [
        {value: "answered", label: _t("Answered"), icon: "fa-check", tone: "success"},
        {value: "no_answer", label: _t("No answer"), icon: "fa-times", tone: "danger"},
        {
            value: "call_back",
            label: _t("Call back"),
            icon: "fa-clock-o",
            tone: "warning",
        },
    ];
}

/** Small choice for the Call button: dial, then one tap says how it ended. */
export class CallChoice extends Component {
    static template = "mini_crm.CallChoice";
    static props = {
        phone: {type: [String, Boolean], optional: true},
        onOutcome: {type: Function},
        // Popovers pass it, sheets do not: who opened the choice closes it.
        close: {type: Function, optional: true},
    };

    setup() {
        this.state = useState({note: "", minutes: "", incoming: false});
        this.outcomes = callOutcomes();
    }

    get href() {
        return `tel:${this.props.phone.replace(/[^+\d]/g, "")}`;
    }

    choose(outcome) {
        const {note, minutes, incoming} = this.state;
        this.props.onOutcome(outcome.value, {
            note: note.trim() || null,
            minutes: Number.isInteger(minutes) ? minutes : null,
            direction: incoming ? "in" : "out",
        });
    }
}
