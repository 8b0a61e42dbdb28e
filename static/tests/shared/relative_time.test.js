import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {relativeTime} from "@mini_crm/shared/relative_time";

describe.current.tags("headless");
beforeEach(() => allowTranslations());

const {DateTime} = luxon;

test("time ago is told in words", () => {
    const now = DateTime.fromISO("2026-01-31T12:00");
    expect(relativeTime(now.minus({days: 2}), now)).toBe("2 days ago");
    expect(relativeTime(now.minus({minutes: 90}), now)).toBe("1 hour ago");
    expect(relativeTime(now.minus({seconds: 20}), now)).toBe("just now");
    expect(relativeTime(false, now)).toBe("");
});
