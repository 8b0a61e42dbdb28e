import {describe, expect, test} from "@odoo/hoot";
import {isPlainComplete, readPlain, writePlain} from "@mini_crm/condition/plain_domain";
import {operatorsFor} from "@mini_crm/condition/plain_operators";
import {readNumber} from "@mini_crm/condition/plain_value";
import {Domain} from "@web/core/domain";
import {localization} from "@web/core/l10n/localization";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

const FIELDS = [
    {name: "crm_score", kind: "integer"},
    {name: "custom_number_1", kind: "number", empty: true},
    {name: "last_contacted_at", kind: "datetime", empty: true},
    {name: "custom_date_1", kind: "date", parts: true, empty: true},
    {name: "customer_since", kind: "datetime"},
    {name: "city", kind: "text", empty: true},
    {name: "crm_health", kind: "choice", choices: [["red", "At risk"]], empty: true},
    {name: "custom_boolean_1", kind: "boolean"},
    {name: "category_id", kind: "records", model: "res.partner.category", empty: true},
    {name: "source_id", kind: "records", model: "utm.source", empty: true},
    {name: "event_ids", kind: "rows", model: "mini_crm.event"},
    {name: "purchase_ids", kind: "rows", model: "mini_crm.purchase"},
];

const SAMPLES = {
    number: 12.5,
    days: 30,
    date: "2026-01-31",
    text: "Shiraz",
    month: 5,
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
    patchWithCleanup(localization, {
        decimalPoint: ".",
        grouping: [3, 0],
        thousandsSep: ",",
    });
    expect(readNumber("1,000,000")).toBe(1000000);
    expect(readNumber("۱۲۳٬۴۵۶٫۵")).toBe(123456.5);
    expect(readNumber("٣٠")).toBe(30);
    expect(readNumber("many")).toBe(null);
    expect(readNumber(" ")).toBe(null);
});
