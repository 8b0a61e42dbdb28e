import {beforeEach, expect} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
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

/** What the server knows; `saved` are the definitions that it was given. */
export const server = {};

function editorData() {
    return {
        definition: server.definition,
        revision: server.revision,
        version: server.version,
        may_edit: server.mayEdit,
        most_per_hour: 1000,
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
            {
                name: "segment_entered",
                label: "A customer comes into a segment",
                help: "",
                settings: [setting("segment", "record", {model: "mini_crm.segment"})],
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
                    setting("by", "choice", {
                        default: "duration",
                        options: [
                            ["duration", "For some time"],
                            ["date", "Until a date"],
                        ],
                    }),
                    setting("date", "field"),
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
        dates: [["customer_since", "Customer Since"]],
        segments: [
            [4, "VIP"],
            [9, "Local"],
        ],
    };
}

function freshServer() {
    return {
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
        conflict: null,
    };
}

/** An editor's server with a workflow of two steps; each test file calls it once. */
export function defineWorkflowEditor() {
    defineMiniCrmModels();
    defineModels([Workflow]);
    beforeEach(() => {
        Object.assign(server, freshServer());
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
}

/** Mount the form of a workflow. */
export async function openEditor(resId = 1) {
    await mountView({
        type: "form",
        resModel: "mini_crm.workflow",
        resId,
        arch: `
            <form class="o_mini_crm_workflow_form">
                <field name="state" invisible="1"/>
                <field name="name"/>
                <field name="definition" widget="mini_crm_workflow_editor"/>
            </form>`,
    });
}

export const CARDS = ".o_mini_crm_workflow_card";
export const titles = () => queryAllTexts(`${CARDS} .o_mini_crm_workflow_title`);
export const card = (id) => `${CARDS}[data-node="${id}"]`;
export const plus = (key) => `.o_mini_crm_workflow_plus[data-place="${key}"]`;
export const inSetting = (name, tag) => `[data-setting="${name}"] ${tag}`;

/** What was saved last, after the pause in which nothing changes. */
export async function saved() {
    await advanceTime(1000);
    await animationFrame();
    return server.saved.at(-1);
}

/** Put a step of a kind on an edge. */
export async function add(key, kind) {
    await contains(plus(key)).click();
    await contains(`.o_mini_crm_choice_button[data-kind="${kind}"]`).click();
}
