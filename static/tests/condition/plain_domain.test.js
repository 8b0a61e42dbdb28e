import {describe, expect, test} from "@odoo/hoot";
import {
    isPlainComplete,
    operatorsFor,
    readPlain,
    writePlain,
} from "@mini_crm/condition/plain_domain";
import {readNumber} from "@mini_crm/condition/plain_value";
import {Domain} from "@web/core/domain";

describe.current.tags("headless");

const FIELDS = [
    {name: "crm_score", kind: "number"},
    {name: "custom_number_1", kind: "optional_number"},
    {name: "last_contacted_at", kind: "contact"},
    {name: "custom_date_1", kind: "date", parts: ["month_number"]},
    {name: "customer_since", kind: "datetime"},
    {name: "city", kind: "text"},
    {name: "crm_health", kind: "selection", choices: [["red", "At risk"]]},
    {name: "custom_boolean_1", kind: "boolean"},
    {name: "category_id", kind: "records", model: "res.partner.category"},
    {name: "birthday_period", kind: "birthday", choices: [["today", "Today"]]},
    {name: "event_ids", kind: "events", choices: [["call_logged", "Call"]]},
    {name: "purchase_ids", kind: "purchases"},
];

const SAMPLES = {
    number: 12.5,
    days: 30,
    date: "2026-01-31",
    text: "Shiraz",
    month: 5,
    choice: "today",
    choices: ["red"],
    records: [3, 4],
    none: true,
    event: {type: "call_logged", days: 7},
    period: {type: null, days: 90},
};

const same = (text) => new Domain(text).toList();

test("every condition that can be chosen is read back as it was chosen", () => {
    for (const field of FIELDS) {
        for (const operator of operatorsFor(field)) {
            const row = {
                field: field.name,
                operator: operator.name,
                value: SAMPLES[operator.input],
            };
            const plain = {join: "&", rows: [row]};
            expect(readPlain(writePlain(plain, FIELDS), FIELDS)).toEqual(plain);
        }
    }
});

test("groups and both ways to join survive writing and reading", () => {
    const row = (value) => ({field: "crm_score", operator: "at_least", value});
    const silence = {field: "last_contacted_at", operator: "silence", value: 30};
    for (const [join, other] of ["&|", "|&"]) {
        const plain = {
            join,
            rows: [row(1), {join: other, rows: [row(2), silence]}, silence, row(3)],
        };
        expect(readPlain(writePlain(plain, FIELDS), FIELDS)).toEqual(plain);
    }
});

test("a domain as Odoo writes it is read", () => {
    const text = "[('crm_score', '>=', 80), ('crm_health', '=', 'red')]";
    expect(readPlain(text, FIELDS).rows).toEqual([
        {field: "crm_score", operator: "at_least", value: 80},
        {field: "crm_health", operator: "any_of", value: ["red"]},
    ]);
    expect(readPlain("", FIELDS)).toEqual({join: "&", rows: []});
});

test("what plain words cannot say is left to the domain editor", () => {
    for (const text of [
        "['!', ('crm_score', '>=', 80)]",
        "[('unknown', '=', 1)]",
        "[('crm_score', '>=', 'today -3d')]",
        "[('event_ids', 'any', [('amount', '>', 3)])]",
        "['|', ('crm_score', '>', 1), '&', ('crm_score', '>', 2), '|', ('city', '=', 'a'), ('crm_score', '>', 3)]",
        "[(",
    ]) {
        expect(readPlain(text, FIELDS)).toBe(null);
    }
});

test("a row without its value is left out of the domain, and told", () => {
    const plain = {
        join: "&",
        rows: [
            {field: "category_id", operator: "any_of", value: []},
            {field: "crm_score", operator: "at_least", value: 0},
        ],
    };
    expect(isPlainComplete(plain, FIELDS)).toBe(false);
    expect(same(writePlain(plain, FIELDS))).toEqual([["crm_score", ">=", 0]]);
});

test("numbers are read as people write them", () => {
    expect(readNumber("1,000,000")).toBe(1000000);
    expect(readNumber("۱۲۳٬۴۵۶٫۵")).toBe(123456.5);
    expect(readNumber("٣٠")).toBe(30);
    expect(readNumber("many")).toBe(null);
    expect(readNumber(" ")).toBe(null);
});
