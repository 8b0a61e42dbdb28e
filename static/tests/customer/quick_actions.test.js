import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {takeReplyWish} from "@mini_crm/shared/open_conversations";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `
    <form>
        <field name="name"/><field name="email"/><field name="phone"/>
        <widget name="mini_crm_quick_actions"/>
    </form>`;

test("two taps log a call", async () => {
    onRpc("res.partner", "action_log_call", ({args, kwargs}) => {
        expect.step([...args, kwargs.note]);
        return 1;
    });
    onRpc("web_read", () => expect.step("read"));
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    expect.verifySteps(["read"]);

    await contains(".o_mini_crm_action_call").click();
    expect(".o_mini_crm_call_dial").toHaveAttribute("href", "tel:+989120000000");
    await contains("[data-outcome='no_answer']").click();
    await animationFrame();
    expect.verifySteps([[[100], "no_answer", null], "read"]);
    expect(".o_mini_crm_call_choice").toHaveCount(0);
    expect(".o_notification").toHaveCount(1);
});

test("what was said goes with the call; to call back offers a reminder", async () => {
    onRpc("res.partner", "action_log_call", ({args, kwargs}) => {
        expect.step([args[1], kwargs.note]);
        return 1;
    });
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await contains(".o_mini_crm_action_call").click();
    await contains(".o_mini_crm_call_note").edit("  Wants the blue one ");
    await contains("[data-outcome='call_back']").click();
    await animationFrame();
    expect.verifySteps([["call_back", "Wants the blue one"]]);
    expect(".o_notification_buttons button").toHaveCount(1);
});

test("who called and how long it took go with the call", async () => {
    onRpc("res.partner", "action_log_call", ({args, kwargs}) => {
        expect.step([args[1], kwargs.minutes, kwargs.direction]);
        return 1;
    });
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await contains(".o_mini_crm_action_call").click();
    await contains(".o_mini_crm_call_direction input").click();
    await contains(".o_mini_crm_call_minutes").edit("12", {confirm: false});
    await contains("[data-outcome='answered']").click();
    await contains(".o_mini_crm_action_call").click();
    await contains("[data-outcome='no_answer']").click();
    await animationFrame();
    expect.verifySteps([
        ["answered", 12, "in"],
        ["no_answer", null, "out"],
    ]);
});

test("a message is written in the conversation, whatever the channel", async () => {
    await mountView({resModel: "res.partner", resId: 101, type: "form", arch: ARCH});
    await contains(".o_mini_crm_action_message").click();
    await animationFrame();
    expect(takeReplyWish(100)).toBe(false);
    expect(takeReplyWish(101)).toBe(true);
    expect(takeReplyWish(101)).toBe(false);
});

test("a note is posted as text, never as HTML", async () => {
    onRpc("/mail/message/post", async (request) => {
        const {params} = await request.json();
        expect.step(params.post_data.body);
        return {message_id: 1, store_data: {}};
    });
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await contains(".o_mini_crm_action_note").click();
    expect(".o_mini_crm_note_save").not.toBeEnabled();
    await contains(".o_mini_crm_note_choice textarea").edit("<b>Likes</b>\nblue", {
        confirm: false,
    });
    await contains(".o_mini_crm_note_save").click();
    await animationFrame();
    expect.verifySteps([["markup", "&lt;b&gt;Likes&lt;/b&gt;<br/>blue"]]);
});
