import {describe, expect, test} from "@odoo/hoot";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {JourneyAction} from "@mini_crm/journey/journey_action";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

describe.current.tags("desktop");
defineMiniCrmModels();

const DOMAINS = {customers: [], forward: [], back: [], silent: []};
const stage = (name, silent) => ({
    stage: name,
    label: name,
    customers: 30_000,
    stays: 30_000,
    forward: 0,
    back: 0,
    silent,
    conversion: 0,
    drop_off: silent === null ? null : 0.1,
    median_days: null,
    domains: DOMAINS,
});

async function mountMap({silent = 3_000, ...props} = {}) {
    onRpc("mini_crm.journey", "get_map", ({args}) => {
        expect.step(args);
        return {
            period: args[0],
            total: 60_000,
            stages: [stage("awareness", silent), stage("purchase", silent)],
            moves: [],
            facts_of: false,
            facts_known: silent !== null,
            filters: {sources: [{id: 4, name: "Market"}], owners: []},
        };
    });
    await mountWithCleanup(JourneyAction, {props: {action: {}, ...props}});
}

test("where nobody knows who is silent, a company is to be chosen", async () => {
    await mountMap({silent: null});
    expect("[data-stage='purchase'] [data-fact='silent']").toHaveText(/–/);
    expect(".o_mini_crm_journey_note:contains(choose one company)").toHaveCount(1);
    expect.verifySteps([["90", false, false]]);
});

test("where the silent are known, no company has to be chosen", async () => {
    await mountMap();
    expect("[data-stage='purchase'] [data-fact='silent']").toHaveText(/3,000/);
    expect(".o_mini_crm_journey_note:contains(choose one company)").toHaveCount(0);
    expect.verifySteps([["90", false, false]]);
});

test("the map comes back with the period and the filters that it had", async () => {
    await mountMap({state: {period: "all", sourceId: 4, ownerId: false}});
    expect("[data-period='all']").toHaveAttribute("aria-pressed", "true");
    expect(".o_mini_crm_journey_source").toHaveValue("4");
    await contains("[data-period='30']").click();
    expect.verifySteps([
        ["all", 4, false],
        ["30", 4, false],
    ]);
});
