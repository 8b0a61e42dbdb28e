import {describe, expect, test} from "@odoo/hoot";
import {Domain} from "@web/core/domain";
import {
    conjuncts,
    countOf,
    domainOf,
    stateOf,
    withFilter,
} from "@mini_crm/customer/filter_panel/filter_domain";

describe.current.tags("headless");

const MONTHS = [
    {alternatives: [[["month_number", "=", 1]]]},
    // as a Jalali month has it: a part of one Gregorian month and a part of the next
    {
        alternatives: [
            [
                ["month_number", "=", 3],
                ["day_of_month", ">=", 22],
            ],
            [
                ["month_number", "=", 3],
                ["day_of_month", "=", 21],
                ["year_number", "not in", [1921, 1925]],
            ],
            [
                ["month_number", "=", 4],
                ["day_of_month", "<=", 19],
            ],
        ],
    },
];
const OFFER = {
    months: MONTHS,
    fields: [
        {slot: "custom_text_1", type: "text"},
        {slot: "custom_email_1", type: "email"},
        {slot: "custom_number_1", type: "number"},
        {slot: "custom_date_1", type: "date"},
        {slot: "custom_date_2", type: "date"},
        {slot: "custom_boolean_1", type: "boolean"},
        {slot: "custom_select_1", type: "select"},
    ],
};
const field = (slot, value) => ({fields: {[slot]: value}});
const STATES = [
    {score: {min: 80}},
    {score: {max: 49}},
    {score: {min: 50, max: 79}},
    ...["7", "30", "90", "not_30", "not_90", "never"].map((contact) => ({contact})),
    {health: ["red"]},
    {health: ["green", false]},
    {stages: ["awareness", "purchase"]},
    {sources: [3]},
    {sources: [false, 3]},
    {owners: [2, 7]},
    ...["any", "all", "none"].flatMap((mode) => [
        {tags: {mode, ids: [4]}},
        {tags: {mode, ids: [4, 9]}},
        {segments: {mode, ids: [1, 2]}},
    ]),
    {purchases: {min: 5}},
    {purchases: {min: 0, max: 0}},
    {spent: {min: 1000000}},
    {spent: {min: 0.5, max: 99.5}},
    field("custom_text_1", {text: "size L"}),
    field("custom_email_1", {text: "@example.com"}),
    field("custom_number_1", {min: 100, max: 120}),
    field("custom_number_1", {max: 120}),
    field("custom_number_1", {min: -3}),
    field("custom_date_1", {month: 1}),
    field("custom_date_1", {month: 2}),
    field("custom_date_2", {from: "2026-01-01", to: "2026-03-31"}),
    field("custom_date_2", {from: "2026-01-01"}),
    field("custom_boolean_1", {is: true}),
    field("custom_boolean_1", {is: false}),
    field("custom_select_1", {values: ["small", "large"]}),
];
const EVERYTHING = {
    score: {min: 20, max: 90},
    contact: "not_90",
    health: ["yellow"],
    stages: ["retention"],
    sources: [1],
    owners: [false],
    tags: {mode: "none", ids: [8]},
    segments: {mode: "all", ids: [3]},
    purchases: {min: 2},
    spent: {max: 500},
    fields: {
        custom_text_1: {text: "x"},
        custom_number_1: {min: 1, max: 2},
        custom_date_1: {month: 2},
        custom_date_2: {to: "2026-03-31"},
        custom_boolean_1: {is: false},
        custom_select_1: {values: ["a"]},
    },
};

/** The domain as it comes back from a favorite: written as Python, and read again. */
const through = (domain) => new Domain(new Domain(domain).toString()).toList();

test("what is chosen comes back from its domain, for every kind", () => {
    for (const state of [...STATES, EVERYTHING]) {
        const all = {state, rest: []};
        expect(stateOf(domainOf(state, OFFER), OFFER)).toEqual(all);
        expect(stateOf(through(domainOf(state, OFFER)), OFFER)).toEqual(all);
    }
});

test("any two kinds together come back as they were", () => {
    for (const one of STATES) {
        for (const other of STATES) {
            const state = {...one, ...other};
            expect(stateOf(through(domainOf(state, OFFER)), OFFER)).toEqual({
                state,
                rest: [],
            });
        }
    }
});

test("the parts of a domain may come in any order, and joined by &", () => {
    const state = {score: {min: 50, max: 79}, health: ["red"], contact: "not_30"};
    const parts = conjuncts(domainOf(state, OFFER)).reverse();
    const joined = Domain.and(
        parts.map((part) =>
            part[0] === "|" ? domainOf({contact: "not_30"}, OFFER) : [part],
        ),
    ).toList();
    expect(stateOf(joined, OFFER)).toEqual({state, rest: []});
});

test("nothing chosen is no domain, and no domain is nothing chosen", () => {
    expect(domainOf({}, OFFER)).toEqual([]);
    expect(stateOf([], OFFER)).toEqual({state: {}, rest: []});
    expect(stateOf([[1, "=", 1]], OFFER)).toEqual({state: {}, rest: []});
});

test("a domain that no filter of the panel makes is kept as it is", () => {
    const foreign = [
        [["city", "=", "Shiraz"]],
        [["crm_score", ">", 50]],
        [
            ["crm_score", ">=", 50],
            ["crm_score", ">=", 60],
        ],
        ["|", ["crm_score", ">=", 80], ["total_purchases", ">=", 5]],
        ["!", ["crm_health", "in", ["red"]]],
        [["last_contacted_at", ">=", "today -31d"]],
        [["last_contacted_at", "<", "today -30d"]],
        [["category_id", "ilike", "vip"]],
        [
            ["category_id", "in", [1]],
            ["category_id", "not in", [2]],
        ],
        [
            ["crm_health", "in", ["red"]],
            ["crm_health", "in", ["green"]],
        ],
        [["custom_number_1", "<=", 120]],
        [["custom_date_1.month_number", "=", 7]],
        [
            ["custom_date_1", ">=", "2026-01-01"],
            ["custom_date_1.month_number", "=", 1],
        ],
        [["custom_text_9", "ilike", "no such field"]],
        [["id", "in", [1, 2]]],
        [[0, "=", 1]],
    ];
    for (const domain of foreign) {
        expect(stateOf(domain, OFFER)).toEqual({state: {}, rest: domain});
    }
});

test("what the panel can show is read beside what it cannot", () => {
    const others = ["|", ["name", "ilike", "sara"], ["phone", "ilike", "sara"]];
    const domain = [
        "&",
        ["crm_score", ">=", 80],
        "&",
        ...others,
        ["custom_text_1", "ilike", "x"],
    ];
    expect(stateOf(domain, OFFER)).toEqual({
        state: {score: {min: 80}, ...field("custom_text_1", {text: "x"})},
        rest: others,
    });
});

test("a chip of the search is a choice of the panel", () => {
    const domain = [
        ["crm_health", "=", "red"],
        ["source_id", "=", false],
        ["custom_select_1", "=", "small"],
    ];
    expect(stateOf(domain, OFFER)).toEqual({
        state: {
            health: ["red"],
            sources: [false],
            ...field("custom_select_1", {values: ["small"]}),
        },
        rest: [],
    });
});

test("a phone number is looked for as it is stored, however it is written", () => {
    const offer = {months: [], fields: [{slot: "custom_phone_1", type: "phone"}]};
    for (const [text, part] of [
        ["۰۹۱۲ ۳۴۵", "912345"],
        ["٠٩١٢-٣٤٥", "912345"],
        ["(021) 8844", "218844"],
        ["+98 912", "+98912"],
        ["0098912", "98912"],
        ["0", "0"],
    ]) {
        const domain = domainOf(field("custom_phone_1", {text}), offer);
        expect(domain).toEqual([["custom_phone_1", "ilike", part]]);
        expect(stateOf(domain, offer).state).toEqual(
            field("custom_phone_1", {text: part}),
        );
    }
});

test("an upper limit of a number leaves out those without a number", () => {
    expect(domainOf(field("custom_number_1", {max: 120}), OFFER)).toEqual([
        ["custom_number_1", "<=", 120],
        ["custom_number_1", "!=", false],
    ]);
});

test("a filter that says nothing is taken away", () => {
    let state = withFilter({}, "score", {min: 10});
    state = withFilter(state, "fields.custom_boolean_1", {is: false});
    expect(countOf(state)).toBe(2);
    state = withFilter(state, "score", {});
    expect(state).toEqual(field("custom_boolean_1", {is: false}));
    state = withFilter(state, "fields.custom_boolean_1", undefined);
    expect(state).toEqual({});
    expect(withFilter({}, "tags", {mode: "all", ids: []})).toEqual({});
    expect(withFilter({}, "fields.custom_text_1", {text: ""})).toEqual({});
    expect(withFilter({}, "purchases", {min: 0})).toEqual({purchases: {min: 0}});
});
