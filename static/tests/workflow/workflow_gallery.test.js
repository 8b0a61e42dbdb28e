import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAllTexts, setInputFiles} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {WorkflowGallery} from "@mini_crm/workflow/workflow_gallery";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const TEMPLATES = [
    {
        key: "welcome",
        icon: "fa-smile-o",
        name: "Welcome",
        description: "Greets whoever is new.",
        channels: [
            ["telegram", "Telegram"],
            ["instagram", "Instagram"],
        ],
    },
    {
        key: "vip",
        icon: "fa-star",
        name: "VIPs",
        description: "A task.",
        channels: [],
    },
];

const made = {};

beforeEach(() => {
    Object.assign(made, {calls: [], missing: []});
    onRpc("mini_crm.workflow", "get_templates", () => TEMPLATES);
    onRpc("mini_crm.workflow", "get_reach", () => ({welcome: 132}));
    for (const method of ["create_from_template", "import_file"]) {
        onRpc("mini_crm.workflow", method, ({args}) => {
            made.calls.push([method, ...args]);
            return {id: 1, missing: made.missing};
        });
    }
});

async function openGallery() {
    mockService("action", {
        doAction: ({res_id: id}) => {
            made.calls.push(["open", id]);
        },
    });
    await mountWithCleanup(WorkflowGallery, {props: {action: {}}});
    await animationFrame();
}

test("cards say which channels they need and whom they reach", async () => {
    await openGallery();
    expect(queryAllTexts(".o_mini_crm_gallery_name")).toEqual([
        "Welcome",
        "VIPs",
        "Empty",
    ]);
    expect("[data-template='welcome'] .o_mini_crm_gallery_channels").toHaveText(
        "Needs Telegram or Instagram",
    );
    expect("[data-template='welcome'] .o_mini_crm_gallery_reach").toHaveText(
        "Reaches 132 customers now",
    );
    expect("[data-template='vip'] .o_mini_crm_gallery_channels").toHaveText(
        "Needs no channel",
    );
    expect("[data-template='vip'] .o_mini_crm_gallery_reach").toHaveCount(0);
});

test("a template becomes a draft that opens", async () => {
    await openGallery();
    await contains("[data-template='welcome']").click();
    expect(made.calls).toEqual([
        ["create_from_template", "welcome"],
        ["open", 1],
    ]);
    expect(".o_notification").toHaveCount(0);
});

test("what the shop lacks is told and stays", async () => {
    made.missing = ["What starts it: Segment “VIP”"];
    await openGallery();
    await contains("[data-template='vip']").click();
    expect(".o_notification").toHaveText(/Segment “VIP”/);
});

test("the empty card opens an empty canvas", async () => {
    await openGallery();
    await contains(".o_mini_crm_gallery_empty").click();
    expect(made.calls).toEqual([["open", false]]);
});

test("a file becomes a draft", async () => {
    await openGallery();
    await contains(".o_mini_crm_gallery_import").click();
    await setInputFiles([new File(["{}"], "workflow.json")]);
    await animationFrame();
    expect(made.calls).toEqual([
        ["import_file", "{}"],
        ["open", 1],
    ]);
});

test("a file that is too large is not read", async () => {
    await openGallery();
    await contains(".o_mini_crm_gallery_import").click();
    await setInputFiles([new File(["x".repeat(1_000_001)], "workflow.json")]);
    await animationFrame();
    expect(made.calls).toEqual([]);
    expect(".o_notification").toHaveText(/larger than 1 MB/);
});
