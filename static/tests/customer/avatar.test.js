import {expect, test} from "@odoo/hoot";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {Avatar} from "@mini_crm/customer/avatar";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

test("without a photo the circle shows initials and asks for no image", async () => {
    await mountWithCleanup(Avatar, {
        props: {id: 12, name: "Sara Ahmadi", hasPhoto: false},
    });
    expect(".o_mini_crm_avatar").toHaveText("SA");
    expect(".o_mini_crm_avatar").toHaveClass("o_mini_crm_avatar_2");
    expect(".o_mini_crm_avatar img").toHaveCount(0);
});

test("with a photo the circle shows it", async () => {
    await mountWithCleanup(Avatar, {
        props: {id: 12, name: "Sara Ahmadi", hasPhoto: true},
    });
    expect(".o_mini_crm_avatar img").toHaveAttribute(
        "data-src",
        /\/web\/image\/res\.partner\/12\/avatar_128/,
    );
});

test("a name without letters gets a figure", async () => {
    await mountWithCleanup(Avatar, {props: {id: 12, name: "0912"}});
    expect(".o_mini_crm_avatar .fa-user").toHaveCount(1);
});
