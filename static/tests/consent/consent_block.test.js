import {expect, test} from "@odoo/hoot";
import {queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const ARCH = `<form><field name="name"/><widget name="mini_crm_consent"/></form>`;

function consent(channel, values = {}) {
    return {
        channel,
        label: channel,
        state: "unknown",
        date: null,
        by: "",
        source: "",
        proof: "",
        blacklisted: false,
        ...values,
    };
}

async function mount(...consents) {
    onRpc("res.partner", "get_consents", () => consents);
    onRpc("res.partner", "set_consent", ({args: [ids, channel, state]}) => {
        expect.step([ids, channel, state]);
        consents = consents.map((known) =>
            known.channel === channel ? {...known, state} : known,
        );
        return consents;
    });
    await mountView({type: "form", resModel: "res.partner", resId: 100, arch: ARCH});
    await animationFrame();
}

test("folded, it says by what the customer does not want to be written to", async () => {
    await mount(consent("telegram", {state: "out"}), consent("email", {state: "in"}));
    expect(queryOne("details.o_mini_crm_consent").open).toBe(false);
    expect("summary .o_mini_crm_consent_out").toHaveText("Opted out: telegram");
});

test("who has entered it, since when and why is told", async () => {
    const date = "2026-01-31T12:00:00Z";
    await mount(
        consent("telegram", {
            state: "out",
            date,
            source: "person",
            by: "Maryam",
            proof: "said so by phone",
        }),
        consent("email", {state: "out", blacklisted: true}),
    );
    queryOne("details").open = true;
    const [telegram, email] = queryAllTexts(".o_mini_crm_consent_row small");
    expect(telegram).toMatch(/2026 · Maryam · said so by phone$/);
    expect(email).toBe("on Odoo's blacklist");
    // "/stop" keeps its beginning among words from right to left
    expect(".o_mini_crm_consent_row bdi:contains('said so by phone')").toHaveCount(1);
});

test("one tap changes it and shows what is known then", async () => {
    await mount(consent("telegram"));
    queryOne("details").open = true;
    await contains("button[data-state='out']").click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps([[[100], "telegram", "out"]]);
    expect("button[data-state='out']").toHaveAttribute("aria-pressed", "true");
    expect("button[data-state='unknown']").toHaveAttribute("aria-pressed", "false");
});
