import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryFirst} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

class Workflow extends models.Model {
    _name = "mini_crm.workflow";

    name = fields.Char();
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["live", "Running"],
            ["paused", "Paused"],
        ],
        default: "draft",
    });
    definition = fields.Json();

    _records = [{id: 1, name: "Welcome", state: "draft"}];
}

defineMiniCrmModels();
defineModels([Workflow]);

const setting = (name, kind, values = {}) => ({
    name,
    kind,
    label: `Label of ${name}`,
    help: "",
    required: false,
    default: null,
    options: [],
    model: "",
    least: 0,
    most: 100,
    template: false,
    ...values,
});

const ANSWER = setting("answer", "choice", {
    default: "text",
    options: [
        ["text", "Any text"],
        ["phone", "A phone number"],
        ["choice", "One of several"],
    ],
});

let server = null;

function editorData() {
    return {
        definition: server.definition,
        revision: server.revision,
        version: server.version,
        may_edit: server.mayEdit,
        problems: server.problems,
        sentences: {},
        names: {},
        triggers: [
            {
                name: "message_received",
                label: "A customer writes",
                help: "",
                settings: [setting("words", "words", {default: []})],
            },
        ],
        nodes: [
            {
                name: "send",
                label: "Send",
                help: "",
                group: "message",
                edges: [
                    ["next", "Next"],
                    ["not_sent", "Not sent"],
                ],
                settings: [setting("text", "text", {template: true, required: true})],
            },
            {
                name: "ask",
                label: "Ask",
                help: "",
                group: "message",
                edges: [
                    ["answered", "Answered"],
                    ["timeout", "No answer"],
                ],
                settings: [
                    setting("text", "text", {template: true}),
                    ANSWER,
                    setting("choices", "choices", {default: []}),
                    setting("save_to", "field"),
                ],
            },
            {
                name: "delay",
                label: "Wait",
                help: "",
                group: "wait",
                edges: [["next", "Next"]],
                settings: [
                    setting("duration", "duration", {
                        default: {amount: 1, unit: "days"},
                    }),
                ],
            },
        ],
        groups: [
            ["message", "Talk"],
            ["wait", "Wait"],
        ],
        variables: [["first_name", "First name"]],
        fields: [
            {
                name: "size",
                label: "Size",
                type: "select",
                choices: [
                    ["s", "Small"],
                    ["l", "Large"],
                ],
            },
            {name: "phone", label: "Phone", type: "phone"},
        ],
        segments: [],
    };
}

beforeEach(() => {
    server = {
        definition: {
            format: 1,
            trigger: {kind: "message_received"},
            entry: {policy: "once", days: 30},
            audience: "[]",
            first: "n1",
            nodes: {
                n1: {kind: "send", text: "Hello", next: {next: "n2"}},
                n2: {kind: "send", text: "Bye", next: {}},
            },
        },
        revision: 4,
        version: 0,
        mayEdit: true,
        problems: [],
        saved: [],
    };
    onRpc("mini_crm.workflow", "get_editor_data", () => editorData());
    onRpc("mini_crm.workflow", "save_definition", ({args}) => {
        const [, definition, revision] = args;
        if (server.conflict) {
            return server.conflict;
        }
        expect(revision).toBe(server.revision);
        server.saved.push(definition);
        server.revision += 1;
        const {problems} = server;
        return {
            saved: true,
            revision: server.revision,
            problems,
            sentences: {},
            names: {},
        };
    });
});

async function openEditor(resId = 1) {
    await mountView({
        type: "form",
        resModel: "mini_crm.workflow",
        resId,
        arch: `
            <form>
                <field name="state" invisible="1"/>
                <field name="name"/>
                <field name="definition" widget="mini_crm_workflow_editor"/>
            </form>`,
    });
}

const CARDS = ".o_mini_crm_workflow_card";
const titles = () => queryAllTexts(`${CARDS} .o_mini_crm_workflow_title`);
const card = (id) => `${CARDS}[data-node="${id}"]`;
const plus = (key) => `.o_mini_crm_workflow_plus[data-place="${key}"]`;
const ofSetting = (name, tag) => `[data-setting="${name}"] ${tag}`;

/** What was saved last, after the pause in which nothing changes. */
async function saved() {
    await advanceTime(1000);
    await animationFrame();
    return server.saved.at(-1);
}

async function add(key, kind) {
    await contains(plus(key)).click();
    await contains(`.o_mini_crm_choice_button[data-kind="${kind}"]`).click();
}

test.tags("desktop");
test("a step is put on an edge by two clicks, and saved by itself", async () => {
    await openEditor();
    expect(titles()).toEqual(["A customer writes", "Send", "Send"]);
    await add("n1/next", "ask");
    expect(titles()).toEqual(["A customer writes", "Send", "Ask", "Send"]);
    expect(card("n3")).toHaveClass("o_mini_crm_workflow_selected");
    await contains(ofSetting("text", "textarea")).edit("Your phone?");
    await contains(ofSetting("answer", "select")).select("phone");
    await contains(ofSetting("save_to", "select")).select("phone");
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
    expect(ofSetting("text", "textarea")).toBeFocused();
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
    await contains(ofSetting("text", "textarea")).focus();
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
    const {drop} = await contains(`.o_mini_crm_workflow_kind[data-kind="delay"]`).drag();
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
    await contains(ofSetting("text", "textarea")).edit("Longer");
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
test("who saves second keeps his work, and chooses", async () => {
    await openEditor();
    const theirs = {...server.definition, first: "n2", nodes: {n2: {kind: "send"}}};
    server.conflict = {saved: false, revision: 9, definition: theirs, author: "Mina"};
    await contains(card("n1")).click();
    await contains(ofSetting("text", "textarea")).edit("Mine");
    await saved();
    expect(server.saved).toEqual([]);
    expect(".o_mini_crm_workflow_conflict").toHaveText(/Mina/);
    expect(ofSetting("text", "textarea")).toHaveValue("Mine");
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
    await contains(ofSetting("text", "textarea")).edit("Mine");
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
    await contains(ofSetting("text", "textarea")).edit("Much");
    await saved();
    expect(".o_mini_crm_workflow > .o_mini_crm_builder_error").toHaveText("Too large.");
    expect(ofSetting("text", "textarea")).toHaveValue("Much");
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
    const area = queryFirst(ofSetting("text", "textarea"));
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
    await contains(ofSetting("answer", "select")).select("choice");
    await contains(".o_mini_crm_workflow_new_choice").edit("Red");
    await contains(ofSetting("save_to", "select")).select("size");
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
    await contains(ofSetting("duration", "input")).edit("۳");
    await contains(ofSetting("duration", "select")).select("hours");
    expect((await saved()).nodes.n3.duration).toEqual({amount: 3, unit: "hours"});
    await contains(ofSetting("duration", "input")).edit("soon");
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
    expect(`${card("n1")} .o_mini_crm_workflow_waiting`).toHaveText("Waiting here 3");
    expect(`${card("n1")} .o_mini_crm_workflow_passed`).toHaveText("Passed over 10,000");
    expect(`${card("n1")} .o_mini_crm_workflow_failed`).toHaveCount(0);
    await advanceTime(15000);
    await animationFrame();
    expect(`${card("n1")} .o_mini_crm_workflow_waiting`).toHaveText("Waiting here 4");
});

test.tags("desktop");
test("who may not edit sees the drawing and its settings, and no tools", async () => {
    server.mayEdit = false;
    await openEditor();
    for (const tool of ["plus", "palette", "undo", "publish"]) {
        expect(`.o_mini_crm_workflow_${tool}`).toHaveCount(0);
    }
    await contains(card("n1")).click();
    expect(ofSetting("text", "textarea")).toHaveAttribute("readonly");
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
    await contains(".o_bottom_sheet [data-setting='text'] textarea").edit("Your phone?");
    await contains(".o_mini_crm_workflow_done").click();
    await advanceTime(1000);
    expect(titles()).toEqual(["A customer writes", "Send", "Ask", "Send"]);
    expect((await saved()).nodes.n3.text).toBe("Your phone?");
});
