import {expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryFirst, queryText} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    add,
    card,
    defineWorkflowEditor,
    inSetting,
    openEditor,
    plus,
    saved,
    server,
    titles,
} from "./workflow_test_helpers";

defineWorkflowEditor();

test.tags("desktop");
test("a step is put on an edge by two clicks, and saved by itself", async () => {
    await openEditor();
    expect(titles()).toEqual(["A customer writes", "Send", "Send"]);
    await add("n1/next", "ask");
    expect(titles()).toEqual(["A customer writes", "Send", "Ask", "Send"]);
    expect(card("n3")).toHaveClass("o_mini_crm_workflow_selected");
    await contains(inSetting("text", "textarea")).edit("Your phone?");
    await contains(inSetting("answer", "select")).select("phone");
    await contains(inSetting("save_to", "select")).select("phone");
    const {nodes} = await saved();
    expect(nodes.n1.next).toEqual({next: "n3"});
    expect(nodes.n3).toEqual({
        kind: "ask",
        text: "Your phone?",
        answer: "phone",
        save_to: "phone",
        next: {answered: "n2"},
    });
    expect(".o_mini_crm_workflow").toHaveAttribute("data-status", "saved");
});

test.tags("desktop");
test("undo and redo by keys lead through every change", async () => {
    await openEditor();
    await add("n2/next", "delay");
    await contains(".o_mini_crm_workflow_view").focus();
    await press(["ctrl", "z"]);
    await animationFrame();
    expect(titles()).toEqual(["A customer writes", "Send", "Send"]);
    await press(["ctrl", "y"]);
    await animationFrame();
    expect(titles()).toEqual(["A customer writes", "Send", "Send", "Wait"]);
    await contains(".o_mini_crm_workflow_undo").click();
    expect(Object.keys((await saved()).nodes)).toEqual(["n1", "n2"]);
});

test.tags("desktop");
test("arrows move, Enter opens the settings, Escape comes back, Delete removes", async () => {
    await openEditor();
    await contains(".o_mini_crm_workflow_view").focus();
    await press("ArrowDown");
    await animationFrame();
    expect(card("")).toHaveClass("o_mini_crm_workflow_selected");
    await press("ArrowDown");
    await animationFrame();
    expect(card("n1")).toHaveClass("o_mini_crm_workflow_selected");
    await press("Enter");
    await animationFrame();
    expect(inSetting("text", "textarea")).toBeFocused();
    await press("Escape");
    expect(".o_mini_crm_workflow_view").toBeFocused();
    await press("Delete");
    await animationFrame();
    expect(titles()).toEqual(["A customer writes", "Send"]);
    const {first, nodes} = await saved();
    expect(first).toBe("n2");
    expect(Object.keys(nodes)).toEqual(["n2"]);
});

test.tags("desktop");
test("Delete in a text deletes letters, not the step", async () => {
    await openEditor();
    await contains(card("n1")).click();
    await contains(inSetting("text", "textarea")).focus();
    await press("Delete");
    await animationFrame();
    expect(card("n1")).toHaveCount(1);
});

test.tags("desktop");
test("a copied step is put behind the selected one, with its settings", async () => {
    await openEditor();
    await contains(card("n1")).click();
    await contains(".o_mini_crm_workflow_view").focus();
    await press(["ctrl", "c"]);
    await contains(card("n2")).click();
    await contains(".o_mini_crm_workflow_view").focus();
    await press(["ctrl", "v"]);
    await animationFrame();
    const {nodes} = await saved();
    expect(nodes.n3).toEqual({kind: "send", text: "Hello", next: {}});
    expect(nodes.n2.next).toEqual({next: "n3"});
});

test.tags("desktop");
test("a kind is dragged from the palette onto a plus", async () => {
    await openEditor();
    const {drop} = await contains(
        `.o_mini_crm_workflow_kind[data-kind="delay"]`,
    ).drag();
    await drop(plus("n1/next"));
    const {nodes} = await saved();
    expect(nodes.n1.next).toEqual({next: "n3"});
    expect(nodes.n3.kind).toBe("delay");
});

test.tags("desktop");
test("a step is dragged to another place", async () => {
    await openEditor();
    const {drop} = await contains(card("n1")).drag();
    await drop(plus("n2/next"));
    const {first, nodes} = await saved();
    expect(first).toBe("n2");
    expect(nodes.n2.next).toEqual({next: "n1"});
    expect(nodes.n1.next).toEqual({});
});

test.tags("desktop");
test("a rare way is unfolded and led to a step that is there", async () => {
    await openEditor();
    await add("n1/next", "ask");
    expect(plus("n3/timeout")).toHaveCount(0);
    await contains(`${card("n3")} .o_mini_crm_workflow_fold`).click();
    await contains(plus("n3/timeout")).click();
    await contains(".o_mini_crm_workflow_lead").click();
    await contains(".o_mini_crm_choice_button[data-target='n2']").click();
    expect((await saved()).nodes.n3.next).toEqual({answered: "n2", timeout: "n2"});
});

test.tags("desktop");
test("problems are listed and shown at their step, and keep it from being published", async () => {
    server.problems = [
        {node: "n2", setting: "text", code: "x", text: "Too short.", warning: false},
    ];
    await openEditor();
    expect(".o_mini_crm_workflow_publish").not.toBeEnabled();
    expect(card("n2")).toHaveClass("o_mini_crm_workflow_wrong");
    await contains(".o_mini_crm_workflow_problems").click();
    await contains(".o_mini_crm_workflow_problem").click();
    expect(card("n2")).toHaveClass("o_mini_crm_workflow_selected");
    expect(`[data-setting="text"] .o_mini_crm_builder_error`).toHaveText("Too short.");
    server.problems = [];
    await contains(inSetting("text", "textarea")).edit("Longer");
    await saved();
    expect(".o_mini_crm_workflow_publish").toBeEnabled();
});

test.tags("desktop");
test("a warning is shown and lets the workflow be published", async () => {
    server.problems = [
        {node: "n2", setting: "", code: "x", text: "Careful.", warning: true},
    ];
    await openEditor();
    expect(".o_mini_crm_workflow_publish").toBeEnabled();
    expect(card("n2")).toHaveClass("o_mini_crm_workflow_wrong");
});

test.tags("desktop");
test("buttons zoom, the wheel zooms with Ctrl only", async () => {
    await openEditor();
    const view = queryFirst(".o_mini_crm_workflow_view");
    const zoom = () => parseInt(queryText(".o_mini_crm_workflow_fit"), 10);
    const turn = async (ctrlKey) => {
        const wheel = new WheelEvent("wheel", {ctrlKey, deltaY: 100, cancelable: true});
        view.dispatchEvent(wheel);
        await animationFrame();
        return wheel.defaultPrevented;
    };
    const before = zoom();
    await contains(".o_mini_crm_workflow_zoom .btn:last").click();
    const larger = zoom();
    expect(larger).toBeGreaterThan(before);
    expect(await turn(false)).toBe(false);
    expect(zoom()).toBe(larger);
    expect(await turn(true)).toBe(true);
    expect(zoom()).toBeLessThan(larger);
});

test.tags("desktop");
test("an earlier answer is put into a text from the menu of values", async () => {
    await openEditor();
    await add("n1/next", "ask");
    await contains(inSetting("text", "textarea")).edit("Which city do you live in?");
    await contains(".o_mini_crm_workflow_variable").click();
    expect(queryAllTexts(".o_mini_crm_workflow_variables .o-dropdown-item")).toEqual([
        "First name",
    ]);
    await contains(".o_mini_crm_workflow_variable").click();
    expect(".o_mini_crm_workflow_variables").toHaveCount(0);
    // the menu of another step, not that of the last one
    await contains(card("n2")).click();
    await contains(inSetting("text", "textarea")).edit("");
    await contains(".o_mini_crm_workflow_variable").click();
    expect(queryAllTexts(".o_mini_crm_workflow_variables .o-dropdown-item")).toEqual([
        "First name",
        "Answer to “Which city do you live in?”",
    ]);
    await contains("[data-variable='answer:n3']").click();
    expect((await saved()).nodes.n2.text).toBe("{answer:n3}");
});

test.tags("desktop");
test("a wait for a date offers the dates that runs know", async () => {
    await openEditor();
    await add("n1/next", "delay");
    await contains(inSetting("by", "select")).select("date");
    await contains(inSetting("date", "select")).select("customer_since");
    expect((await saved()).nodes.n3.date).toBe("customer_since");
    expect(queryText(`${card("n3")}`)).toMatch(/Customer Since/);
});

test.tags("desktop");
test("a segment is saved by its id, and shown by its name", async () => {
    await openEditor();
    await contains(card("")).click();
    await contains(".o_mini_crm_workflow_other_trigger").click();
    await contains("[data-trigger='segment_entered']").click();
    await contains(inSetting("segment", "select")).select("9");
    expect((await saved()).trigger).toEqual({kind: "segment_entered", segment: 9});
    expect(queryText(card(""))).toMatch(/Local/);
});

test.tags("desktop");
test("the most starts in an hour are written at once", async () => {
    onRpc("mini_crm.workflow", "write", ({args}) => {
        expect.step(args);
        return true;
    });
    onRpc("mini_crm.workflow", "web_save", ({args}) => {
        expect.step(["web_save", args]);
    });
    await openEditor();
    await contains(card("")).click();
    const most = `[data-setting="most_per_hour"] input`;
    expect(most).toHaveValue("1000");
    await contains(most).edit("۵۰۰۰", {confirm: "blur"});
    expect.verifySteps([[[1], {max_runs_per_hour: 5000}]]);
    await contains(most).edit("0", {confirm: "blur"});
    expect("[data-setting='most_per_hour'] .o_mini_crm_builder_error").toHaveCount(1);
    expect.verifySteps([]);
});
