import {expect, test} from "@odoo/hoot";
import {Deferred, advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    makeDialogMockEnv,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {BulkDialog} from "@mini_crm/batch/bulk_dialog";
import {selectedDomain} from "@mini_crm/batch/bulk_views";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const PREVIEW = {
    count: 3,
    hash: "1",
    changed: 3,
    already: 0,
    left_out: [],
    typed: false,
    undo: true,
};
const APPLY = ".o_mini_crm_bulk_apply";
const SUMMARY = "input[name=summary]";

/** Open the dialog of one action. */
async function mountDialog(action) {
    onRpc("mini_crm.bulk", "get_choices", () => ({
        count: 3,
        actions: [{icon: "fa-tag", opens: false, ...action}],
        fields: [],
        stages: [],
    }));
    await makeDialogMockEnv();
    await mountWithCleanup(BulkDialog, {
        props: {
            domain: [],
            action: action.key,
            reload: () => undefined,
            close: () => undefined,
        },
    });
}

test("a preview of other values does not let anybody apply these", async () => {
    const slow = new Deferred();
    onRpc("mini_crm.bulk", "preview", async ({args}) => {
        expect.step(args[2].summary);
        if (args[2].summary === "Call") {
            await slow;
        }
        return PREVIEW;
    });
    await mountDialog({key: "task", label: "Make a task", value: "task", typed: false});
    await contains(SUMMARY).edit("Call");
    await advanceTime(400);
    expect.verifySteps(["Call"]);
    await contains(SUMMARY).edit("Visit");
    slow.resolve();
    await animationFrame();
    expect(APPLY).not.toBeEnabled();
    await advanceTime(400);
    await animationFrame();
    expect.verifySteps(["Visit"]);
    expect(APPLY).toBeEnabled();
});

test("the number of customers can be typed in Persian digits", async () => {
    onRpc("mini_crm.bulk", "preview", () => ({
        ...PREVIEW,
        count: 1200,
        changed: 1200,
        typed: true,
    }));
    onRpc("mini_crm.bulk", "apply", ({kwargs}) => {
        expect.step(kwargs.typed);
        return 7;
    });
    onRpc("mini_crm.batch", "progress", () => new Deferred());
    await mountDialog({key: "delete", label: "Delete", value: "", typed: true});
    expect(APPLY).not.toBeEnabled();
    await contains("input[name=typed]").edit("۱۲۰۱");
    expect(APPLY).not.toBeEnabled();
    await contains("input[name=typed]").edit("۱٬۲۰۰");
    expect(APPLY).toHaveClass("btn-danger");
    await contains(APPLY).click();
    expect.verifySteps(["1200"]);
});

test("a selection means those who are archived as well", () => {
    const selection = [{resId: 3}, {resId: 5}];
    const domain = [["city", "=", "Qom"]];
    expect(selectedDomain({isDomainSelected: true, domain, selection})).toEqual(domain);
    expect(selectedDomain({isDomainSelected: false, domain, selection})).toEqual([
        ["id", "in", [3, 5]],
        ["active", "in", [true, false]],
    ]);
});
