import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    mountView,
    onRpc,
    toggleActionMenu,
    toggleMenuItem,
} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const LIST = `
    <list js_class="mini_crm_customer_list">
        <field name="name" widget="mini_crm_customer_name"/>
        <field name="crm_score" widget="mini_crm_score"/>
        <field name="last_contacted_at" widget="mini_crm_relative_time"/>
    </list>`;
const SEARCH = `
    <search>
        <filter name="health_red" string="At risk" domain="[['crm_health', '=', 'red']]"/>
        <filter name="health_yellow" string="Moderate" domain="[['crm_health', '=', 'yellow']]"/>
        <filter name="health" string="Health" context="{'group_by': 'crm_health'}"/>
    </search>`;
const OURS = [["id", "in", [100, 101]]];

function mountList(params) {
    return mountView({
        resModel: "res.partner",
        type: "list",
        arch: LIST,
        searchViewArch: SEARCH,
        domain: OURS,
        config: {actionMenus: {}},
        ...params,
    });
}

test("a chip filters with one tap and stops with another", async () => {
    await mountList();
    expect(".o_data_row").toHaveCount(2);
    expect(".o_mini_crm_chip").toHaveCount(2);
    await contains("[data-filter='health_yellow']").click();
    expect(".o_data_row").toHaveCount(1);
    expect("[data-filter='health_yellow']").toHaveAttribute("aria-pressed", "true");
    await contains("[data-filter='health_yellow']").click();
    expect(".o_data_row").toHaveCount(2);
});

test("a search without result says so, and not to add the first customer", async () => {
    await mountList({noContentHelp: "<p class='first'>Add your first customer</p>"});
    await contains("[data-filter='health_red']").click();
    expect(".o_nocontent_help .o_view_nocontent_empty_folder").toHaveCount(1);
    expect(".o_nocontent_help .first").toHaveCount(0);
});

test("the group without a health has a name", async () => {
    await mountList({groupBy: ["crm_health"]});
    expect(".o_group_name").toHaveCount(2);
    expect(".o_group_name:contains(Not enough data yet)").toHaveCount(1);
});

test.tags("desktop");
test("archiving asks nothing and can be undone", async () => {
    onRpc("res.partner", "action_archive", ({args}) => {
        expect.step(["archive", ...args[0]]);
        return true;
    });
    onRpc("res.partner", "action_unarchive", ({args}) => {
        expect.step(["unarchive", ...args[0]]);
        return true;
    });
    await mountList({loadActionMenus: true});
    await contains(".o_data_row:contains(Sara) .o_list_record_selector input").click();
    await toggleActionMenu();
    await toggleMenuItem("Archive");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([["archive", 100]]);
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect.verifySteps([["unarchive", 100]]);
});

test("somebody never contacted is told apart", async () => {
    await mountList();
    expect(".o_mini_crm_relative_time_never").toHaveCount(2);
});
