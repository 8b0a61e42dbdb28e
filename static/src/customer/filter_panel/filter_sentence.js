import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatList} from "@web/core/l10n/utils";
import {formatMoney} from "../../shared/money_field";

/**
 * The choices of the last contact, in the order of the panel.
 *
 * @returns {{value: string, label: string}[]}
 */
export function contactChoices() {
    return [
        {value: "7", label: _t("In the last 7 days")},
        {value: "30", label: _t("In the last 30 days")},
        {value: "90", label: _t("In the last 90 days")},
        {value: "not_30", label: _t("Not for 30 days")},
        {value: "not_90", label: _t("Not for 90 days")},
        {value: "never", label: _t("Never")},
    ];
}

const asText = (value) => String(value);
const money = (offer) => (value) => formatMoney(value, offer.currency_id);
const day = (value) => formatDate(deserializeDate(value));

function rangeText({min, max}, format = asText) {
    if (min !== undefined && max !== undefined) {
        return min === max
            ? format(min)
            : _t("%(from)s to %(to)s", {from: format(min), to: format(max)});
    }
    return min === undefined
        ? _t("at most %s", format(max))
        : _t("at least %s", format(min));
}

function dayText({from, to}) {
    if (from && to) {
        return _t("%(from)s to %(to)s", {from: day(from), to: day(to)});
    }
    return from ? _t("from %s", day(from)) : _t("until %s", day(to));
}

/** "a or b": alternatives, or things that must all hold. */
function list(names, all = false) {
    return formatList(names, {style: all ? "standard" : "or"});
}

function chosen(values, choices) {
    return list(
        values.map((value) => choices.find((c) => c.value === value)?.label ?? value),
    );
}

function records({mode, ids}, names) {
    const text = list(
        ids.map((id) => names[id] ?? `#${id}`),
        mode === "all",
    );
    return mode === "none" ? _t("not %s", text) : text;
}

function fieldText(field, value, offer) {
    if (field.type === "boolean") {
        return value.is ? _t("yes") : _t("no");
    }
    if (field.type === "select") {
        return chosen(value.values, field.choices);
    }
    if (field.type === "number") {
        return rangeText(value);
    }
    if (field.type === "date") {
        return value.month ? offer.months[value.month - 1].label : dayText(value);
    }
    return `“${value.text}”`;
}

/** Text of a kind of filter, from its value: {kind: [label, text]}. */
function kinds(offer, names) {
    const one = (kind) => (ids) =>
        list(ids.map((id) => (id ? (names[kind][id] ?? `#${id}`) : _t("none"))));
    const contact = (value) => contactChoices().find((c) => c.value === value).label;
    return {
        score: [_t("Score"), (value) => rangeText(value)],
        contact: [_t("Last contact"), contact],
        health: [_t("Health"), (values) => chosen(values, offer.health)],
        stages: [_t("Stage"), (values) => chosen(values, offer.stages)],
        tags: [_t("Tags"), (value) => records(value, names.tags)],
        segments: [_t("Segments"), (value) => records(value, names.segments)],
        purchases: [_t("Purchases"), (value) => rangeText(value)],
        spent: [_t("Spent"), (value) => rangeText(value, money(offer))],
        sources: [_t("Source"), one("sources")],
        owners: [_t("Owner"), one("owners")],
    };
}

/**
 * What is chosen, in words: one text for each kind of filter.
 *
 * @param {import("./filter_domain").FilterState} state
 * @param {Object} offer what `get_filter_panel` returns
 * @param {Object} names `{tags: {id: name}, segments, sources, owners}`
 * @returns {string[]} as "Score: at least 80"
 */
export function phrases(state, offer, names) {
    const texts = Object.entries(kinds(offer, names))
        .filter(([kind]) => state[kind])
        .map(([kind, [label, text]]) => `${label}: ${text(state[kind])}`);
    for (const field of offer.fields) {
        const value = (state.fields || {})[field.slot];
        if (value) {
            texts.push(`${field.label}: ${fieldText(field, value, offer)}`);
        }
    }
    return texts;
}
