import {toLocaleDateString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {currencies, formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {consentSources, consentStates} from "../consent/consent_texts";
import {channelLook} from "../shared/channel_looks";

const {DateTime} = luxon;
const ISO_DATE = /^\d{4}-\d\d-\d\d/;

/** Names for what events carry as codes. */
function codeLabels() {
    return {
        answered: _t("Answered"),
        no_answer: _t("No answer"),
        call_back: _t("Call back"),
        green: _t("Healthy"),
        yellow: _t("Moderate"),
        red: _t("At risk"),
        awareness: _t("Awareness"),
        consideration: _t("Consideration"),
        purchase: _t("Purchase"),
        retention: _t("Retention"),
        advocacy: _t("Advocacy"),
        refund: _t("Refund"),
    };
}

/**
 * Heading of a day in the timeline: "Today", "Yesterday" or the date.
 *
 * @param {luxon.DateTime} date in the user's time zone
 * @param {luxon.DateTime} [now]
 * @returns {string}
 */
export function dayLabel(date, now = DateTime.now()) {
    const days = Math.round(now.startOf("day").diff(date.startOf("day"), "days").days);
    if (days === 0) {
        return _t("Today");
    }
    return days === 1 ? _t("Yesterday") : toLocaleDateString(date);
}

/**
 * Events grouped by day, in their order.
 *
 * @param {Object[]} events as `get_timeline` gives them
 * @param {luxon.DateTime} [now]
 * @returns {{key: string, label: string, events: Object[]}[]}
 */
export function groupByDay(events, now) {
    const days = [];
    for (const event of events) {
        const date = DateTime.fromISO(event.date);
        const key = date.toISODate();
        if (days.at(-1)?.key !== key) {
            days.push({key, label: dayLabel(date, now), events: []});
        }
        days.at(-1).events.push({
            ...event,
            time: date.toLocaleString(DateTime.TIME_SIMPLE),
        });
    }
    return days;
}

/**
 * An amount of an event in its own currency.
 *
 * @param {number} amount
 * @param {string | null} code ISO code of the currency
 * @returns {string}
 */
export function formatAmount(amount, code) {
    const known = Object.entries(currencies).find(
        ([, currency]) => currency.name === code,
    );
    const text = formatCurrency(amount, known && Number(known[0]), {
        digits: Number.isInteger(amount) ? [69, 0] : undefined,
    });
    return known || !code ? text : `${text} ${code}`;
}

function valueText(value) {
    if (value === null || value === undefined || value === "" || value === false) {
        return "";
    }
    if (value === true) {
        return _t("Yes");
    }
    if (typeof value === "string" && ISO_DATE.test(value)) {
        return DateTime.fromISO(value).toLocaleString(DateTime.DATE_MED);
    }
    return codeLabels()[value] || String(value);
}

// Of what people write in a purchase: a reference may look like a code or a date.
const PURCHASE_TYPES = {quantity: "number", reference: "text"};

function changeLabel(name) {
    return (
        {
            score: _t("Score"),
            health: _t("Health"),
            stage: _t("Stage"),
            amount: _t("Amount"),
            currency_id: _t("Currency"),
            date: _t("Date"),
            kind: _t("Kind"),
            partner_id: _t("Customer"),
            quantity: _t("Quantity"),
            reference: _t("Reference"),
        }[name] || name
    );
}

/** Value of a custom field: the server has made it readable, except for dates. */
function customText(value, type) {
    if (value === null || value === undefined || type === "date") {
        return valueText(value);
    }
    return type === "number"
        ? formatFloat(value, {digits: [16, 6], trailingZeros: false})
        : String(value);
}

/** One change of a field in words: "Phone: 0912 → 0935". */
function changeLine({label, old, new: next, type}) {
    const [before, after] = [old, next].map((value) =>
        type ? customText(value, type) : valueText(value),
    );
    if (!before && !after) {
        return {label, text: _t("changed")};
    }
    return {label, before, after: after || _t("removed")};
}

/** "Entered VIP", "Left VIP", with the hand that did it if it was one. */
function segmentText({name, to, reason}) {
    if (reason === "hand") {
        return to === "in"
            ? _t("Put into %s by hand", name)
            : _t("Taken out of %s by hand", name);
    }
    return to === "in" ? _t("Entered %s", name) : _t("Left %s", name);
}

/** Which rule put a tag on or took it off, and what it asks for. */
function tagText(type, {rule, reason}) {
    const words = {rule, reason};
    return type === "tag_added"
        ? _t("By the rule %(rule)s: %(reason)s", words)
        : _t("By the rule %(rule)s, no longer: %(reason)s", words);
}

/** "Telegram: Not asked → Opted out", and how we know. */
function consentLines({channel, old, new: next, source}) {
    const states = consentStates();
    return [
        {
            label: channelLook(channel).label,
            before: states[old] || old,
            after: states[next] || next,
        },
        {text: consentSources()[source] || source},
    ];
}

/**
 * What a row of the timeline says below its title.
 *
 * @param {Object} event
 * @returns {{label?: string, text?: string, before?: string, after?: string}[]}
 */
export function eventLines(event) {
    const data = event.data || {};
    if (event.type === "field_updated") {
        return Object.values(data).map(changeLine);
    }
    if (event.type === "segment_changed") {
        return [{text: segmentText(data)}];
    }
    if (event.type === "consent_changed") {
        return consentLines(data);
    }
    if (event.type === "task_completed") {
        return data.feedback ? [{text: data.feedback}] : [];
    }
    if (data.rule && (event.type === "tag_added" || event.type === "tag_removed")) {
        return [{text: tagText(event.type, data)}];
    }
    // What else changes is told as {name: [before, after]}.
    return Object.entries(data)
        .filter(([, change]) => Array.isArray(change) && change.length === 2)
        .map(([name, change]) => {
            const [old, next] = change.map((value) =>
                name === "amount" ? formatAmount(value, event.currency) : value,
            );
            const type = PURCHASE_TYPES[name];
            return changeLine({label: changeLabel(name), old, new: next, type});
        })
        .filter((line) => line.before !== line.after);
}

/** "The customer called, Answered, 12 min", as far as it is known of a call. */
function callText({outcome, direction, minutes}) {
    const parts = [
        direction === "in" && _t("The customer called"),
        valueText(outcome),
        minutes > 0 && _t("%s min", minutes),
    ].filter(Boolean);
    return parts.join(", ");
}

/**
 * Small word beside the title: a tag, the outcome of a call, a message's channel, the
 * kind of a task.
 *
 * @param {Object} event
 * @returns {string}
 */
export function eventBadge(event) {
    const data = event.data || {};
    if (event.type === "message_received" || event.type === "message_sent") {
        return channelLook(data.channel).label;
    }
    return data.tag || data.activity_type || callText(data);
}
