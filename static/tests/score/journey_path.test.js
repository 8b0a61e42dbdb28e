import {expect, test} from "@odoo/hoot";
import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `
    <form><field name="name"/>
    <field name="journey_stage" widget="mini_crm_journey_path"/></form>`;

test("the current stage is marked, those before it are past", async () => {
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    expect(".o_mini_crm_path_step").toHaveCount(5);
    expect(".o_mini_crm_path_past").toHaveCount(3);
    expect(".o_mini_crm_path_current [data-stage='retention']").toHaveCount(1);
});

test("two taps set a stage by hand, one more takes it back", async () => {
    mockDate("2026-01-31 12:00:00");
    onRpc("res.partner", "action_set_journey_stage", ({args}) => {
        expect.step(args);
        return true;
    });
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await contains("[data-stage='purchase']").click();
    expect(".o_mini_crm_choice_button").toHaveCount(3);
    await contains(".o_mini_crm_choice_button:eq(0)").click();
    await animationFrame();
    expect.verifySteps([[[100], "purchase", "2026-02-28"]]);
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect.verifySteps([[[100], false, false]]);
});

test("since when the stage holds is told in days", async () => {
    mockDate("2026-01-31 12:00:00");
    onRpc("res.partner", "web_read", ({parent}) =>
        parent().map((record) => ({...record, stage_since: "2025-12-21 10:00:00"})),
    );
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    expect(".o_mini_crm_path_since").toHaveText("In Retention for 41 days");
});
