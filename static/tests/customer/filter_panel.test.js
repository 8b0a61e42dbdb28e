import {describe, expect, test} from "@odoo/hoot";
import {click, queryOne} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {EventBus} from "@odoo/owl";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {rpcBus} from "@web/core/network/rpc";
import {FilterPanel} from "@mini_crm/customer/filter_panel/filter_panel";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

describe.current.tags("desktop");
defineMiniCrmModels();

const OFFER = {
    health: [
        {value: "red", label: "At risk"},
        {value: "green", label: "Healthy"},
    ],
    stages: [{value: "purchase", label: "Purchase"}],
    tags: [],
    segments: [],
    sources: [],
    owners: [],
    months: [],
    fields: [
        {
            slot: "custom_select_1",
            type: "select",
            label: "Size",
            choices: [{value: "s", label: "Small"}],
        },
        {slot: "custom_date_1", type: "date", label: "Birthday", birthday: true},
        {slot: "custom_date_2", type: "date", label: "Wedding", birthday: true},
    ],
    currency_id: 1,
    manager: false,
};
const health = (value) =>
    `[data-kind='health'] [data-value='${value}'][aria-pressed='true']`;

/** A search of which a favorite is on: what of the search model the panel uses. */
function searchOf(domain) {
    return Object.assign(new EventBus(), {
        context: {},
        panelSource: {id: 1, type: "favorite", domain},
        domainOfItem: (item) => item.domain,
        domainBeside: () => [],
        applyPanel(applied, words, replaced) {
            expect.step(["apply", applied, words, replaced.id]);
            const item = {id: 2, domain: applied, isFilterPanel: true};
            this.panelSource = applied.length ? item : undefined;
            this.trigger("update");
        },
    });
}

async function mountPanel(domain) {
    rpcBus.trigger("CLEAR-CACHES");
    onRpc("res.partner", "get_filter_panel", () => OFFER);
    onRpc("res.partner", "search_count", () => 7);
    const searchModel = searchOf(domain);
    await mountWithCleanup(FilterPanel, {props: {searchModel}});
    await animationFrame();
    expect(".o_mini_crm_filters").toHaveAttribute("data-status", "ready");
    return searchModel;
}

test("what is chosen stays while something beside the panel changes", async () => {
    const searchModel = await mountPanel([["crm_health", "in", ["red"]]]);
    await contains("[data-kind='health'] [data-value='green']").click();
    searchModel.trigger("update");
    await animationFrame();
    await animationFrame();
    expect(health("green")).toHaveCount(1);
    searchModel.panelSource = undefined;
    searchModel.trigger("update");
    await animationFrame();
    await animationFrame();
    expect("[data-kind='health'] [aria-pressed='true']").toHaveCount(0);
});

test("conditions that the panel cannot show stay until it is reset", async () => {
    const others = ["|", ["name", "ilike", "sara"], ["phone", "ilike", "sara"]];
    await mountPanel([["crm_health", "=", "red"], ...others]);
    expect(health("red")).toHaveCount(1);
    expect(".o_mini_crm_filter_rest").toHaveCount(1);
    await contains(".o_mini_crm_filter_apply").click();
    // nothing was changed: the favorite stays on
    expect.verifySteps([]);
    await contains("[data-kind='health'] [data-value='green']").click();
    await contains(".o_mini_crm_filter_apply").click();
    await animationFrame();
    const both = [["crm_health", "in", ["red", "green"]], ...others];
    const words = ["Health: At risk or Healthy", "other conditions"];
    expect.verifySteps([["apply", both, words, 1]]);
    expect(".o_mini_crm_filter_rest").toHaveCount(1);
    await contains(".o_mini_crm_filter_reset").click();
    await animationFrame();
    expect.verifySteps([["apply", [], [], 2]]);
    expect(".o_mini_crm_filter_rest").toHaveCount(0);
});

test("a section stays unfolded while one chooses in it", async () => {
    await mountPanel([["custom_date_1", ">=", "2026-01-01"]]);
    expect(queryOne("[data-kind='custom_date_1']").open).toBe(true);
    expect(queryOne("[data-kind='custom_date_2']").open).toBe(false);
    const section = queryOne("[data-kind='custom_select_1']");
    expect(section.open).toBe(false);
    section.open = true;
    for (const pressed of ["true", "false"]) {
        await click("[data-kind='custom_select_1'] [data-value='s']");
        await advanceTime(300);
        await animationFrame();
        expect("[data-kind='custom_select_1'] [data-value='s']").toHaveAttribute(
            "aria-pressed",
            pressed,
        );
        expect(section.open).toBe(true);
    }
});
