import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `<form><field name="name"/><widget name="mini_crm_score_explanation"/></form>`;
const PARTS = [
    ["engagement", 22, 40],
    ["purchases", 21, 30],
    ["completeness", 10, 20],
    ["loyalty", 5, 10],
];

function explanation(values) {
    return {
        score: 58,
        stars: 2,
        health: "yellow",
        health_label: "Moderate",
        parts: PARTS.map(([key, points, max]) => ({
            key,
            label: key,
            points,
            max,
            factors: [
                {
                    key: `${key}.a`,
                    label: "A",
                    points: points - 0.5,
                    max,
                    fact: `Fact of ${key}`,
                },
                {key: `${key}.b`, label: "B", points: 0, max: 0, fact: "Not set up"},
            ],
        })),
        hints: [{code: "contact", text: "Write or call now", points: 6}],
        ...values,
    };
}

async function mountExplanation(resId = 100) {
    await mountView({resModel: "res.partner", resId, type: "form", arch: ARCH});
    await animationFrame();
}

test("the points of the parts are shown and add up to the score", async () => {
    onRpc("res.partner", "get_score_explanation", () => explanation());
    await mountExplanation();
    expect(".o_mini_crm_part").toHaveCount(4);
    expect(".o_mini_crm_part_points:eq(0)").toHaveText("22 / 40");
    expect(".o_mini_crm_explanation_sum").toHaveText("22 + 21 + 10 + 5 = 58");
});

test("a part unfolds to plain facts and folds again", async () => {
    onRpc("res.partner", "get_score_explanation", () => explanation());
    await mountExplanation();
    expect(".o_mini_crm_factor").toHaveCount(0);
    await contains("[data-part='purchases'] button").click();
    expect(".o_mini_crm_factor").toHaveCount(2);
    expect(".o_mini_crm_factor_fact:eq(0)").toHaveText(/Fact of purchases/);
    await contains("[data-part='purchases'] button").click();
    expect(".o_mini_crm_factor").toHaveCount(0);
});

test("a hint is one tap away from being done", async () => {
    onRpc("res.partner", "get_score_explanation", () => explanation());
    await mountExplanation();
    await contains("[data-hint='contact']").click();
    expect(".o_mini_crm_call_choice").toHaveCount(1);
});

test("recalculating asks the server and shows the result", async () => {
    let score = 58;
    onRpc("res.partner", "get_score_explanation", () => explanation({score}));
    onRpc("res.partner", "action_recalculate_score", ({args}) => {
        expect.step(args[0]);
        score = 60;
        return true;
    });
    await mountExplanation();
    await contains(".o_mini_crm_recalculate").click();
    await animationFrame();
    expect.verifySteps([[100]]);
    expect(".o_mini_crm_ring_number").toHaveText("60");
});

test("a failure can be tried again", async () => {
    let fails = true;
    onRpc("res.partner", "get_score_explanation", () => {
        if (fails) {
            throw new Error("no network");
        }
        return explanation();
    });
    await mountExplanation();
    expect(".o_mini_crm_state[role='alert']").toHaveCount(1);
    fails = false;
    await contains(".o_mini_crm_retry").click();
    expect(".o_mini_crm_part").toHaveCount(4);
});

test("a contact without a score is told apart", async () => {
    onRpc("res.partner", "get_score_explanation", () => ({}));
    await mountExplanation(101);
    expect(".o_mini_crm_explanation").toHaveAttribute("data-status", "none");
});
