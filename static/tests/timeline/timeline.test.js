import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {notifyCustomerChanged} from "@mini_crm/shared/customer_bus";
import {defineMiniCrmModels, makeEvents} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `<form><field name="name"/><widget name="mini_crm_timeline"/></form>`;
const TYPES = [
    {type: "message_received", label: "Message received", count: 23},
    {type: "message_sent", label: "Message sent", count: 22},
];

/** A server with 45 events, which notes what it is asked. */
function serveTimeline(all = makeEvents(45)) {
    onRpc("res.partner", "get_timeline", ({args, kwargs}) => {
        expect.step([args[0][0], kwargs.cursor, kwargs.types]);
        const known = kwargs.types
            ? all.filter((e) => kwargs.types.includes(e.type))
            : all;
        const start = kwargs.cursor
            ? known.findIndex((e) => e.id === kwargs.cursor[1]) + 1
            : 0;
        const events = known.slice(start, start + kwargs.limit);
        const last = events.at(-1);
        const more = start + kwargs.limit < known.length;
        return {
            events,
            next: more ? [last.date, last.id] : null,
            types: kwargs.cursor ? [] : TYPES,
        };
    });
}

async function mountTimeline(params) {
    const view = await mountView({
        resModel: "res.partner",
        resId: 100,
        type: "form",
        arch: ARCH,
        ...params,
    });
    await animationFrame();
    return view;
}

test("the first page is shown by days, the next one follows its cursor", async () => {
    serveTimeline();
    await mountTimeline();
    expect(".o_mini_crm_timeline").toHaveAttribute("data-status", "ready");
    expect(".o_mini_crm_timeline_day").toHaveCount(2);
    expect(".o_mini_crm_event").toHaveCount(30);
    await contains(".o_mini_crm_timeline_more").click();
    await animationFrame();
    expect(".o_mini_crm_event").toHaveCount(45);
    expect(".o_mini_crm_timeline_more").toHaveCount(0);
    const lastOfFirst = makeEvents(30).at(-1);
    expect.verifySteps([
        [100, null, null],
        [100, [lastOfFirst.date, lastOfFirst.id], null],
    ]);
});

test("a chip shows one kind of event, All shows every kind again", async () => {
    serveTimeline();
    await mountTimeline();
    await contains("[data-type='message_sent'].o_mini_crm_chip").click();
    await animationFrame();
    expect(".o_mini_crm_event").toHaveCount(22);
    expect(".o_mini_crm_event[data-type='message_received']").toHaveCount(0);
    await contains("[data-type='all']").click();
    await animationFrame();
    expect(".o_mini_crm_event").toHaveCount(30);
    expect.verifySteps([
        [100, null, null],
        [100, null, ["message_sent"]],
        [100, null, null],
    ]);
});

test("a change of this customer reloads, one of another does not", async () => {
    const events = makeEvents(2);
    serveTimeline(events);
    const view = await mountTimeline();
    events.unshift(...makeEvents(1, 2000));
    notifyCustomerChanged(view.env, 101);
    notifyCustomerChanged(view.env, 100);
    await animationFrame();
    expect(".o_mini_crm_event").toHaveCount(3);
    expect.verifySteps([
        [100, null, null],
        [100, null, null],
    ]);
});

test("another customer in the same form shows his own events", async () => {
    serveTimeline(makeEvents(3));
    await mountTimeline({resIds: [100, 101]});
    await contains(".o_pager_next").click();
    await animationFrame();
    expect.verifySteps([
        [100, null, null],
        [101, null, null],
    ]);
});

test("nothing yet says what to do", async () => {
    onRpc("res.partner", "get_timeline", () => ({events: [], next: null, types: []}));
    await mountTimeline();
    expect(".o_mini_crm_state_empty").toHaveCount(1);
});

test("a failure can be tried again", async () => {
    let fails = true;
    onRpc("res.partner", "get_timeline", () => {
        if (fails) {
            throw new Error("no network");
        }
        return {events: makeEvents(1), next: null, types: []};
    });
    await mountTimeline();
    expect(".o_mini_crm_state[role='alert']").toHaveCount(1);
    fails = false;
    await contains(".o_mini_crm_retry").click();
    await animationFrame();
    expect(".o_mini_crm_event").toHaveCount(1);
});
