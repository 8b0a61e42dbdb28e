import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {allowTranslations, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {daysText, shareText, stageFacts} from "@mini_crm/journey/journey_texts";
import {localization} from "@web/core/l10n/localization";

describe.current.tags("headless");
beforeEach(() => {
    allowTranslations();
    patchWithCleanup(localization, {
        decimalPoint: ".",
        grouping: [3, 0],
        thousandsSep: ",",
    });
});

const STAGES = ["awareness", "consideration", "advocacy"].map((stage) => ({
    stage,
    label: stage,
    forward: 3,
    back: 2,
    silent: 1,
    conversion: 0.5,
    domains: {forward: ["f", stage], back: ["b", stage], silent: ["s", stage]},
}));

test("small shares keep a decimal, and nobody is a dash", () => {
    expect([0, 0.034, 0.5, 1, null].map(shareText)).toEqual([
        "0%",
        "3.4%",
        "50%",
        "100%",
        "–",
    ]);
});

test("days are words, and an unknown time is a dash", () => {
    expect([0, 1, 12, null].map((days) => String(daysText(days)))).toEqual([
        "Under a day",
        "1 day",
        "12 days",
        "–",
    ]);
});

test("nobody moves back from the first stage, nor on from the last", () => {
    const keys = STAGES.map((stage) => stageFacts(stage, STAGES).map(({key}) => key));
    expect(keys).toEqual([
        ["forward", "silent"],
        ["forward", "back", "silent"],
        ["back", "silent"],
    ]);
});

test("each fact opens the customers of its own stage", () => {
    for (const stage of STAGES) {
        for (const {key, value, domain} of stageFacts(stage, STAGES)) {
            expect([value, domain]).toEqual([stage[key], [key[0], stage.stage]]);
        }
    }
});
