import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {ChannelSetup} from "../../src/channel/channel_setup";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ADDRESS = "http://192.168.1.2:8069/mini_crm/hook/1";

const SETUP = {
    id: 1,
    type: "instagram",
    name: "Our page",
    state: "draft",
    account: "",
    problem: false,
    token_is_set: false,
    app_secret_is_set: false,
    other_app_secret_is_set: false,
    proxy_host: "",
    verify_token_is_set: false,
    qr_code: "",
    webhook_url: ADDRESS,
    public: false,
    base_url: "http://192.168.1.2:8069",
    expires_at: false,
    checked_at: false,
    last_event_at: false,
    message: false,
};

/** Show the set-up of a channel of which the server knows this. */
async function mountSetup(values = {}) {
    onRpc("mini_crm.channel", "get_setup", () => ({...SETUP, ...values}));
    await mountWithCleanup(ChannelSetup, {props: {channelId: 1, onClose: () => {}}});
}

test("who has written first opens in the customer's form", async () => {
    onRpc("res.partner", "action_open_customer", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window", views: [[42, "form"]]};
    });
    mockService("action", {doAction: ({views}) => expect.step(views)});
    const message = {from: "Sara", text: "Hello", partner_id: 100};
    await mountSetup({state: "live", token_is_set: true, message});
    await contains(".o_mini_crm_channel_message").click();
    await animationFrame();
    expect.verifySteps([[[100]], [[42, "form"]]]);
});

test("what the browser will not copy is selected, and the user told", async () => {
    patchWithCleanup(browser, {
        navigator: {...browser.navigator, clipboard: undefined},
    });
    patchWithCleanup(document, {execCommand: () => false});
    await mountSetup();
    await contains(".o_mini_crm_channel_copy button").click();
    await animationFrame();
    expect(window.getSelection().toString()).toBe(ADDRESS);
    expect(".o_notification").toHaveText(/It is selected: copy it/);
});
