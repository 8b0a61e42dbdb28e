import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {ScoreFactorsAction} from "@mini_crm/score/score_factors_action";
import {rebalanced, sharedOut} from "@mini_crm/score/weights";
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

async function mountFactors({run = false, previous = false} = {}) {
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
        expect.step(["preview", args[0].weights.engagement]);
        return PREVIEW;
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
    expect.verifySteps([["preview", 0.4]]);
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

test("used settings can be undone from the message", async () => {
    await mountFactors();
    onRpc("mini_crm.score.factor", "apply", ({args}) => {
        expect.step(["apply", args[0].half_life]);
        return {before: SETTINGS, settings: args[0], previous: false, run: false};
    });
    await contains("[data-mark='half_life']").edit("60");
    await contains(".o_mini_crm_score_use").click();
    await animationFrame();
    expect(".o_mini_crm_score_use").not.toBeEnabled();
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect("[data-mark='half_life']").toHaveValue(30);
    expect.verifySteps([
        ["preview", 0.4],
        ["apply", 60],
        ["preview", 0.4],
        ["apply", 30],
        ["preview", 0.4],
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
    expect.verifySteps([["preview", 0.4]]);
    await contains(".o_mini_crm_score_discard").click();
    expect("[data-mark='half_life']").toHaveValue(30);
});

test("a run shows how far it is", async () => {
    await mountFactors({run: {done: 50, total: 200}});
    expect(".o_mini_crm_score_run").toHaveText(/25 %/);
    expect.verifySteps([["preview", 0.4]]);
});
