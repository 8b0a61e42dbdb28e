import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryAllValues} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {Component, xml} from "@odoo/owl";
import {
    contains,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {user} from "@web/core/user";
import {FormBuilder} from "@mini_crm/field/form_builder/form_builder";
import {BuilderTexts} from "@mini_crm/field/form_builder/builder_texts";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const TYPES = ["text", "number", "date", "boolean", "select", "phone", "email", "url"];

class NoPreview extends Component {
    static template = xml`<aside/>`;
    static props = ["*"];
}

let server = null;

function makeField(values) {
    const id = ++server.lastId;
    return {
        id,
        key: `key_${id}`,
        slot: "custom_text_1",
        section_id: false,
        options: [],
        texts: {},
        required: false,
        role: false,
        rules: false,
        help: false,
        placeholder: false,
        show_in_form: true,
        show_in_list: false,
        show_in_card: false,
        show_in_filter: true,
        ...values,
    };
}

/** What `builder_apply` does with the kinds of changes that these tests make. */
const CHANGES = {
    create({part, values, section_id, index, ...rest}) {
        expect.step(["create", values.name, rest.overflow || rest.release || "slot"]);
        const record =
            part === "section" ? {id: ++server.lastId, texts: {}} : makeField();
        Object.assign(record, values, part === "field" && {section_id});
        server.state[`${part}s`].push(record);
        if (part === "field") {
            CHANGES.place({id: record.id, section_id, index});
        }
        return {id: record.id};
    },
    write({part, id, values}) {
        Object.assign(
            server.state[`${part}s`].find((record) => record.id === id),
            values,
        );
    },
    place({id, section_id, index}) {
        const {fields} = server.state;
        const record = fields.find((field) => field.id === id);
        fields.splice(fields.indexOf(record), 1);
        record.section_id = section_id;
        const group = fields.filter((field) => field.section_id === section_id);
        fields.splice(
            group[index] ? fields.indexOf(group[index]) : fields.length,
            0,
            record,
        );
    },
    archive({id}) {
        const record = server.state.fields.find((field) => field.id === id);
        server.state.fields = server.state.fields.filter((field) => field !== record);
        server.state.archived.push(record);
    },
    restore({id}) {
        const record = server.state.archived.find((field) => field.id === id);
        server.state.archived = server.state.archived.filter((f) => f !== record);
        server.state.fields.push(record);
    },
    discard({part, id}) {
        const name = `${part}s`;
        server.state[name] = server.state[name].filter((record) => record.id !== id);
    },
};

beforeEach(() => {
    server = {lastId: 0};
    const slots = TYPES.map((type) => [type, {all: 5, free: 3, archived: []}]);
    server.state = {
        fields: [makeField({name: "Colour", type: "text"})],
        archived: [],
        sections: [],
        slots: Object.fromEntries(slots),
        languages: [{code: "en_US", name: "English (US)"}],
        preview: {view: 1, customer: false},
        industries: false,
    };
    const answer = () => JSON.parse(JSON.stringify(server.state));
    onRpc("mini_crm.field", "builder_state", answer);
    onRpc("mini_crm.field", "usages", () => []);
    onRpc("mini_crm.field", "builder_apply", ({args: [operation]}) => {
        const result = CHANGES[operation.kind](operation) || {};
        return {...result, state: answer()};
    });
    patchWithCleanup(FormBuilder, {
        components: {...FormBuilder.components, BuilderPreview: NoPreview},
    });
});

async function mountBuilder() {
    await mountWithCleanup(FormBuilder, {props: {action: {}, actionId: 1}});
}

function labels() {
    return queryAllValues(
        ".o_mini_crm_builder_field[data-id] .o_mini_crm_builder_label",
    );
}

test("one click, a label and Enter make a field", async () => {
    await mountBuilder();
    await contains("[data-type='number'].o_mini_crm_builder_type").click();
    expect(".o_mini_crm_builder_draft input").toBeFocused();
    await contains(".o_mini_crm_builder_draft input").edit("Shoe size");
    await animationFrame();
    expect(labels()).toEqual(["Colour", "Shoe size"]);
    expect(".o_mini_crm_builder_draft").toHaveCount(0);
    expect.verifySteps([["create", "Shoe size", "slot"]]);
});

test("a field without a label is not made", async () => {
    await mountBuilder();
    await contains("[data-type='number'].o_mini_crm_builder_type").click();
    await press("Escape");
    await animationFrame();
    expect(".o_mini_crm_builder_draft").toHaveCount(0);
    expect(labels()).toEqual(["Colour"]);
});

test("undo takes changes back one by one, redo makes them again", async () => {
    await mountBuilder();
    await contains("[data-type='text'].o_mini_crm_builder_type").click();
    await contains(".o_mini_crm_builder_draft input").edit("Size");
    await contains("[data-id='2'] .o_mini_crm_builder_label").edit("Size of shoes");
    expect(labels()).toEqual(["Colour", "Size of shoes"]);
    await contains(".o_mini_crm_builder_undo").click();
    expect(labels()).toEqual(["Colour", "Size"]);
    await press(["ctrl", "z"]);
    await animationFrame();
    expect(labels()).toEqual(["Colour"]);
    expect(".o_mini_crm_builder_undo").not.toBeEnabled();
    await press(["ctrl", "y"]);
    await animationFrame();
    await press(["ctrl", "shift", "z"]);
    await animationFrame();
    // The field came back under another id, and its renaming found it.
    expect(labels()).toEqual(["Colour", "Size of shoes"]);
    expect.verifySteps([
        ["create", "Size", "slot"],
        ["create", "Size", "slot"],
    ]);
});

test("a new field goes to no section when its section was undone", async () => {
    await mountBuilder();
    await contains(".o_mini_crm_builder_section_add").click();
    await contains(".o_mini_crm_builder_section_new").edit("Details");
    expect(".o_mini_crm_builder_section_current[data-section='2']").toHaveCount(1);
    await contains(".o_mini_crm_builder_undo").click();
    await contains("[data-type='text'].o_mini_crm_builder_type").click();
    await contains(".o_mini_crm_builder_draft input").edit("Size");
    expect(server.state.fields.map(({section_id}) => section_id)).toEqual([
        false,
        false,
    ]);
    expect.verifySteps([
        ["create", "Details", "slot"],
        ["create", "Size", "slot"],
    ]);
});

test("keys move fields, archive them and walk between them", async () => {
    server.state.fields.push(makeField({name: "Size", type: "text"}));
    await mountBuilder();
    await contains("[data-id='1'].o_mini_crm_builder_field").focus();
    await press("ArrowDown");
    expect("[data-id='2'].o_mini_crm_builder_field").toBeFocused();
    await press(["alt", "ArrowUp"]);
    await animationFrame();
    await animationFrame();
    expect(labels()).toEqual(["Size", "Colour"]);
    expect("[data-id='2'].o_mini_crm_builder_field").toBeFocused();
    expect("[aria-live]").toHaveText("Size is now number 1 of 2.");
    await press("Enter");
    expect("[data-id='2'] .o_mini_crm_builder_label").toBeFocused();
    await press("Escape");
    await press("Delete");
    await animationFrame();
    expect(labels()).toEqual(["Colour"]);
    await contains(".o_notification_buttons button").click();
    expect(queryAllTexts(".o_mini_crm_builder_archived")).toEqual([]);
    expect(labels()).toEqual(["Colour", "Size"]);
});

test("a type is dragged in front of a field", async () => {
    await mountBuilder();
    const {moveTo, drop} = await contains(
        "[data-type='date'].o_mini_crm_builder_type",
    ).drag();
    await moveTo("[data-id='1'].o_mini_crm_builder_field", {
        position: "top",
        relative: true,
    });
    await animationFrame();
    expect(".o_mini_crm_builder_drop").toHaveCount(1);
    await drop();
    await contains(".o_mini_crm_builder_draft input").edit("Wedding day");
    expect(labels()).toEqual(["Wedding day", "Colour"]);
    expect.verifySteps([["create", "Wedding day", "slot"]]);
});

test("without a free slot there is the overflow, or the slot of an archived field", async () => {
    server.state.slots.email = {all: 5, free: 0, archived: [{id: 77, name: "Old one"}]};
    await mountBuilder();
    await contains("[data-type='email'].o_mini_crm_builder_type").click();
    await contains(".modal [data-choice='overflow']").click();
    await contains(".o_mini_crm_builder_draft input").edit("Second e-mail");
    await contains("[data-type='email'].o_mini_crm_builder_type").click();
    expect(".modal [data-release='77']").toHaveText("Old one");
    await contains(".modal [data-release='77']").click();
    await contains(".o_mini_crm_builder_draft input").edit("Third e-mail");
    expect.verifySteps([
        ["create", "Second e-mail", true],
        ["create", "Third e-mail", 77],
    ]);
});

test("a refusal is shown at the field and changes nothing", async () => {
    onRpc("mini_crm.field", "builder_apply", () => {
        throw makeServerError({
            type: "ValidationError",
            message: "There is a birthday already.",
        });
    });
    await mountBuilder();
    await contains("[data-id='1'] .o_mini_crm_builder_label").edit("Birthday");
    expect("[data-id='1'] .o_mini_crm_builder_error").toHaveText(
        "There is a birthday already.",
    );
    expect(".o_mini_crm_builder_undo").not.toBeEnabled();
});

test("a field in use is archived only after its uses were shown", async () => {
    onRpc("mini_crm.field", "usages", () => [
        {kind: "Segment", name: "Dog owners", model: "x", id: 1},
    ]);
    await mountBuilder();
    await contains("[data-id='1'] .o_mini_crm_builder_open").click();
    await contains(".o_mini_crm_builder_archive").click();
    expect(".modal .o_mini_crm_builder_usages").toHaveText("Segment Dog owners");
    expect(labels()).toEqual(["Colour"]);
    await contains(".modal .o_mini_crm_builder_confirm").click();
    expect(labels()).toEqual([]);
});

test("a rule is kept as a number, whatever digits it is typed in", async () => {
    await mountBuilder();
    await contains("[data-id='1'] .o_mini_crm_builder_open").click();
    await contains(".o_mini_crm_builder_advanced").click();
    await contains("[data-rule='max_length']").edit("۱۲");
    expect(server.state.fields[0].rules).toEqual({max_length: 12});
    await contains("[data-rule='max_length']").edit("many");
    expect("[data-id='1'] .o_mini_crm_builder_error").toHaveText(
        "many is not a number.",
    );
    await contains("[data-rule='max_length']").edit("");
    expect(server.state.fields[0].rules).toBe(false);
});

test("a value is tried against the rules", async () => {
    onRpc("mini_crm.field", "builder_try", ({args: [, value]}) =>
        value === "good"
            ? {stored: "good", message: ""}
            : {stored: "", message: "Not good enough."},
    );
    await mountBuilder();
    await contains("[data-id='1'] .o_mini_crm_builder_open").click();
    await contains(".o_mini_crm_builder_advanced").click();
    await contains(".o_mini_crm_builder_try input").edit("bad");
    expect("[data-answer='refused']").toHaveText("Not good enough.");
    await contains(".o_mini_crm_builder_try input").edit("good");
    expect("[data-answer='accepted']").toHaveText(/good/);
});

test("the language of the user is not among the other languages", () => {
    patchWithCleanup(user, {lang: "fa-IR"});
    const texts = Object.create(BuilderTexts.prototype);
    const languages = [
        {code: "en_US", name: "English (US)"},
        {code: "fa_IR", name: "Persian / فارسی"},
    ];
    texts.props = {model: {data: {languages}}};
    expect(texts.languages.map(({code}) => code)).toEqual(["en_US"]);
});

test("a shop without fields of its own is told how to begin", async () => {
    server.state.fields = [
        makeField({name: "Birthday", type: "date", role: "birthday"}),
    ];
    server.state.industries = true;
    await mountBuilder();
    expect(".o_mini_crm_builder_empty .o_mini_crm_builder_start").toHaveCount(1);
    await contains("[data-type='text'].o_mini_crm_builder_type").click();
    expect(".o_mini_crm_builder_empty").toHaveCount(0);
});
