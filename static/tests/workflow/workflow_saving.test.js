import {expect, test} from "@odoo/hoot";
import {press, queryFirst, queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {contains, makeServerError, onRpc} from "@web/../tests/web_test_helpers";
import {
    add,
    card,
    defineWorkflowEditor,
    inSetting,
    openEditor,
    saved,
    server,
    titles,
} from "./workflow_test_helpers";

defineWorkflowEditor();

test.tags("desktop");
test("who saves second keeps his work, and chooses", async () => {
    await openEditor();
    const theirs = {...server.definition, first: "n2", nodes: {n2: {kind: "send"}}};
    server.conflict = {saved: false, revision: 9, definition: theirs, author: "Mina"};
    await contains(card("n1")).click();
    await contains(inSetting("text", "textarea")).edit("Mine");
    await saved();
    expect(server.saved).toEqual([]);
    expect(".o_mini_crm_workflow_conflict").toHaveText(/Mina/);
    expect(inSetting("text", "textarea")).toHaveValue("Mine");
    server.conflict = null;
    server.revision = 9;
    await contains(".o_mini_crm_workflow_mine").click();
    await animationFrame();
    expect(server.saved.at(-1).nodes.n1.text).toBe("Mine");
    expect(".o_mini_crm_workflow_conflict").toHaveCount(0);
});

test.tags("desktop");
test("who takes the other one can undo it", async () => {
    await openEditor();
    const theirs = {...server.definition, first: "n2", nodes: {n2: {kind: "send"}}};
    server.conflict = {saved: false, revision: 9, definition: theirs, author: "Mina"};
    await contains(card("n1")).click();
    await contains(inSetting("text", "textarea")).edit("Mine");
    await saved();
    server.conflict = null;
    server.revision = 9;
    await contains(".o_mini_crm_workflow_theirs").click();
    expect(titles()).toEqual(["A customer writes", "Send"]);
    await contains(".o_mini_crm_workflow_undo").click();
    expect((await saved()).nodes.n1.text).toBe("Mine");
});

test.tags("desktop");
test("what the server refuses is told and stays on the screen", async () => {
    onRpc("mini_crm.workflow", "save_definition", () => {
        throw makeServerError({message: "Too large."});
    });
    await openEditor();
    await contains(card("n1")).click();
    await contains(inSetting("text", "textarea")).edit("Much");
    await saved();
    expect(".o_mini_crm_workflow > .o_mini_crm_builder_error").toHaveText("Too large.");
    expect(inSetting("text", "textarea")).toHaveValue("Much");
});

test.tags("desktop");
test("a new workflow is saved with its first step", async () => {
    server.definition = {
        format: 1,
        trigger: {kind: ""},
        entry: {policy: "once"},
        audience: "[]",
        first: null,
        nodes: {},
    };
    server.revision = 0;
    onRpc("mini_crm.workflow", "web_save", () => expect.step("record saved"));
    await openEditor(false);
    expect(titles()).toEqual(["What starts it?"]);
    await contains(card("")).click();
    await contains("[data-trigger='message_received']").click();
    await add("/next", "send");
    const {first, trigger} = await saved();
    expect.verifySteps(["record saved"]);
    expect([first, trigger.kind]).toEqual(["n1", "message_received"]);
    expect(".o_mini_crm_workflow").toHaveAttribute("data-status", "saved");
});

test.tags("desktop");
test("a variable is put in where the cursor is", async () => {
    await openEditor();
    await contains(card("n1")).click();
    const area = queryFirst(inSetting("text", "textarea"));
    area.setSelectionRange(0, 0);
    await contains(".o_mini_crm_workflow_variable").click();
    await contains(".o-dropdown-item[data-variable='first_name']").click();
    expect((await saved()).nodes.n1.text).toBe("{first_name}Hello");
});

test.tags("desktop");
test("choices are typed one after the other, or taken from the field", async () => {
    await openEditor();
    await add("n2/next", "ask");
    expect(`[data-setting="choices"]`).toHaveCount(0);
    await contains(inSetting("answer", "select")).select("choice");
    await contains(".o_mini_crm_workflow_new_choice").edit("Red");
    await contains(inSetting("save_to", "select")).select("size");
    await contains(`[data-setting="choices"] .btn-link`).click();
    expect((await saved()).nodes.n3.choices).toEqual([
        {label: "Red", value: "Red"},
        {label: "Small", value: "s"},
        {label: "Large", value: "l"},
    ]);
});

test.tags("desktop");
test("a duration takes Persian digits, and tells what it cannot be", async () => {
    await openEditor();
    await add("n2/next", "delay");
    await contains(inSetting("duration", "input")).edit("۳");
    await contains(inSetting("duration", "select")).select("hours");
    expect((await saved()).nodes.n3.duration).toEqual({amount: 3, unit: "hours"});
    await contains(inSetting("duration", "input")).edit("soon");
    expect(`[data-setting="duration"] .o_mini_crm_builder_error`).toHaveCount(1);
    expect((await saved()).nodes.n3.duration).toEqual({amount: 3, unit: "hours"});
});

test.tags("desktop");
test("numbers of the published version are fresh every fifteen seconds", async () => {
    server.version = 2;
    let waiting = 3;
    onRpc("mini_crm.workflow", "get_numbers", () => ({
        n1: {waiting: waiting++, passed: 10001, failed: 0},
    }));
    await openEditor();
    await animationFrame();
    expect(`${card("n1")} .o_mini_crm_workflow_waiting`).toHaveText(/Waiting here\s+3/);
    expect(`${card("n1")} .o_mini_crm_workflow_passed`).toHaveText(
        /Passed\s+over 10,000/,
    );
    expect(`${card("n1")} .o_mini_crm_workflow_failed`).toHaveCount(0);
    await advanceTime(15000);
    await animationFrame();
    expect(`${card("n1")} .o_mini_crm_workflow_waiting`).toHaveText(/Waiting here\s+4/);
});

test.tags("desktop");
test("who may not edit sees the drawing and its settings, and no tools", async () => {
    server.mayEdit = false;
    await openEditor();
    for (const tool of ["plus", "palette", "undo", "publish"]) {
        expect(`.o_mini_crm_workflow_${tool}`).toHaveCount(0);
    }
    await contains(card("n1")).click();
    expect(inSetting("text", "textarea")).toHaveAttribute("readonly");
    await press("Delete");
    await animationFrame();
    expect(card("n1")).toHaveCount(1);
});

test.tags("desktop");
test("a test run shows steps, texts and times", async () => {
    onRpc("mini_crm.workflow", "get_dry_run", ({args, kwargs}) => {
        expect([args, kwargs.partner_id]).toEqual([[[1]], 100]);
        return [
            {node: "n1", edge: "next", text: "Hello", at: "2026-01-31 12:00:00"},
            {node: "n2", edge: "next", text: "Bye", at: false, reason: "quiet hours"},
        ];
    });
    await openEditor();
    await contains(".o_mini_crm_workflow_test_button").click();
    await contains(".modal input").edit("Sara", {confirm: false});
    await advanceTime(500);
    await contains(".o-autocomplete--dropdown-item:first").click();
    await animationFrame();
    expect(queryAllTexts(".o_mini_crm_workflow_bubble")).toEqual(["Hello", "Bye"]);
    expect(".o_mini_crm_workflow_steps li:last").toHaveText(/quiet hours/);
});

test.tags("mobile");
test("on a phone it is an outline with the same plus, and a sheet of settings", async () => {
    await openEditor();
    expect(".o_mini_crm_workflow_canvas").toHaveCount(0);
    expect(titles()).toEqual(["A customer writes", "Send", "Send"]);
    await add("n1/next", "ask");
    await contains(".o_bottom_sheet [data-setting='text'] textarea").edit(
        "Your phone?",
    );
    await contains(".o_mini_crm_workflow_done").click();
    await advanceTime(1000);
    expect(titles()).toEqual(["A customer writes", "Send", "Ask", "Send"]);
    expect((await saved()).nodes.n3.text).toBe("Your phone?");
});
