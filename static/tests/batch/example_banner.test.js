import {expect, test} from "@odoo/hoot";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {session} from "@web/session";
import {ExampleBanner} from "@mini_crm/batch/example_banner";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

async function mountBanner(shop) {
    patchWithCleanup(session, {mini_crm_example: shop});
    mockService("action", {doAction: (action) => expect.step(action)});
    onRpc("mini_crm.batch", "start_example", () => 60);
    onRpc("mini_crm.batch", "remove_example", () => ({removed: 58, kept: 2}));
    await mountWithCleanup(ExampleBanner);
}

test("an empty shop is offered an example, and shows it at once", async () => {
    await mountBanner("offered");
    await contains(".o_mini_crm_example_load").click();
    expect.verifySteps(["soft_reload"]);
    expect(session.mini_crm_example).toBe("present");
});

test("one click removes the example and tells who stays", async () => {
    mockService("notification", {
        add: (message) => {
            expect.step(message);
            return () => {};
        },
    });
    await mountBanner("present");
    await contains(".o_mini_crm_example_remove").click();
    expect(session.mini_crm_example).toBe("offered");
    expect.verifySteps([
        "soft_reload",
        "58 example customers removed; 2 that you worked with stay.",
    ]);
});

test("a shop with customers of its own, and an agent, see no banner", async () => {
    await mountBanner("");
    expect(".o_mini_crm_example_banner").toHaveCount(0);
});
