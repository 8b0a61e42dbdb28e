import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const TOAST = ".o_mini_crm_bin_toast";

test("Delete of a form puts the contact into the bin, unasked, with an undo", async () => {
    onRpc("res.partner", "unlink", () => {
        throw new Error("deleted for good");
    });
    onRpc("res.partner", "delete_into_bin", ({args}) => {
        expect.step(args[0]);
        return {batch_id: 5, count: 1};
    });
    onRpc("res.partner", "undo_delete", ({args}) => {
        expect.step(`undo ${args[0]}`);
        return 0;
    });
    await mountView({
        type: "form",
        resModel: "res.partner",
        resId: 100,
        resIds: [100, 101],
        arch: `<form><field name="name" /></form>`,
        actionMenus: {},
    });
    await contains(".o_cp_action_menus button").click();
    await contains(".o-dropdown--menu .o_menu_item:contains(Delete)").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([[100]]);
    await contains(`${TOAST} button:contains(Undo)`).click();
    await animationFrame();
    expect.verifySteps(["undo 5"]);
});

test.tags("desktop");
test("Delete of a selection puts it into the bin", async () => {
    onRpc("res.partner", "delete_into_bin", ({args}) => {
        expect.step(args[0].toSorted((a, b) => a - b));
        return {batch_id: 5, count: 2};
    });
    await mountView({
        type: "list",
        resModel: "res.partner",
        domain: [["id", "in", [100, 101]]],
        arch: `<list><field name="name" /></list>`,
        actionMenus: {},
    });
    await contains("thead .o_list_record_selector input").click();
    await contains(".o_cp_action_menus button").click();
    await contains(".o-dropdown--menu .o_menu_item:contains(Delete)").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([[100, 101]]);
    expect(TOAST).toHaveCount(1);
});
