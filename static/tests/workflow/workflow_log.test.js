import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    makeServerError,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `<form><field name="name"/><widget name="mini_crm_workflow_log"/></form>`;

const RUN = {
    id: 7,
    workflow: 1,
    name: "Welcome",
    state: "waiting",
    status: "Waiting",
    started_at: "2026-03-02 12:00:00",
    ended_at: false,
    due_at: false,
    at: "Ask a question",
    outcome: "",
    may_stop: true,
    steps: [
        {
            id: 1,
            kind: "send",
            label: "Send a message",
            edge: "Could not be sent",
            text: "Hello Sara",
            reason: "There is no channel.",
            date: "2026-03-02 12:00:00",
        },
    ],
};

const server = {};

beforeEach(() => {
    Object.assign(server, {runs: [RUN], more: false, calls: []});
    server.started = {chosen: 1, entered: 1, later: false, last_at: false};
    onRpc("res.partner", "get_workflow_runs", ({kwargs}) => {
        server.calls.push(["log", kwargs.before]);
        return {runs: server.runs, more: server.more};
    });
    onRpc("mini_crm.workflow.run", "action_stop", ({args}) => {
        server.calls.push(["stop", ...args[0]]);
        server.runs = [
            {...RUN, state: "stopped", status: "Stopped", may_stop: false, at: ""},
        ];
        return true;
    });
    onRpc("mini_crm.workflow", "get_startable", () => [
        {id: 3, name: "Call back", trigger: "Only by hand"},
    ]);
    onRpc("mini_crm.workflow", "start_customers", ({args, kwargs}) => {
        server.calls.push(["start", ...args[0], kwargs.domain]);
        return server.started;
    });
});

async function mountLog() {
    await mountView({resModel: "res.partner", resId: 100, type: "form", arch: ARCH});
    await animationFrame();
}

test("a run tells its steps and why they were left so", async () => {
    await mountLog();
    expect("[data-run='7'] summary .o_mini_crm_workflow_title").toHaveText("Welcome");
    expect(".o_mini_crm_workflow_log_where span").toHaveText("At “Ask a question”");
    expect("[data-kind='send']").toHaveText(/There is no channel\./);
    expect(queryAllTexts(".o_mini_crm_workflow_bubble")).toEqual(["Hello Sara"]);
});

test("a run is stopped by a tap", async () => {
    await mountLog();
    await contains(".o_mini_crm_workflow_log_stop").click();
    expect(server.calls).toEqual([
        ["log", 0],
        ["stop", 7],
        ["log", 0],
    ]);
    expect(".o_mini_crm_badge").toHaveText("Stopped");
    expect(".o_mini_crm_workflow_log_stop").toHaveCount(0);
});

test("older runs come on demand", async () => {
    server.more = true;
    await mountLog();
    server.runs = [{...RUN, id: 6}];
    server.more = false;
    await contains(".o_mini_crm_workflow_log_more").click();
    expect(server.calls.at(-1)).toEqual(["log", 7]);
    expect(".o_mini_crm_workflow_log_run").toHaveCount(2);
    expect(".o_mini_crm_workflow_log_more").toHaveCount(0);
});

test("a customer without runs has one line and the button", async () => {
    server.runs = [];
    await mountLog();
    expect(".o_mini_crm_workflow_help").toHaveText(/No workflow has done anything/);
    expect(".o_mini_crm_workflow_log_start").toHaveCount(1);
});

test("a workflow is started for this customer", async () => {
    await mountLog();
    await contains(".o_mini_crm_workflow_log_start").click();
    await contains("[data-workflow='3']").click();
    await animationFrame();
    expect(server.calls).toEqual([
        ["log", 0],
        ["start", 3, [["id", "=", 100]]],
        ["log", 0],
    ]);
    expect(".o_notification").toHaveText(/The workflow has started/);
    expect(".o_dialog").toHaveCount(0);
});

test("of many customers it is told that they enter later", async () => {
    server.started = {chosen: 12000, entered: 0, later: true, last_at: false};
    await mountLog();
    await contains(".o_mini_crm_workflow_log_start").click();
    await contains("[data-workflow='3']").click();
    await animationFrame();
    expect(".o_notification").toHaveText(/12,000 customers are looked at now/);
});

test("whom the limit has wait is told when the last one begins", async () => {
    server.started = {
        chosen: 9,
        entered: 9,
        later: false,
        last_at: "2026-03-10 14:00:00",
    };
    await mountLog();
    await contains(".o_mini_crm_workflow_log_start").click();
    await contains("[data-workflow='3']").click();
    await animationFrame();
    expect(".o_notification").toHaveText(/9 customers have entered\. The last one/);
});

test("a run that has not begun says so, and can be stopped", async () => {
    server.runs = [{...RUN, at: "", outcome: "Begins when its turn comes.", steps: []}];
    await mountLog();
    expect(".o_mini_crm_workflow_log_where span").toHaveText(
        "Begins when its turn comes.",
    );
    expect(".o_mini_crm_workflow_log_stop").toHaveCount(1);
});

test("what cannot be loaded can be tried again", async () => {
    onRpc("res.partner", "get_workflow_runs", () => {
        throw makeServerError();
    });
    await mountLog();
    expect(".o_mini_crm_workflow_log[data-status='error']").toHaveCount(1);
    expect(".o_mini_crm_workflow_log .btn-link").toHaveText("Try again");
});
