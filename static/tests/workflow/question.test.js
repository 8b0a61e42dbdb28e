import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
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
        workflow: "",
        late_answer_to: "",
        ...values,
    };
}

/** The conversation of a customer whom workflows ask these questions. */
async function mountConversation(rows, questions) {
    const shop = {questions};
    onRpc("res.partner", "get_conversation", () => ({rows, next: null}));
    onRpc("res.partner", "get_reply_options", () => ({
        options: [],
        default: null,
        waiting: false,
        has_channels: true,
        may_set_up: false,
        questions: shop.questions,
    }));
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await animationFrame();
    return shop;
}

test("a workflow that waits for an answer is named and hands over", async () => {
    const question = {
        run_id: 5,
        workflow: "Welcome",
        question: "Your number?",
        identity_id: 7,
    };
    const shop = await mountConversation([row(1)], [question]);
    onRpc("res.partner", "take_over_question", ({args}) => {
        expect.step(args);
        shop.questions = [];
        return true;
    });
    expect(queryAllTexts(".o_mini_crm_question_text")).toEqual([
        "“Welcome” waits for the answer to: Your number?",
    ]);
    await contains(".o_mini_crm_take_over").click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps([[[100], 5]]);
    expect(".o_mini_crm_question").toHaveCount(0);
});

test("nothing is said where no workflow waits", async () => {
    await mountConversation([row(1)], []);
    expect(".o_mini_crm_question").toHaveCount(0);
    expect(".o_mini_crm_said_late").toHaveCount(0);
});

test("messages name their workflow, and late answers their question", async () => {
    await mountConversation(
        [
            row(3, {direction: "out", automated: true, state: "sent"}),
            row(2, {late_answer_to: "Your number?"}),
            row(1, {
                direction: "out",
                automated: true,
                state: "sent",
                workflow: "Welcome",
            }),
        ],
        [],
    );
    expect(queryAllTexts(".o_mini_crm_said_foot bdi")).toEqual(["Automated: Welcome"]);
    expect(queryAllTexts(".o_mini_crm_said_foot > span:first-child")).toEqual([
        "automatic",
    ]);
    expect(queryAllTexts(".o_mini_crm_said_late")).toEqual([
        "Answer to a question that has expired: Your number?",
    ]);
});
