import {beforeEach, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {
    byDays,
    fileSize,
    lengthHint,
    messagesNeeded,
    slashReplies,
    stateLook,
    stillMissing,
    textSize,
    withFresh,
} from "@mini_crm/thread/thread_text";
import {waitLook} from "@mini_crm/thread/waiting_fields";

const {DateTime} = luxon;
const TELEGRAM = {count: 4096, unit: "utf16"};
const INSTAGRAM = {count: 1000, unit: "bytes"};

beforeEach(allowTranslations);

test("a text has the size that the provider counts", () => {
    expect(textSize("سلام", "bytes")).toBe(8);
    expect(textSize("سلام", "utf16")).toBe(4);
    expect(textSize("👍", "utf16")).toBe(2);
});

test("a text that does not fit becomes several messages, between words", () => {
    expect(messagesNeeded("x".repeat(4096), TELEGRAM)).toBe(1);
    expect(messagesNeeded("x".repeat(4097), TELEGRAM)).toBe(2);
    expect(messagesNeeded("سلام ".repeat(200), INSTAGRAM)).toBe(2);
    expect(messagesNeeded("word ".repeat(1000), {count: 9, unit: "utf16"})).toBe(500);
    expect(messagesNeeded("anything", null)).toBe(1);
});

test("the length is spoken of near the limit and beyond", () => {
    const hint = (...args) => String(lengthHint(...args));
    expect(hint("short", INSTAGRAM)).toBe("");
    expect(hint("x".repeat(900), INSTAGRAM)).toBe("100 characters left");
    // of Persian letters, half as many fit
    expect(hint("س".repeat(450), INSTAGRAM)).toBe("50 characters left");
    expect(hint("x".repeat(1001), INSTAGRAM)).toBe("Will be sent as 2 messages");
    expect(hint("x".repeat(5000), null)).toBe("");
});

test("each state of a message to the customer has words", () => {
    for (const state of [
        "queued",
        "sending",
        "sent",
        "delivered",
        "read",
        "failed",
        "uncertain",
        "cancelled",
    ]) {
        expect(stateLook(state).label).not.toBe("");
    }
    expect(stateLook("received")).toBe(null);
});

test("rows stand by days, the oldest first", () => {
    const now = DateTime.fromISO("2026-01-31T18:00:00");
    const row = (key, date) => ({key, date: DateTime.fromISO(date).toUTC().toISO()});
    const days = byDays(
        [
            row("c", "2026-01-31T10:00:00"),
            row("b", "2026-01-31T09:00:00"),
            row("a", "2026-01-30T09:00:00"),
        ],
        now,
    );
    expect(days.map((day) => String(day.label))).toEqual(["Yesterday", "Today"]);
    expect(days[1].rows.map((one) => one.key)).toEqual(["b", "c"]);
});

test("what is read again replaces the newest rows and keeps the older ones", () => {
    const rows = (...keys) => keys.map((key) => ({key}));
    expect(withFresh(rows(4, 3, 2, 1), rows(5, 4, 3))).toEqual(rows(5, 4, 3, 2, 1));
    // more has come than was read: what is between is not known
    expect(withFresh(rows(4, 3), rows(9, 8, 7))).toBe(null);
    expect(withFresh([], rows(1))).toBe(null);
});

test("a slash looks for quick replies, by shortcut first", () => {
    const replies = [
        {name: "thanks", body: "Many thanks"},
        {name: "hello", body: "Hello, thanks for writing"},
    ];
    const names = (text) => slashReplies(replies, text)?.map((reply) => reply.name);
    expect(names("/")).toEqual(["thanks", "hello"]);
    expect(names("/HE")).toEqual(["hello"]);
    expect(names("/than")).toEqual(["thanks", "hello"]);
    expect(names("/zzz")).toEqual([]);
    expect(names("hello /")).toBe(undefined);
});

test("a variable is missing as long as it stands in the text", () => {
    expect(stillMissing("To {city}", ["city", "phone"])).toEqual(["city"]);
    expect(stillMissing("To Shiraz", ["city"])).toEqual([]);
});

test("the size of a file is told in words that people use", () => {
    expect(fileSize(0)).toBe("");
    expect(fileSize(900)).toBe("900 B");
    expect(fileSize(1_500_000)).toBe("1.5 MB");
    expect(fileSize(25_000_000)).toBe("25 MB");
});

test("a wait has another tone after an hour, and after a day", () => {
    const now = DateTime.fromISO("2026-01-31T12:00:00").reconfigure({locale: "en"});
    const look = (time) => waitLook(now.minus(time), now);
    expect(look({minutes: 5})).toEqual({text: "5 minutes", tone: "success"});
    expect(look({minutes: 59}).tone).toBe("success");
    expect(look({hours: 1})).toEqual({text: "1 hour", tone: "warning"});
    expect(look({hours: 30})).toEqual({text: "1 day", tone: "danger"});
    expect(look({days: 3})).toEqual({text: "3 days", tone: "danger"});
});

test("a message that was sent again stands once", () => {
    const rows = (...keys) => keys.map((key) => ({key}));
    const shown = withFresh(rows("d", "c", "b", "a"), rows("b", "d", "c"));
    expect(shown.map((row) => row.key)).toEqual(["b", "d", "c", "a"]);
});
