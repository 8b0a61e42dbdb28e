import {expect, test} from "@odoo/hoot";
import {mountView, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {ScoreRing} from "@mini_crm/score/score_ring";
import {starCount} from "@mini_crm/score/stars";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

test("the ring is drawn as far as the score goes and says so to screen readers", async () => {
    await mountWithCleanup(ScoreRing, {props: {score: 58, health: "yellow"}});
    expect(".o_mini_crm_ring").toHaveClass("o_mini_crm_health_yellow");
    expect(".o_mini_crm_ring").toHaveAttribute(
        "aria-label",
        "Score 58 of 100, Moderate",
    );
    expect(".o_mini_crm_ring_value").toHaveAttribute("stroke-dasharray", "58 100");
    expect(".o_mini_crm_ring_number").toHaveText("58");
});

test("not enough data is no red zero", async () => {
    await mountWithCleanup(ScoreRing, {props: {score: 10, health: false}});
    expect(".o_mini_crm_ring").toHaveClass("o_mini_crm_health_none");
    expect(".o_mini_crm_ring").toHaveAttribute("aria-label", "Not enough data yet");
    expect(".o_mini_crm_ring_value").toHaveCount(0);
    expect(".o_mini_crm_ring_number").toHaveText("?");
});

test("a star is full for every 20 points", () => {
    expect([0, 19, 20, 58, 99, 100].map(starCount)).toEqual([0, 0, 1, 2, 4, 5]);
});

test("the list shows ring and stars, but no stars without data", async () => {
    await mountView({
        resModel: "res.partner",
        type: "list",
        domain: [["id", "in", [100, 101]]],
        arch: `<list default_order="id"><field name="crm_score" widget="mini_crm_score"/></list>`,
    });
    expect(".o_data_row:eq(0) .o_mini_crm_stars_full").toHaveText("★★");
    expect(".o_data_row:eq(0) .o_mini_crm_stars_empty").toHaveText("★★★");
    expect(".o_data_row:eq(1) .o_mini_crm_stars").toHaveCount(0);
    expect(".o_data_row:eq(1) .o_mini_crm_health_none").toHaveCount(1);
});
