import {expect, test} from "@odoo/hoot";
import {
    contains,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {IndustriesAction} from "@mini_crm/field/industries_action";
import {appliedText, removedText} from "@mini_crm/field/industry_texts";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const NOTHING = {
    added: [],
    restored: [],
    present: [],
    skipped: [],
    extra: [],
    rules: [],
    rules_skipped: [],
    undo_rules: {},
};

function field(key, values = {}) {
    return {
        key,
        name: key,
        help: "",
        type: "text",
        type_label: "Text",
        options: [],
        status: "new",
        room: "slot",
        existing: false,
        ...values,
    };
}

function preview(values = {}) {
    return {
        id: 1,
        name: "Retail",
        description: "Shops",
        icon: "fa-shopping-bag",
        applied: false,
        sections: [{key: "a", name: "Shopping", new: true, fields: [field("brand")]}],
        slots: [{type: "text", type_label: "Text", taken: 1, free: 30, missing: 0}],
        counts: {new: 1, restore: 0, present: 0, conflict: 0},
        segments: [],
        tag_rules: [],
        ...values,
    };
}

async function openPreview(values) {
    onRpc("mini_crm.industry", "gallery", () => ({
        industries: [
            {
                id: 1,
                key: "retail",
                name: "Retail",
                description: "Shops",
                icon: "fa-shopping-bag",
                field_count: 8,
                applied: false,
            },
        ],
        form_builder: false,
    }));
    onRpc("mini_crm.industry", "preview", () => preview(values));
    onRpc("mini_crm.industry", "apply", ({args}) => {
        expect.step(`apply ${args[0]}`);
        return {
            ...NOTHING,
            name: "Retail",
            added: [{id: 7, key: "brand", name: "Brand"}],
            undo: [7],
        };
    });
    onRpc("mini_crm.industry", "remove", ({args}) => {
        expect.step(`remove ${args[0]} ${args[1]}`);
        return {
            name: "Retail",
            removed: ["Brand"],
            archived: [],
            kept: [],
            rules_removed: [],
            rules_kept: [],
        };
    });
    await mountWithCleanup(IndustriesAction, {props: {action: {}}});
    expect(".o_mini_crm_industry_facts").toHaveText("8 fields");
    await contains(".o_mini_crm_industry").click();
}

test("one click applies, Undo takes back what that click added", async () => {
    await openPreview();
    await contains(".o_mini_crm_industry_apply").click();
    expect.verifySteps(["apply 1"]);
    expect(".modal").toHaveCount(0);
    expect(".o_notification").toHaveText(/One field added\./);
    await contains(".o_notification_buttons button").click();
    expect.verifySteps(["remove 1 7"]);
});

test("a field that is left out says why", async () => {
    const existing = {name: "Points", type_label: "Number"};
    await openPreview({
        sections: [
            {
                key: "a",
                name: "Shopping",
                new: false,
                fields: [field("brand", {status: "conflict", room: false, existing})],
            },
        ],
        counts: {new: 0, restore: 0, present: 0, conflict: 1},
    });
    expect("[data-field='brand'] .o_mini_crm_tone_warning").toHaveText("Left out");
    expect("[data-field='brand'] .o_mini_crm_industry_field_help").toHaveText(
        "Points has this key, and is of the type Number.",
    );
    expect(".o_mini_crm_industry_apply").toHaveCount(0);
});

test("a birthday that is there under another name is told", async () => {
    const existing = {name: "Born", type_label: "Date"};
    await openPreview({
        sections: [
            {
                key: "a",
                name: "Personal",
                new: false,
                fields: [
                    field("birth_date", {status: "present", room: false, existing}),
                ],
            },
        ],
    });
    expect("[data-field='birth_date'] .o_mini_crm_industry_status").toHaveText(
        /as Born/,
    );
});

test("too few slots are told before anything is added", async () => {
    await openPreview({
        slots: [{type: "text", type_label: "Text", taken: 0, free: 0, missing: 1}],
    });
    expect(".o_mini_crm_industry_warning").toHaveText(/free for: Text \(1\)\./);
});

test("of many choices five are shown, and how many more there are", async () => {
    const options = Array.from({length: 8}, (_, n) => ({label: `c${n}`, color: n}));
    await openPreview({
        sections: [
            {
                key: "a",
                name: "Shopping",
                new: true,
                fields: [field("category", {type: "select", options})],
            },
        ],
    });
    expect("[data-field='category'] .o_tag").toHaveCount(5);
    expect("[data-field='category'] .o_mini_crm_industry_options").toHaveText(/\+3/);
});

test("what was applied is told in full", async () => {
    await makeMockEnv();
    const named = (name) => [{id: 1, key: name, name}];
    expect(appliedText(NOTHING)).toBe("Nothing is left to add.");
    expect(
        appliedText({
            ...NOTHING,
            added: [...named("A"), ...named("B")],
            restored: named("C"),
            skipped: named("D"),
            extra: named("B"),
            rules: named("E"),
            rules_skipped: ["F"],
        }),
    ).toBe(
        "2 fields added. From the archive: C. Segments and smart tags: E. Left out, as" +
            " their field is not there or has no slot: F. Left out, as a field of" +
            " another type has their key: D. Without a slot, so neither filtered nor" +
            " sorted: B.",
    );
});

test("what stays is told by its reason", async () => {
    await makeMockEnv();
    const kept = [
        {name: "A", reason: "values"},
        {name: "B", reason: "changed"},
        {name: "C", reason: "values"},
    ];
    const gone = {removed: [], archived: [], rules_removed: ["S"]};
    const rulesKept = [{name: "T", reason: "changed"}];
    expect(removedText({...gone, kept, rules_kept: rulesKept})).toBe(
        "Segments and smart tags removed: S. These stay, as customers have values in" +
            " them: A and C. These stay, as you have changed them: B and T.",
    );
});
