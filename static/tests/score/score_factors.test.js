import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {ScoreFactorsAction} from "@mini_crm/score/score_factors_action";
import {changesOf, rebalanced, sharedOut} from "@mini_crm/score/weights";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

describe.current.tags("desktop");
defineMiniCrmModels();

const SETTINGS = {
    weights: {
        engagement: 0.4,
        "engagement.recency": 1,
        purchases: 0.3,
        "purchases.count": 1,
        completeness: 0.2,
        "completeness.basic": 0.5,
        "completeness.custom": 0.5,
        loyalty: 0.1,
        "loyalty.since": 1,
    },
    full_counts: {
        "engagement.interactions": 50,
        "purchases.count": 10,
        "loyalty.since": 730,
        "loyalty.repeat": 4,
    },
    half_life: 30,
    full_spent: 0,
    full_order: 0,
};
const FACTORS = ["engagement", "purchases", "completeness", "loyalty"].map((key) => ({
    key,
    name: key,
    parts: Object.keys(SETTINGS.weights)
        .filter((part) => part.startsWith(`${key}.`))
        .map((part) => ({key: part, name: part})),
}));
const PREVIEW = {
    customers: 10,
    all: 10,
    unknown: 2,
    moved: 3,
    crossed: 1,
    bars: {
        before: [0, 0, 0, 8, 0, 0, 0, 0, 0, 0],
        after: [0, 0, 0, 5, 0, 3, 0, 0, 0, 0],
    },
    bar_bands: [..."rrrrryyygg"].map((b) => ({r: "red", y: "yellow", g: "green"})[b]),
    bands: {
        before: {green: 0, yellow: 0, red: 8},
        after: {green: 0, yellow: 3, red: 5},
    },
    examples: [{id: 1, name: "Sara", before: 38, after: 52}],
};

async function mountFactors({run = false, previous = false, preview = PREVIEW} = {}) {
    onRpc("mini_crm.score.factor", "describe", () => ({
        settings: SETTINGS,
        defaults: SETTINGS,
        factors: FACTORS,
        currency: 1,
        marks: {spent: 1000, order: 100},
        custom_fields: 0,
        previous,
        run,
    }));
    onRpc("mini_crm.score.factor", "preview", ({args}) => {
        expect.step(["preview", args[0].weights?.engagement]);
        return preview;
    });
    await mountWithCleanup(ScoreFactorsAction, {
        props: {action: {}, actionId: 1, updateActionState: () => {}, className: ""},
    });
    await animationFrame();
}

test("what the others give is shared out in proportion, 100 in all", () => {
    expect(sharedOut(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(sharedOut(60, [0, 0])).toEqual([30, 30]);
    expect(
        rebalanced({a: 0.4, b: 0.3, c: 0.2, d: 0.1}, ["a", "b", "c", "d"], "a", 70),
    ).toEqual({a: 0.7, b: 0.15, c: 0.1, d: 0.05});
});

test("a moved slider moves its sisters, and the preview follows", async () => {
    await mountFactors();
    expect.verifySteps([["preview", undefined]]);
    expect(".o_mini_crm_score_use").not.toBeEnabled();
    await contains("#weight-engagement").edit(70);
    await advanceTime(500);
    await animationFrame();
    expect.verifySteps([["preview", 0.7]]);
    expect(queryAllTexts(".o_mini_crm_weight_title b")).toEqual([
        "70 %",
        "15 %",
        "10 %",
        "5 %",
    ]);
    expect(".o_mini_crm_preview_sum").toHaveText(
        "3 scores would change, 1 of them their colour.",
    );
    expect(".o_mini_crm_preview_scope").toHaveText(/all 10 customers\. 2 without/);
    expect(".o_mini_crm_preview_examples li").toHaveText(/Sara/);
});

test("only what was changed is sent, of weights with its sisters", () => {
    const settings = structuredClone(SETTINGS);
    expect(changesOf(settings, SETTINGS)).toEqual({});
    settings.full_counts["loyalty.since"] = 365;
    settings.weights["completeness.basic"] = 0.7;
    settings.full_order = 80;
    expect(changesOf(settings, SETTINGS)).toEqual({
        weights: {"completeness.basic": 0.7, "completeness.custom": 0.5},
        full_counts: {"loyalty.since": 365},
        full_order: 80,
    });
});

test("numbers of a sample are told as about those of all", async () => {
    await mountFactors({preview: {...PREVIEW, customers: 10, all: 1000}});
    expect(".o_mini_crm_preview_sum").toHaveText(
        "About 300 scores would change, about 100 of them their colour.",
    );
    expect(queryAllTexts(".o_mini_crm_preview_bands td b")).toEqual([
        "about 0",
        "about 300",
        "about 500",
    ]);
    expect(".o_mini_crm_preview_scope").toHaveText(
        "Counted from a sample: 10 of 1,000 customers. About 200 without enough data are left out.",
    );
    expect.verifySteps([["preview", undefined]]);
});

test("used settings can be undone from the message", async () => {
    await mountFactors();
    onRpc("mini_crm.score.factor", "apply", ({args}) => {
        expect.step(["apply", args[0]]);
        const settings = {...SETTINGS, ...args[0]};
        return {before: SETTINGS, settings, previous: false, run: false};
    });
    await contains("[data-mark='half_life']").edit("60");
    await contains(".o_mini_crm_score_use").click();
    await animationFrame();
    expect(".o_mini_crm_score_use").not.toBeEnabled();
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect("[data-mark='half_life']").toHaveValue(30);
    expect.verifySteps([
        ["preview", undefined],
        ["apply", {half_life: 60}],
        ["preview", undefined],
        ["apply", {half_life: 30}],
        ["preview", undefined],
    ]);
});

test("a setting that cannot be is told and not used", async () => {
    await mountFactors();
    onRpc("mini_crm.score.factor", "preview", () => {
        throw new Error("Recency: enter a number from 1 to 3650.");
    });
    await contains("[data-mark='half_life']").edit("0");
    await advanceTime(500);
    await animationFrame();
    expect(".o_mini_crm_preview_problem").toHaveCount(1);
    expect(".o_mini_crm_score_use").not.toBeEnabled();
    expect.verifySteps([["preview", undefined]]);
    await contains(".o_mini_crm_score_discard").click();
    expect("[data-mark='half_life']").toHaveValue(30);
});

test("a run shows how far it is", async () => {
    await mountFactors({run: {done: 50, total: 200}});
    expect(".o_mini_crm_score_run").toHaveText(/25 %/);
    expect.verifySteps([["preview", undefined]]);
});
