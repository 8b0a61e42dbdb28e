import {beforeEach, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    card,
    defineWorkflowEditor,
    inSetting,
    openEditor,
    saved,
    server,
} from "./workflow_test_helpers";

defineWorkflowEditor();

const BOX = inSetting("bulk", "input");
let preview = null;

beforeEach(() => {
    preview = {customers: 1234, days: 30, more: false};
    onRpc("mini_crm.workflow", "get_bulk_preview", ({args}) => {
        expect.step(args[1].kind);
        return preview;
    });
});

async function tick() {
    await openEditor();
    await contains(card("")).click();
    await contains(BOX).click();
    await animationFrame();
}

test.tags("desktop");
test("bulk changes are switched on by who has seen how many customers that is", async () => {
    await tick();
    expect.verifySteps(["message_received"]);
    expect(".modal-body").toHaveText(/30 days.*1,234 customers/s);
    expect(BOX).not.toBeChecked();
    expect(await saved()).toBe(undefined);
    await contains(".modal-footer .btn-primary").click();
    expect(BOX).toBeChecked();
    expect((await saved()).bulk).toBe(true);
});

test.tags("desktop");
test("who is taken aback by the number leaves bulk changes off", async () => {
    preview.more = true;
    await tick();
    expect(".modal-body").toHaveText(/1,234\+ customers/);
    await contains(".modal-footer .btn-secondary").click();
    expect(BOX).not.toBeChecked();
    expect(await saved()).toBe(undefined);
    await contains(BOX).click();
    await contains(".modal-footer .btn-primary").click();
    expect(BOX).toBeChecked();
    expect.verifySteps(["message_received", "message_received"]);
});

test.tags("desktop");
test("bulk changes are switched off without a question", async () => {
    server.definition.bulk = true;
    await tick();
    expect(".modal").toHaveCount(0);
    expect((await saved()).bulk).toBe(false);
});

test.tags("desktop");
test("of a silence it is told who is silent already", async () => {
    server.definition.trigger = {kind: "inactive", days: 60};
    preview.days = 60;
    const kind = {name: "inactive", label: "Silence", help: "", settings: []};
    onRpc("mini_crm.workflow", "get_editor_data", async ({parent}) => {
        const data = await parent();
        return {...data, triggers: [...data.triggers, kind]};
    });
    await tick();
    expect.verifySteps(["inactive"]);
    expect(".modal-body").toHaveText(/1,234 customers have been silent for 60 days/);
});
