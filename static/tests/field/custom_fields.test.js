import {expect, test} from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {rpcBus} from "@web/core/network/rpc";
import {mailModels} from "@mail/../tests/mail_test_helpers";

class Shopper extends models.Model {
    _name = "shopper";
    name = fields.Char();
    tier = fields.Selection({
        selection: [
            ["gold", "Gold"],
            ["silver", "Silver"],
            ["bronze", "Bronze (archived)"],
        ],
    });
    points = fields.Float();
    extra = fields.Json();
    _records = [
        {
            id: 1,
            name: "Sara",
            tier: "gold",
            points: 5,
            extra: {hobby: "Chess", other: "kept", since: "2026-01-31"},
        },
        {id: 2, name: "Reza", tier: "bronze", points: 0},
    ];
}

defineModels({...mailModels, Shopper});

const EXTRA = [
    {key: "hobby", type: "text", label: "Hobby", choices: []},
    {key: "visits", type: "number", label: "Visits", choices: []},
    {key: "member", type: "boolean", label: "Member", choices: []},
    {key: "since", type: "date", label: "Since", choices: []},
    {
        key: "size",
        type: "select",
        label: "Size",
        choices: [
            {value: "s", label: "Small", active: 1},
            {value: "m", label: "Medium", active: 0},
        ],
    },
];
const TIER = `<field name="tier" widget="mini_crm_select"
    options='{"colors": {"gold": 3}, "archived": ["bronze"]}'/>`;

function mountForm(inner, resId = 1) {
    return mountView({
        resModel: "shopper",
        resId,
        type: "form",
        arch: `<form>${inner}</form>`,
    });
}

function mountExtra(attributes = "") {
    const options = JSON.stringify({fields: EXTRA});
    return mountForm(
        `<field name="extra" widget="mini_crm_extra_fields" ${attributes}
            options='${options}'/>`,
    );
}

const input = (key) => `[data-key='${key}'] :is(input, select)`;

test("a field beyond the slots is written with the keys beside it kept", async () => {
    onRpc("web_save", ({args}) => expect.step(args[1]));
    await mountExtra();
    expect(input("hobby")).toHaveValue("Chess");
    await contains(input("hobby")).edit("Go");
    await contains(input("visits")).edit("1,250.5");
    await contains(input("member")).click();
    await contains(input("size")).select("s");
    await contains(".o_form_button_save").click();
    expect.verifySteps([
        {
            extra: {
                hobby: "Go",
                other: "kept",
                since: "2026-01-31",
                visits: 1250.5,
                member: true,
                size: "s",
            },
        },
    ]);
});

test("an emptied field is told to the server as empty", async () => {
    onRpc("web_save", ({args}) => expect.step(args[1].extra.hobby));
    await mountExtra();
    await contains(input("hobby")).edit("");
    await contains(".o_form_button_save").click();
    expect.verifySteps([null]);
});

test("what is no number goes to the server, which says what is wrong", async () => {
    onRpc("web_save", ({args}) => expect.step(args[1].extra.visits));
    await mountExtra();
    await contains(input("visits")).edit("many");
    await contains(".o_form_button_save").click();
    expect.verifySteps(["many"]);
});

test("choices that are archived are not offered", async () => {
    await mountExtra();
    expect("[data-key='size'] option").toHaveCount(2);
});

test("a reader reads words, not codes", async () => {
    await mountExtra('readonly="1"');
    expect("[data-key='since'] .o_mini_crm_extra_value").toHaveText("Jan 31, 2026");
    expect("[data-key='member'] .o_mini_crm_extra_value").toHaveText("No");
    expect(".o_mini_crm_extra_fields input").toHaveCount(0);
});

test("a choice is a badge in its color", async () => {
    await mountView({resModel: "shopper", type: "list", arch: `<list>${TIER}</list>`});
    expect(".o_mini_crm_select_badge").toHaveCount(2);
    expect(".o_mini_crm_select_badge:first").toHaveClass("o_tag_color_3");
});

test("an archived choice is offered only where it is chosen", async () => {
    await mountForm(TIER, 1);
    await contains(".o_field_widget[name='tier'] input").click();
    expect(".o_select_menu_item").toHaveCount(2);
});

test("an archived choice stays readable where it is chosen", async () => {
    await mountForm(TIER, 2);
    expect(".o_field_widget[name='tier'] input").toHaveValue("Bronze (archived)");
    await contains(".o_field_widget[name='tier'] input").click();
    expect(".o_select_menu_item").toHaveCount(3);
});

test("a number that is emptied is unset and no zero", async () => {
    onRpc("web_save", ({args}) => expect.step(args[1].points));
    await mountForm('<field name="points" widget="mini_crm_number"/>');
    await contains(".o_field_widget[name='points'] input").edit("");
    await contains(".o_form_button_save").click();
    expect.verifySteps([false]);
});

test("views are forgotten when definitions change, not when they are read", async () => {
    await mountForm(TIER);
    const steps = ({detail}) => expect.step(detail);
    rpcBus.addEventListener("CLEAR-CACHES", steps);
    const answer = (method) =>
        rpcBus.trigger("RPC:RESPONSE", {
            data: {params: {model: "mini_crm.field", method}},
            settings: {},
        });
    answer("web_search_read");
    answer("usages");
    answer("builder_state");
    answer("builder_try");
    expect.verifySteps([]);
    answer("action_archive");
    rpcBus.removeEventListener("CLEAR-CACHES", steps);
    expect.verifySteps([["get_views", "fields_get"]]);
});
