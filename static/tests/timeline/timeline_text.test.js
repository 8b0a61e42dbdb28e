import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {mockTimeZone} from "@odoo/hoot-mock";
import {allowTranslations, makeMockEnv} from "@web/../tests/web_test_helpers";
import {
    dayLabel,
    eventBadge,
    eventLines,
    groupByDay,
} from "@mini_crm/timeline/timeline_text";

describe.current.tags("headless");
beforeEach(() => allowTranslations());

const {DateTime} = luxon;

test("days are called today, yesterday, then by their date", () => {
    const now = DateTime.fromISO("2026-01-31T00:10");
    expect(dayLabel(DateTime.fromISO("2026-01-31T00:05"), now)).toBe("Today");
    expect(dayLabel(DateTime.fromISO("2026-01-30T23:59"), now)).toBe("Yesterday");
    expect(dayLabel(DateTime.fromISO("2025-12-24T10:00"), now)).toMatch(/24/);
});

test("an event belongs to the day of the user's own clock", () => {
    mockTimeZone(3.5);
    const days = groupByDay([
        {id: 2, date: "2026-01-30T21:00:00Z"},
        {id: 1, date: "2026-01-30T20:00:00Z"},
    ]);
    expect(days.map((day) => day.key)).toEqual(["2026-01-31", "2026-01-30"]);
});

test("a changed field is told as before and after", () => {
    const lines = eventLines({
        type: "field_updated",
        data: {
            phone: {label: "Phone", old: "0912", new: "0935"},
            city: {label: "City", old: null, new: "Shiraz"},
            email: {label: "E-mail", old: "a@b.c", new: null},
            image_1920: {label: "Photo", old: null, new: null},
        },
    });
    expect(lines).toEqual([
        {label: "Phone", before: "0912", after: "0935"},
        {label: "City", before: "", after: "Shiraz"},
        {label: "E-mail", before: "a@b.c", after: "removed"},
        {label: "Photo", text: "changed"},
    ]);
});

test("values of custom fields are told as they are, whatever they look like", async () => {
    await makeMockEnv();
    const lines = eventLines({
        type: "field_updated",
        data: {
            color: {label: "Color", type: "text", old: null, new: "red"},
            lot: {label: "Lot", type: "text", old: "2026-01-31-7", new: null},
            points: {label: "Points", type: "number", old: 0, new: 1200.5},
            birth_date: {label: "Birthday", type: "date", old: null, new: "1990-05-01"},
            vip: {label: "VIP", type: "boolean", old: "No", new: "Yes"},
        },
    });
    expect(lines).toEqual([
        {label: "Color", before: "", after: "red"},
        {label: "Lot", before: "2026-01-31-7", after: "removed"},
        {label: "Points", before: "0", after: "1,200.5"},
        {label: "Birthday", before: "", after: "May 1, 1990"},
        {label: "VIP", before: "No", after: "Yes"},
    ]);
});

test("codes become words and what did not change is left out", () => {
    const lines = eventLines({
        type: "score_changed",
        data: {score: [52, 58], health: ["yellow", "yellow"]},
    });
    expect(lines).toEqual([{label: "Score", before: "52", after: "58"}]);
    expect(
        eventLines({type: "stage_changed", data: {stage: ["purchase", "retention"]}}),
    ).toEqual([{label: "Stage", before: "Purchase", after: "Retention"}]);
});

test("a corrected amount is told as people read amounts", async () => {
    await makeMockEnv();
    const lines = eventLines({
        type: "purchase_changed",
        currency: null,
        data: {amount: [2500000, 3500000]},
    });
    expect(lines).toEqual([{label: "Amount", before: "2,500,000", after: "3,500,000"}]);
});

test("a corrected quantity and reference are told as they are", async () => {
    await makeMockEnv();
    const lines = eventLines({
        type: "purchase_changed",
        data: {quantity: [1, 1200.5], reference: [null, "2026-01-31"]},
    });
    expect(lines).toEqual([
        {label: "Quantity", before: "1", after: "1,200.5"},
        {label: "Reference", before: "", after: "2026-01-31"},
    ]);
});

test("the outcome of a call and the name of a tag stand beside the title", () => {
    expect(eventBadge({type: "call_logged", data: {outcome: "no_answer"}})).toBe(
        "No answer",
    );
    expect(eventBadge({type: "tag_added", data: {tag: "VIP"}})).toBe("VIP");
    expect(eventBadge({type: "note_added", data: {}})).toBe("");
});

test("a changed consent is told with its channel and how it is known", () => {
    const data = {channel: "telegram", old: "unknown", new: "out", source: "message"};
    const [change, source] = eventLines({type: "consent_changed", data});
    expect(String(change.label)).toBe("Telegram");
    expect([change.before, change.after]).toEqual(["Not asked", "Opted out"]);
    expect(source.text).toBe("by a message of the customer");
});

test("a task that is done says of what kind it was and what was said", () => {
    const data = {activity_type: "Call", feedback: "Will come", activity_id: 4};
    const event = {type: "task_completed", data};
    expect(eventBadge(event)).toBe("Call");
    expect(eventLines(event)).toEqual([{text: "Will come"}]);
    expect(eventLines({...event, data: {activity_id: 4}})).toEqual([]);
});

test("a message says by which channel it came or went", () => {
    for (const type of ["message_received", "message_sent"]) {
        const badge = eventBadge({type, data: {channel: "instagram", kind: "text"}});
        expect(String(badge)).toBe("Instagram");
    }
    expect(eventBadge({type: "message_sent", data: null})).toBe("");
});
