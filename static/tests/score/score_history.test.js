import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {
    contains,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {ScoreHistory} from "@mini_crm/score/score_history";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

describe.current.tags("desktop");
defineMiniCrmModels();

async function mountHistory(values) {
    onRpc("res.partner", "get_score_history", () => ({
        days: ["2026-01-29", "2026-01-30", "2026-01-31"],
        scores: [null, 60, 58],
        moves: [{date: "2026-01-31", before: "Healthy", after: "Moderate"}],
        change: {
            since: "2026-01-24",
            before: 60,
            after: 58,
            settings_changed: false,
            reasons: [
                {key: "engagement", points: -6, text: "No contact for 12 days"},
                {key: "purchases", points: 4, text: "One more purchase"},
            ],
        },
        ...values,
    }));
    mockDate("2026-01-31 12:00:00");
    await mountWithCleanup(ScoreHistory, {props: {customerId: 100, told: {}}});
    await animationFrame();
}

test("what has changed the score is told with its points", async () => {
    await mountHistory();
    expect(queryAllTexts(".o_mini_crm_score_change li")).toEqual([
        "−6No contact for 12 days",
        "+4One more purchase",
    ]);
    expect(".o_mini_crm_score_since").toHaveText("Since Jan 24: from 60 to 58");
    expect(".o_mini_crm_chart_line").toHaveCount(1);
    expect(".o_mini_crm_chart_band").toHaveCount(3);
    expect(".o_mini_crm_health_moves li").toHaveText(
        "Jan 31: from “Healthy” to “Moderate”",
    );
});

test("a score that never changed has no line", async () => {
    await mountHistory({change: false, scores: [null, null, null], moves: []});
    expect(".o_mini_crm_chart").toHaveCount(0);
    expect(".o_mini_crm_score_change").toHaveText(/has not changed yet/);
});

test("the health comes with its meaning, and its action is one tap away", async () => {
    onRpc("res.partner", "web_read", ({parent}) =>
        parent().map((record) => ({
            ...record,
            health_advice: {
                meaning: "Moderate engagement",
                advice: "Re-engage",
                actions: [
                    {key: "call", label: "Call", icon: "fa-phone"},
                    {key: "note", label: "Write a note", icon: "fa-sticky-note-o"},
                ],
            },
        })),
    );
    await mountView({
        resModel: "res.partner",
        resId: 100,
        type: "form",
        arch: `<form><field name="phone"/>
            <field name="health_advice" widget="mini_crm_health_advice"/></form>`,
    });
    expect(".o_mini_crm_health_advice").toHaveClass("o_mini_crm_health_yellow");
    expect(".o_mini_crm_health_advice p").toHaveText(/Moderate engagement/);
    await contains(".o_mini_crm_health_action.btn-primary").click();
    expect(".o_mini_crm_call_choice").toHaveCount(1);
});
