import {_t} from "@web/core/l10n/translation";

/**
 * What can be said of a field in plain words. An operator is
 * `{name, label, suffix, input, write(field, value), read(leaf)}`: `input` names the kind of
 * input for the value (`none`: there is nothing to fill in), `suffix` the words behind it,
 * `write` makes a domain of one
 * expression, `read` gives the value of a leaf, or undefined when it says something else.
 */

const DAYS_AGO = /^today -(\d+)d$/;
const DAYS_AHEAD = /^today \+(\d+)d$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** An operator that is one leaf with one of Odoo's operators and the value as it is. */
function same(name, operator, label, input, accepts) {
    return {
        name,
        label,
        input,
        write: (field, value) => [[field, operator, value]],
        read: ([, found, value]) =>
            found === operator && accepts(value) ? value : undefined,
    };
}

/** An operator without anything to fill in; its value is `true`. */
function fixed(name, operator, constant, label) {
    return {
        name,
        label,
        input: "none",
        write: (field) => [[field, operator, constant]],
        read: ([, found, value]) =>
            found === operator && value === constant ? true : undefined,
    };
}

/** An operator over a day that is so many days from today. */
function relative(name, operator, [label, suffix], pattern, prefix) {
    return {
        name,
        label,
        suffix,
        input: "days",
        write: (field, days) => [[field, operator, `today ${prefix}${days}d`]],
        read: ([, found, value]) => {
            const match = found === operator && pattern.exec(value);
            return match ? Number(match[1]) : undefined;
        },
    };
}

/** `in` or `not in` a list; the form with one value means the same. */
function listed(name, [many, one], label, input, accepts) {
    return {
        name,
        label,
        input,
        write: (field, values) => [[field, many, values]],
        read: ([, operator, value]) => {
            const values = operator === one ? [value] : operator === many && value;
            return Array.isArray(values) && values.every(accepts) ? values : undefined;
        },
    };
}

const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isDay = (value) => isText(value) && DAY.test(value);
const isMonth = (value) => Number.isInteger(value) && value >= 1 && value <= 12;

const filled = () => fixed("set", "!=", false, _t("is filled in"));
const empty = () => fixed("not_set", "=", false, _t("is empty"));

const amounts = () => [
    same("at_least", ">=", _t("at least"), "number", isNumber),
    same("at_most", "<=", _t("at most"), "number", isNumber),
    same("more", ">", _t("more than"), "number", isNumber),
    same("less", "<", _t("less than"), "number", isNumber),
    same("is", "=", _t("exactly"), "number", isNumber),
];

const days = () => [
    relative("within", ">=", [_t("in the last"), _t("days")], DAYS_AGO, "-"),
    relative("before", "<", [_t("more than"), _t("days ago")], DAYS_AGO, "-"),
    relative("ahead", "<=", [_t("at the latest in"), _t("days")], DAYS_AHEAD, "+"),
    same("since", ">=", _t("on or after"), "date", isDay),
    same("until", "<", _t("before the day"), "date", isDay),
];

/** "In the month of": the part of a date, in a leaf whose field carries it. */
function inMonth() {
    return {
        name: "month",
        label: _t("in the month of"),
        input: "month",
        part: "month_number",
        write: (field, month) => [[`${field}.month_number`, "=", month]],
        read: ([, operator, value]) =>
            operator === "=" && isMonth(value) ? value : undefined,
    };
}

/**
 * Something that happened, or did not: `any` over a list of conditions on its own
 * fields. The value is `{type, days}`; an empty `days` means ever, `type` is for events.
 */
function happened(name, operator, label, input) {
    return {
        name,
        label,
        input,
        write: (field, {type, days: within}) => [
            [
                field,
                operator,
                [
                    ...(input === "event" ? [["type", "=", type]] : []),
                    ...(within ? [["date", ">=", `today -${within}d`]] : []),
                ],
            ],
        ],
        read: ([, found, value]) =>
            found === operator && Array.isArray(value)
                ? readHappened(value, input === "event")
                : undefined,
    };
}

function readHappened(leaves, hasType) {
    const value = {type: null, days: null};
    const all = leaves.every((leaf) => readPart(leaf, value, hasType));
    return all && Boolean(value.type) === hasType ? value : undefined;
}

/** Put what one leaf says into `value`; false if it says something else. */
function readPart(leaf, value, hasType) {
    const [field, operator, content] = Array.isArray(leaf) ? leaf : [];
    if (field === "type" && operator === "=" && hasType) {
        value.type = content;
        return true;
    }
    const days = field === "date" && operator === ">=" && DAYS_AGO.exec(content);
    if (!days || value.days) {
        return false;
    }
    value.days = Number(days[1]);
    return true;
}

const anyOf = (input, accepts) => [
    listed("any_of", ["in", "="], _t("is one of"), input, accepts),
    listed("none_of", ["not in", "!="], _t("is none of"), input, accepts),
];

const OPERATORS = {
    integer: amounts,
    number: amounts,
    date: days,
    datetime: days,
    text: () => [
        same("contains", "ilike", _t("contains"), "text", isText),
        same("lacks", "not ilike", _t("does not contain"), "text", isText),
        same("is", "=", _t("is exactly"), "text", isText),
    ],
    choice: () => anyOf("choices", isText),
    boolean: () => [
        fixed("yes", "=", true, _t("is yes")),
        fixed("no", "=", false, _t("is no")),
    ],
    records: () => anyOf("records", Number.isInteger),
    rows: ({model}) => (model === "mini_crm.event" ? events() : purchases()),
};

const events = () => [
    happened("happened", "any", _t("happened"), "event"),
    happened("not_happened", "not any", _t("did not happen"), "event"),
];

const purchases = () => [
    happened("bought", "any", _t("were made"), "period"),
    happened("not_bought", "not any", _t("were not made"), "period"),
];

/** No contact for so many days; who has never been contacted counts from the beginning. */
const silence = () => ({
    name: "silence",
    label: _t("silent for"),
    suffix: _t("days"),
    input: "days",
    write: (field, count) => [
        "|",
        [field, "<", `today -${count}d`],
        "&",
        [field, "=", false],
        ["customer_since", "<", `today -${count}d`],
    ],
    // It is no leaf: see readSilence in plain_domain.js.
    read: () => undefined,
});

/**
 * What can be said of a field, in the order of the list.
 *
 * @param {{name: string, kind: string, empty: boolean, parts: boolean}} field
 * @returns {Object[]} none for a kind that plain words do not cover
 */
export function operatorsFor(field) {
    const operators = OPERATORS[field.kind]?.(field) ?? [];
    return [
        ...(field.name === "last_contacted_at" ? [silence()] : []),
        ...operators,
        ...(field.parts ? [inMonth()] : []),
        ...(field.empty ? [filled(), empty()] : []),
    ];
}

const COMPLETE = {
    none: () => true,
    period: () => true,
    number: (value) => Number.isFinite(value),
    days: (value) => Number.isInteger(value) && value >= 0,
    event: (value) => Boolean(value?.type),
    choices: (value) => Boolean(value?.length),
    records: (value) => Boolean(value?.length),
};

/**
 * Whether an operator has the value that it needs.
 *
 * @param {Object} operator
 * @param {any} value
 * @returns {boolean}
 */
export function isComplete({input}, value) {
    return (COMPLETE[input] ?? Boolean)(value);
}

/**
 * The value of an operator before anything is chosen.
 *
 * @param {Object} operator
 * @returns {any}
 */
export function firstValue({input}) {
    return {
        none: true,
        choices: [],
        records: [],
        event: {type: null, days: null},
        period: {type: null, days: 90},
        days: 30,
    }[input];
}
