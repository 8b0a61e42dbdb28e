import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    asyncStep,
    contains,
    getService,
    mockService,
    MockServer,
    mountView,
    onRpc,
    waitForSteps,
} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `
    <form>
        <field name="name"/>
        <field name="chat_identities" widget="mini_crm_identity_chips" readonly="1"/>
    </form>`;

const TELEGRAM = {
    id: 7,
    channel: "telegram",
    channel_name: "Our bot",
    name: "Sara",
    username: "sara",
    state: "reachable",
    suggestion: null,
    linked_from: "",
};

async function mountChips(identities) {
    onRpc("res.partner", "web_read", ({parent}) => {
        expect.step("read");
        const [record] = parent();
        return [{...record, chat_identities: identities}];
    });
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    expect.verifySteps(["read"]);
}

test("each channel has a chip, one that cannot be reached says so", async () => {
    const blocked = {
        ...TELEGRAM,
        id: 8,
        channel: "instagram",
        username: "",
        state: "blocked",
    };
    await mountChips([TELEGRAM, blocked]);
    expect("[data-channel='telegram']").toHaveText("@sara");
    expect("[data-channel='instagram']").toHaveText("Sara");
    expect("[data-channel='instagram']").toHaveClass("o_mini_crm_identity_away");
    expect("[data-channel='instagram'].o_mini_crm_identity").toHaveAttribute(
        "title",
        "Our bot: has blocked us",
    );
});

test("a suggestion is a person's decision", async () => {
    const suggestion = {partner_id: 101, name: "رضا کریمی", reason: "same phone"};
    await mountChips([{...TELEGRAM, suggestion}]);
    onRpc("mini_crm.identity", "action_dismiss_suggestion", ({args}) => {
        expect.step(args);
        return false;
    });
    expect(".o_mini_crm_suggestion bdi").toHaveText("رضا کریمی");
    await contains(".o_mini_crm_dismiss_suggestion").click();
    await animationFrame();
    expect.verifySteps([[[7]], "read"]);
});

/** A server that says whom to open, and a client that tells whom it has opened. */
function openAnswers() {
    for (const [method, resId] of [
        ["action_link_suggestion", 101],
        ["action_undo_link", 100],
    ]) {
        onRpc("mini_crm.identity", method, ({args}) => {
            expect.step([method, ...args]);
            return {type: "ir.actions.act_window", res_id: resId};
        });
    }
    mockService("action", {doAction: ({res_id: resId}) => expect.step(resId)});
}

test("who was linked can be taken back from the notification at once", async () => {
    openAnswers();
    const suggestion = {partner_id: 101, name: "رضا کریمی", reason: "same phone"};
    await mountChips([{...TELEGRAM, suggestion}]);
    await contains(".o_mini_crm_link_suggestion").click();
    await animationFrame();
    expect.verifySteps([["action_link_suggestion", [7]], 101]);
    expect(".o_notification").toHaveText(/رضا کریمی/);
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect.verifySteps([["action_undo_link", [7]], 100]);
    expect(".o_notification").toHaveCount(0);
});

test("a link is taken back later from the identity, after a question", async () => {
    openAnswers();
    await mountChips([{...TELEGRAM, linked_from: "Sara of Telegram"}]);
    await contains(".o_mini_crm_undo_link").click();
    expect(".modal-body").toHaveText(/^@sara .* back to Sara of Telegram/);
    expect.verifySteps([]);
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect.verifySteps([["action_undo_link", [7]], 100]);
});

test("who was not linked has nothing to take back", async () => {
    await mountChips([TELEGRAM]);
    expect(".o_mini_crm_undo_link").toHaveCount(0);
});

test("what changes in the conversation is read again, unless one is editing", async () => {
    await mountChips([TELEGRAM]);
    const bus = getService("bus_service");
    bus.subscribe("mini_crm.conversation", () => asyncStep("notice"));
    await bus.start();
    const notify = async () => {
        MockServer.env["bus.bus"]._sendone("broadcast", "mini_crm.conversation", {
            partner_ids: [100],
        });
        await waitForSteps(["notice"]);
        await advanceTime(500);
        await animationFrame();
    };
    await notify();
    expect.verifySteps(["read"]);
    await contains("[name='name'] input").edit("Sara A.", {confirm: false});
    await notify();
    expect.verifySteps([]);
});
