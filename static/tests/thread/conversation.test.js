import {destroy, expect, test} from "@odoo/hoot";
import {queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, Deferred} from "@odoo/hoot-mock";
import {
    asyncStep,
    contains,
    getService,
    MockServer,
    mountView,
    onRpc,
    waitForSteps,
} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `<form><field name="name"/><widget name="mini_crm_conversation"/></form>`;

/** A message as `get_conversation` gives it. */
function row(id, values = {}) {
    return {
        key: `message:${id}`,
        source: "message",
        id,
        kind: "text",
        channel: "telegram",
        channel_name: "Our bot",
        identity_id: 7,
        direction: "in",
        author: "",
        subject: "",
        body: `Words ${id}`,
        state: "received",
        reason: "",
        detail: "",
        deferred_until: null,
        media: [],
        buttons: [],
        reactions: {},
        reply_to: null,
        outcome: "",
        minutes: 0,
        automated: false,
        edited: false,
        deleted: false,
        can_be_answered: true,
        document: null,
        date: new Date(Date.UTC(2026, 0, 31, 8, id)).toISOString(),
        ...values,
    };
}

const OPTION = {
    key: "identity:7",
    identity_id: 7,
    channel: "telegram",
    channel_name: "Our bot",
    name: "@sara",
    allowed: true,
    later: false,
    until: null,
    why: "",
    limit: {count: 4096, unit: "utf16"},
    attachments: true,
};

/** A server with these rows (newest first) and ways to answer. */
function serve({rows = [row(2), row(1)], options = [OPTION], ...more} = {}) {
    const shop = {rows, options};
    onRpc("res.partner", "get_conversation", ({kwargs}) => {
        const start = kwargs.cursor ? kwargs.cursor[3] : 0;
        const page = shop.rows.slice(start, start + kwargs.limit);
        const rest = start + kwargs.limit < shop.rows.length;
        return {rows: page, next: rest ? ["", 0, 1, start + kwargs.limit] : null};
    });
    onRpc("res.partner", "get_reply_options", () => ({
        options: shop.options,
        default: shop.options[0]?.key || null,
        waiting: false,
        has_channels: true,
        may_set_up: false,
        ...more,
    }));
    return shop;
}

async function mountConversation(arch = ARCH) {
    const view = await mountView({
        resModel: "res.partner",
        resId: 100,
        type: "form",
        arch,
    });
    await animationFrame();
    return view;
}

/** A function that tells browsers of changes and waits until ours has heard of it. */
async function listen() {
    const bus = getService("bus_service");
    bus.subscribe("mini_crm.conversation", () => asyncStep("notice"));
    await bus.start();
    return async (ids) => {
        MockServer.env["bus.bus"]._sendone("broadcast", "mini_crm.conversation", {
            partner_ids: ids,
        });
        await waitForSteps(["notice"]);
        await advanceTime(500);
        await animationFrame();
        await animationFrame();
    };
}

const bodies = () => queryAllTexts(".o_mini_crm_said_body");

test("messages stand from the oldest to the newest, each on its side", async () => {
    serve({rows: [row(2, {direction: "out", state: "read"}), row(1)]});
    await mountConversation();
    expect(bodies()).toEqual(["Words 1", "Words 2"]);
    expect(".o_mini_crm_said_in").toHaveCount(1);
    expect(".o_mini_crm_said_out [title='Read']").toHaveCount(1);
});

test("older messages come in above when asked for", async () => {
    serve({rows: Array.from({length: 60}, (_, index) => row(60 - index))});
    await mountConversation();
    expect(".o_mini_crm_said").toHaveCount(50);
    await contains(".o_mini_crm_conversation_more").click();
    await animationFrame();
    expect(".o_mini_crm_said").toHaveCount(60);
    expect(".o_mini_crm_conversation_more").toHaveCount(0);
});

test("texts of customers are text, never HTML", async () => {
    serve({rows: [row(1, {body: "<img src=x onerror=alert(1)>"})]});
    await mountConversation();
    expect(".o_mini_crm_said_body img").toHaveCount(0);
    expect(bodies()).toEqual(["<img src=x onerror=alert(1)>"]);
});

test("a phone number keeps its + before it among Persian words", async () => {
    serve({rows: [row(1, {body: "سارا <b> +989121112233 است"})]});
    await mountConversation();
    expect(".o_mini_crm_said_body bdi[dir='ltr']").toHaveText("+989121112233");
    expect(bodies()).toEqual(["سارا <b> +989121112233 است"]);
});

test("an answer shows at once and then as the server knows it", async () => {
    const shop = serve();
    const sent = new Deferred();
    onRpc("res.partner", "send_reply", async ({args, kwargs}) => {
        expect.step([args[1], args[2], kwargs.reply_to, typeof kwargs.key]);
        await sent;
        const answer = row(3, {direction: "out", state: "queued", body: args[2]});
        shop.rows.unshift(answer);
        return [answer];
    });
    await mountConversation();
    await contains(".o_mini_crm_reply_text").edit("Salam", {confirm: false});
    await contains(".o_mini_crm_reply_send").click();
    await animationFrame();
    expect(".o_mini_crm_reply_text").toHaveValue("");
    expect(bodies()).toEqual(["Words 1", "Words 2", "Salam"]);
    expect(".o_mini_crm_said[data-state='sending']").toHaveCount(1);
    sent.resolve();
    await animationFrame();
    await animationFrame();
    expect.verifySteps([[7, "Salam", null, "string"]]);
    expect(bodies()).toEqual(["Words 1", "Words 2", "Salam"]);
    expect(".o_mini_crm_said[data-state='queued']").toHaveCount(1);
});

test("what could not be sent is back in the box", async () => {
    serve();
    onRpc("res.partner", "send_reply", () => {
        throw new Error("no");
    });
    await mountConversation();
    await contains(".o_mini_crm_reply_text").edit("Salam", {confirm: false});
    await contains(".o_mini_crm_reply_send").click();
    await animationFrame();
    await animationFrame();
    expect(".o_mini_crm_reply_text").toHaveValue("Salam");
    expect(".o_mini_crm_said").toHaveCount(2);
    expect(".o_notification").toHaveCount(1);
});

test("the same answer sent again has the same key, a changed one another", async () => {
    serve();
    const keys = [];
    onRpc("res.partner", "send_reply", ({kwargs}) => {
        keys.push(kwargs.key);
        throw new Error("the connection is gone");
    });
    await mountConversation();
    const send = async () => {
        await contains(".o_mini_crm_reply_send").click();
        await animationFrame();
        await animationFrame();
    };
    await contains(".o_mini_crm_reply_text").edit("Salam", {confirm: false});
    await send();
    await send();
    await contains(".o_mini_crm_reply_text").edit("Salam!", {confirm: false});
    await send();
    expect(keys).toHaveLength(3);
    // not of crypto.randomUUID, which pages without TLS do not have
    expect(keys[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
});

test("a channel that is closed says why and takes no text", async () => {
    serve({options: [{...OPTION, allowed: false, why: "Wait until he writes."}]});
    await mountConversation();
    expect(".o_mini_crm_reply_why_closed").toHaveText("Wait until he writes.");
    expect(".o_mini_crm_reply_text").not.toBeEnabled();
    expect(".o_mini_crm_reply_send").not.toBeEnabled();
});

test("a notice of the customer shows what is new, one of others does not", async () => {
    const shop = serve();
    await mountConversation();
    const notify = await listen();
    shop.rows = [row(3), ...shop.rows];
    await notify([1, 2]);
    expect(bodies()).toEqual(["Words 1", "Words 2"]);
    await notify([2, 100]);
    expect(bodies()).toEqual(["Words 1", "Words 2", "Words 3"]);
});

test("one notice reads form and conversation once, and takes no edit away", async () => {
    const shop = serve();
    const [chips, conversation] = [
        `<field name="chat_identities" widget="mini_crm_identity_chips" readonly="1"/>`,
        `<widget name="mini_crm_conversation"/>`,
    ];
    await mountConversation(`<form><field name="name"/>${chips}${conversation}</form>`);
    const notify = await listen();
    /** What was asked for is there, and what that asks for a little later, too. */
    const settled = async () => {
        await animationFrame();
        await advanceTime(500);
        await animationFrame();
    };
    const reading = new Deferred();
    for (const method of ["web_read", "get_conversation", "get_reply_options"]) {
        onRpc("res.partner", method, () => expect.step(method));
    }
    onRpc("res.partner", "web_read", () => reading);
    shop.rows = [row(3), ...shop.rows];
    await notify([100]);
    // the form is being read while somebody begins to edit
    await contains("[name='name'] input").edit("Sara A.");
    reading.resolve();
    await settled();
    expect.verifySteps(["get_conversation", "get_reply_options", "web_read"]);
    expect(bodies()).toEqual(["Words 1", "Words 2", "Words 3"]);
    expect("[name='name'] input").toHaveValue("Sara A.");
    expect(".o_form_status_indicator_buttons:visible").toHaveCount(1);
    await notify([100]);
    await settled();
    expect.verifySteps(["get_conversation", "get_reply_options"]);
    expect("[name='name'] input").toHaveValue("Sara A.");
});

test("a message that may have arrived is a person's decision", async () => {
    serve({rows: [row(1, {direction: "out", state: "uncertain", reason: "Look."})]});
    onRpc("res.partner", "confirm_message", ({args}) => {
        expect.step(args);
        return true;
    });
    await mountConversation();
    expect(".o_mini_crm_said_reason").toHaveText("Look.");
    expect("[data-decision='resend']").toHaveCount(1);
    await contains("[data-decision='confirm']").click();
    await animationFrame();
    expect.verifySteps([[[100], 1]]);
});

test("a quick reply is chosen by keys; what is missing keeps it back", async () => {
    serve();
    onRpc("res.partner", "get_quick_replies", () => [
        {id: 1, name: "hello", body: "Hello Sara", missing: []},
        {id: 2, name: "sent", body: "On its way to {city}", missing: ["city"]},
    ]);
    const view = await mountConversation();
    const box = ".o_mini_crm_reply_text";
    await contains(box).edit("/", {confirm: false});
    await animationFrame();
    expect(".o_mini_crm_quick_reply").toHaveCount(2);
    await contains(box).press("ArrowDown");
    await contains(box).press("Enter");
    await animationFrame();
    expect(box).toHaveValue("On its way to {city}");
    destroy(view);
    await mountConversation(); // the draft is kept, and what it lacks
    expect(box).toHaveValue("On its way to {city}");
    expect(".o_mini_crm_reply_missing bdi").toHaveText("city");
    expect(".o_mini_crm_reply_send").not.toBeEnabled();
    await contains(box).edit("On its way to Shiraz", {confirm: false});
    await animationFrame();
    expect(".o_mini_crm_reply_send").toBeEnabled();
});

test("an answer quotes the message that it was asked for", async () => {
    serve();
    onRpc("res.partner", "send_reply", ({kwargs}) => {
        expect.step(kwargs.reply_to);
        return [];
    });
    await mountConversation();
    await contains("[data-key='message:1'] .o_mini_crm_said_answer", {
        visible: false,
    }).click();
    await animationFrame();
    expect(".o_mini_crm_reply_quoted span").toHaveText("Words 1");
    await contains(".o_mini_crm_reply_text").edit("Yes", {confirm: false});
    await contains(".o_mini_crm_reply_send").click();
    await animationFrame();
    expect.verifySteps([1]);
    expect(".o_mini_crm_reply_quoted").toHaveCount(0);
});

test("without a way to write, it says what would be needed", async () => {
    serve({rows: [], options: [], has_channels: false, may_set_up: true});
    await mountConversation();
    expect(".o_mini_crm_set_up_channel").toHaveCount(1);
    expect(".o_mini_crm_reply").toHaveCount(0);
});

test("a search asks the server after a pause", async () => {
    serve();
    await mountConversation();
    onRpc("res.partner", "get_conversation", ({kwargs}) => {
        expect.step(kwargs.search);
        return {rows: [], next: null};
    });
    await contains(".o_mini_crm_conversation_search").edit("blue", {confirm: false});
    await advanceTime(400);
    await animationFrame();
    expect.verifySteps(["blue"]);
    expect(queryOne(".o_mini_crm_state_title")).toHaveText("Nobody has said that");
});
