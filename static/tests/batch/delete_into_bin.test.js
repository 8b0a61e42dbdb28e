import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const TOAST = ".o_mini_crm_bin_toast";

test("Delete of a form asks nothing, tells of the bin and offers an undo", async () => {
    onRpc("res.partner", "unlink", ({args, kwargs}) => {
        expect(kwargs.context.mini_crm_tell_bin).toBe(true);
        expect.step(args[0]);
        return {count: 1, name: "Ann", undo: "signed"};
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
    expect(`${TOAST}:contains(“Ann” is in the bin)`).toHaveCount(1);
    await contains(`${TOAST} button:contains(Undo)`).click();
    await animationFrame();
    expect.verifySteps(["undo signed"]);
    expect(".o_notification:contains(The customer is back.)").toHaveCount(1);
});

test.tags("desktop");
test("Delete of a selection asks nothing and tells of the bin", async () => {
    onRpc("res.partner", "unlink", ({args}) => {
        expect.step(args[0].toSorted((a, b) => a - b));
        return {count: 2, name: "", undo: "signed"};
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
    expect(`${TOAST}:contains(2 customers are in the bin)`).toHaveCount(1);
});

test("what else is deleted is asked and told as ever", async () => {
    onRpc("res.company", "unlink", ({kwargs}) => {
        expect("mini_crm_tell_bin" in kwargs.context).toBe(false);
        expect.step("unlink");
        return true;
    });
    await mountView({
        type: "form",
        resModel: "res.company",
        resId: 1,
        arch: `<form><field name="name" /></form>`,
        actionMenus: {},
    });
    await contains(".o_cp_action_menus button").click();
    await contains(".o-dropdown--menu .o_menu_item:contains(Delete)").click();
    await contains(".modal button.btn-primary").click();
    await animationFrame();
    expect.verifySteps(["unlink"]);
    expect(TOAST).toHaveCount(0);
});
