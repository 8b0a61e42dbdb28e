import {asciiDigits} from "../../shared/digits";

/**
 * What the filter panel shows, as a domain, and back. Nothing here touches the page.
 *
 * A state has a key for each kind of filter that is set, and only for those:
 *
 * - `score`, `purchases`, `spent`: `{min?, max?}`
 * - `contact`: "7", "30", "90" (days), "not_30", "not_90" or "never"
 * - `health`, `stages`, `sources`, `owners`: list of values, `false` for none
 * - `tags`, `segments`: `{mode: "any" | "all" | "none", ids}`
 * - `fields`: `{slot: value}`; a value is `{text}`, `{min?, max?}`, `{month}` (1 to 12),
 *   `{from?, to?}` (ISO dates), `{is}` (boolean) or `{values}`
 *
 * @typedef {Object} FilterState
 * @typedef {{fields: {slot: string, type: string}[],
 *     months: {alternatives: Array[][]}[]}} Offer what `get_filter_panel` returns
 */

const RANGES = {score: "crm_score", purchases: "total_purchases", spent: "total_spent"};
const CHOICES = {
    health: "crm_health",
    stages: "journey_stage",
    sources: "source_id",
    owners: "user_id",
};
const RECORDS = {tags: "category_id", segments: "segment_ids"};
const TEXTS = ["text", "email", "phone", "url"];
const CONTACTS = ["7", "30", "90", "not_30", "not_90", "never"];

const isLeaf = (expression) => !["&", "|", "!"].includes(expression[0]);

// Expressions: a leaf [field, operator, value], or ["|", left, right] and the like.

function joined(operator, expressions) {
    return expressions.reduceRight((rest, first) => [operator, first, rest]);
}

/** An expression as it stands in a domain, operators first. */
function flat(expression) {
    if (isLeaf(expression)) {
        return [expression];
    }
    const [operator, ...parts] = expression;
    return [operator, ...parts.flatMap(flat)];
}

/**
 * The expressions of a domain that must all hold.
 *
 * @param {Array} domain as `Domain.toList()` gives it
 * @returns {Array[]}
 */
export function conjuncts(domain) {
    let position = 0;
    const read = () => {
        const node = domain[position++];
        if (node === "!") {
            return [node, read()];
        }
        return typeof node === "string" ? [node, read(), read()] : node;
    };
    const parts = [];
    const collect = (expression) => {
        if (expression[0] === "&") {
            expression.slice(1).forEach(collect);
        } else if (expression[0] !== 1) {
            parts.push(expression); // [1, "=", 1] holds always
        }
    };
    while (position < domain.length) {
        collect(read());
    }
    return parts;
}

function rangeOf(field, {min, max}) {
    return [
        ...(min === undefined ? [] : [[field, ">=", min]]),
        ...(max === undefined ? [] : [[field, "<=", max]]),
    ];
}

/** Odoo takes an empty number for 0, which people do not. */
function numberRange(slot, {min, max}) {
    const range = rangeOf(slot, {min, max});
    return min > 0 ? range : [...range, [slot, "!=", false]];
}

function contactDomain(contact) {
    if (contact === "never") {
        return [["last_contacted_at", "=", false]];
    }
    const since = `today -${contact.replace("not_", "")}d`;
    if (!contact.startsWith("not_")) {
        return [["last_contacted_at", ">=", since]];
    }
    // who was never contacted counts from the day on which he became a customer
    return [
        [
            "|",
            ["last_contacted_at", "<", since],
            ["&", ["last_contacted_at", "=", false], ["customer_since", "<", since]],
        ],
    ];
}

function recordsDomain(field, {mode, ids}) {
    if (mode === "all") {
        return ids.map((id) => [field, "=", id]);
    }
    return [[field, mode === "none" ? "not in" : "in", ids]];
}

function monthDomain(slot, month, {months}) {
    const alternatives = months[month - 1].alternatives.map((conditions) =>
        joined(
            "&",
            conditions.map(([part, operator, value]) => [
                `${slot}.${part}`,
                operator,
                value,
            ]),
        ),
    );
    // a month of one condition is that condition
    return conjuncts(flat(joined("|", alternatives)));
}

/** Part of a phone number as it stands in E.164, however people write it. */
function phonePart(text) {
    const number = asciiDigits(text).replace(/[\s\-().\u200c]/g, "");
    return number.replace(/^0+/, "") || text;
}

function fieldDomain({slot, type}, value, offer) {
    if (type === "phone") {
        return [[slot, "ilike", phonePart(value.text)]];
    }
    if (TEXTS.includes(type)) {
        return [[slot, "ilike", value.text]];
    }
    if (type === "number") {
        return numberRange(slot, value);
    }
    if (type === "boolean") {
        return [[slot, "=", value.is]];
    }
    if (type === "select") {
        return [[slot, "in", value.values]];
    }
    return value.month
        ? monthDomain(slot, value.month, offer)
        : rangeOf(slot, {min: value.from, max: value.to});
}

function expressionsOf(state, offer) {
    return [
        ...Object.entries(RANGES).flatMap(([key, field]) =>
            state[key] ? rangeOf(field, state[key]) : [],
        ),
        ...(state.contact ? contactDomain(state.contact) : []),
        ...Object.entries(CHOICES).flatMap(([key, field]) =>
            state[key] ? [[field, "in", state[key]]] : [],
        ),
        ...Object.entries(RECORDS).flatMap(([key, field]) =>
            state[key] ? recordsDomain(field, state[key]) : [],
        ),
        ...offer.fields.flatMap((field) => {
            const value = (state.fields || {})[field.slot];
            return value ? fieldDomain(field, value, offer) : [];
        }),
    ];
}

/**
 * The domain of what is chosen.
 *
 * @param {FilterState} state
 * @param {Offer} offer
 * @returns {Array} as JSON takes it; empty when nothing is chosen
 */
export function domainOf(state, offer) {
    return expressionsOf(state, offer).flatMap(flat);
}

// Back

function readRange(leaves) {
    const value = {};
    for (const [, operator, bound] of leaves) {
        if (operator === ">=") {
            value.min = bound;
        } else if (operator === "<=") {
            value.max = bound;
        }
    }
    return value;
}

function readRecords(leaves) {
    const [, operator, value] = leaves[0];
    if (operator === "=") {
        return {mode: "all", ids: leaves.map(([, , id]) => id)};
    }
    return {mode: operator === "not in" ? "none" : "any", ids: value};
}

function readContact(expressions) {
    const wanted = JSON.stringify(expressions);
    return CONTACTS.find(
        (contact) => JSON.stringify(contactDomain(contact)) === wanted,
    );
}

function readField({slot, type}, expressions, offer) {
    const [, operator, value] = expressions[0];
    if (TEXTS.includes(type)) {
        return {text: value};
    }
    if (type === "number") {
        return readRange(expressions);
    }
    if (type === "boolean") {
        return {is: value};
    }
    if (type === "select") {
        return {values: value};
    }
    if (isLeaf(expressions[0]) && [">=", "<="].includes(operator)) {
        const {min, max} = readRange(expressions);
        return {
            ...(min !== undefined && {from: min}),
            ...(max !== undefined && {to: max}),
        };
    }
    const wanted = JSON.stringify(expressions);
    const month =
        1 +
        offer.months.findIndex(
            (_month, index) =>
                JSON.stringify(monthDomain(slot, index + 1, offer)) === wanted,
        );
    return month ? {month} : undefined;
}

/** The field that an expression is about: the first that it names, without its part. */
function fieldOf(expression) {
    return isLeaf(expression)
        ? String(expression[0]).split(".")[0]
        : fieldOf(expression[1]);
}

function byField(expressions) {
    const groups = {};
    for (const expression of expressions) {
        (groups[fieldOf(expression)] ||= []).push(expression);
    }
    return groups;
}

const READERS = [
    [RANGES, readRange],
    [CHOICES, (leaves) => leaves[0][2]],
    [RECORDS, readRecords],
    [{contact: "last_contacted_at"}, readContact],
];

/** What the expressions about one field say, as a state; reading is lenient. */
function readOne(field, expressions, offer) {
    for (const [keys, reader] of READERS) {
        for (const [key, name] of Object.entries(keys)) {
            if (name === field) {
                return {[key]: reader(expressions)};
            }
        }
    }
    const custom = offer.fields.find(({slot}) => slot === field);
    return custom
        ? {fields: {[field]: readField(custom, expressions, offer)}}
        : undefined;
}

/** A chip of the search asks for one choice with "=", the panel with a list of one. */
function asChoice(expression, offer) {
    const [field, operator, value] = expression;
    const isChoice =
        Object.values(CHOICES).includes(field) ||
        offer.fields.some(({slot, type}) => slot === field && type === "select");
    return isChoice && operator === "=" ? [field, "in", [value]] : expression;
}

const sorted = (expressions) =>
    JSON.stringify(expressions.map((part) => JSON.stringify(part)).sort());

/**
 * What is chosen when a domain is applied.
 *
 * @param {Array} domain as `Domain.toList()` gives it
 * @param {Offer} offer
 * @returns {{state: FilterState, rest: Array}} rest: a domain, what of it the panel
 *     cannot show
 */
export function stateOf(domain, offer) {
    const state = {};
    const rest = [];
    const groups = byField(conjuncts(domain).map((part) => asChoice(part, offer)));
    for (const [field, expressions] of Object.entries(groups)) {
        const one = readOne(field, expressions, offer);
        // Whatever does not come back as it was is not ours.
        if (one && sorted(expressionsOf(one, offer)) === sorted(expressions)) {
            const fields = {...state.fields, ...one.fields};
            Object.assign(state, one, one.fields && {fields});
        } else {
            rest.push(...expressions.flatMap(flat));
        }
    }
    return {state, rest};
}

/**
 * Number of kinds of filters that are set.
 *
 * @param {FilterState} state
 * @returns {number}
 */
export function countOf(state) {
    const {fields = {}, ...others} = state;
    return Object.keys(others).length + Object.keys(fields).length;
}

/**
 * A state with one kind of filter set, or taken away when the value says nothing.
 *
 * @param {FilterState} state
 * @param {string} key a kind, or `fields.SLOT`
 * @param {any} value
 * @returns {FilterState}
 */
export function withFilter(state, key, value) {
    const [kind, slot] = key.split(".");
    if (slot) {
        const fields = withFilter(state.fields || {}, slot, value);
        return withFilter(state, kind, Object.keys(fields).length ? fields : undefined);
    }
    const others = {...state};
    delete others[kind];
    return saysNothing(value) ? others : {...others, [kind]: value};
}

function saysNothing(value) {
    if (
        value === undefined ||
        value === "" ||
        (Array.isArray(value) && !value.length)
    ) {
        return true;
    }
    if (Array.isArray(value) || typeof value !== "object") {
        return false;
    }
    return "ids" in value ? !value.ids.length : Object.values(value).every(saysNothing);
}
