import {describe, expect, test} from "@odoo/hoot";
import {
    emptyHistory,
    fieldsOf,
    inverseOf,
    recorded,
    stepped,
    withId,
} from "@mini_crm/field/form_builder/form_history";
import {placeAt, placeBeside, putBehind} from "@mini_crm/field/form_builder/form_place";

describe.current.tags("headless");

function field(id, section_id, values) {
    return {
        id,
        section_id,
        name: `Field ${id}`,
        key: `field_${id}`,
        type: "text",
        slot: `custom_text_${id}`,
        options: [],
        texts: {name: {en_US: `Field ${id}`}},
        ...values,
    };
}

const STATE = {
    fields: [
        field(1, false),
        field(2, 10),
        field(3, 10, {
            type: "select",
            options: [
                {id: 31, field_id: 3, name: "S", code: "s", color: 1, texts: {}},
                {id: 32, field_id: 3, name: "L", code: "l", color: 2, texts: {}},
            ],
        }),
    ],
    archived: [field(4, 11)],
    sections: [
        {id: 10, name: "One", key: "one", texts: {}},
        {id: 11, name: "Two", key: "two", texts: {}},
    ],
};

test("a change of values is taken back by the values before", () => {
    const operation = {kind: "write", part: "field", id: 2, values: {name: "New"}};
    expect(inverseOf(operation, STATE, {})).toEqual({
        kind: "write",
        part: "field",
        id: 2,
        values: {name: "Field 2"},
    });
});

test("a move is taken back to the place before", () => {
    const operation = {kind: "place", id: 3, section_id: false, index: 0};
    expect(inverseOf(operation, STATE, {})).toEqual({
        kind: "place",
        id: 3,
        section_id: 10,
        index: 1,
    });
});

test("a first translation is taken back by removing it", () => {
    const operation = {kind: "translate", part: "field", id: 1, name: "name"};
    const inverse = inverseOf({...operation, texts: {fa_IR: "الف"}}, STATE, {});
    expect(inverse).toEqual({...operation, texts: {fa_IR: false}});
});

test("an order is taken back to the order before", () => {
    const sections = {kind: "order", part: "section", ids: [11, 10]};
    expect(inverseOf(sections, STATE, {}).ids).toEqual([10, 11]);
    const options = {kind: "order", part: "option", ids: [32, 31]};
    expect(inverseOf(options, STATE, {}).ids).toEqual([31, 32]);
});

test("archiving is taken back by restoring, and the other way round", () => {
    expect(inverseOf({kind: "archive", id: 1}, STATE, {})).toEqual({
        kind: "restore",
        id: 1,
    });
    expect(inverseOf({kind: "restore", id: 4}, STATE, {})).toEqual({
        kind: "archive",
        id: 4,
    });
});

test("a removed section comes back with its place and its fields", () => {
    const inverse = inverseOf({kind: "discard", part: "section", id: 10}, STATE, {});
    expect(inverse).toEqual({
        kind: "create",
        part: "section",
        was: 10,
        texts: {},
        values: {name: "One", key: "one"},
        index: 0,
        fields: [2, 3],
    });
});

test("a discarded field that is in use comes back from the archive", () => {
    const operation = {kind: "discard", part: "field", id: 2};
    expect(inverseOf(operation, STATE, {kept: true})).toEqual({
        kind: "restore",
        id: 2,
    });
    const inverse = inverseOf(operation, STATE, {});
    expect(inverse.values.key).toBe("field_2");
    expect([inverse.section_id, inverse.index, inverse.was]).toEqual([10, 0, 2]);
});

test("a new change leaves nothing to redo", () => {
    let history = recorded(emptyHistory(), {id: 1});
    history = stepped(history, "undo", {id: 2});
    expect(history).toEqual({undo: [], redo: [{id: 2}]});
    expect(recorded(history, {id: 3})).toEqual({undo: [{id: 3}], redo: []});
});

test("undo and redo of a field's creation follow its new id", () => {
    // Create 7, rename it; undo both; redo the creation: it is 9 now.
    const rename = {kind: "write", part: "field", id: 7, values: {name: "B"}};
    const addOption = {
        kind: "create",
        part: "option",
        field_id: 7,
        values: {},
        was: 50,
    };
    const create = {kind: "create", part: "field", was: 7, section_id: 7};
    let history = {undo: [], redo: [addOption, rename, create]};
    history = stepped(history, "redo", {kind: "discard", part: "field", id: 9});
    history = withId(history, "field", 7, 9);
    expect(history.redo.map(({id, field_id}) => id || field_id)).toEqual([9, 9]);
    expect(history.redo[0].was).toBe(50);
    expect(history.undo[0].id).toBe(9);
});

test("another section of the same number is not mistaken for a field", () => {
    const operations = [
        {kind: "place", id: 1, section_id: 10, index: 0},
        {kind: "order", part: "section", ids: [10, 11]},
        {kind: "archive", id: 10},
    ];
    const {undo} = withId({undo: operations, redo: []}, "section", 10, 99);
    expect(undo[0].section_id).toBe(99);
    expect(undo[1].ids).toEqual([99, 11]);
    expect(undo[2].id).toBe(10);
});

test("a step up or down goes on into the next section, and ends at the last", () => {
    expect(placeBeside(STATE, 3, -1)).toEqual({section_id: 10, index: 0});
    expect(placeBeside(STATE, 2, -1)).toEqual({section_id: false, index: 1});
    expect(placeBeside(STATE, 3, 1)).toEqual({section_id: 11, index: 0});
    expect(placeBeside(STATE, 1, -1)).toBe(null);
});

test("a pointer is in front of a field above its middle, behind it below", () => {
    const box = (top, bottom) => ({
        left: 0,
        right: 100,
        top,
        bottom,
        height: bottom - top,
    });
    const groups = [
        {section: false, box: box(0, 100), fields: [box(10, 50), box(50, 90)]},
        {section: 10, box: box(110, 200), fields: []},
    ];
    expect(placeAt(groups, {x: 5, y: 20})).toEqual({section_id: false, index: 0});
    expect(placeAt(groups, {x: 5, y: 60})).toEqual({section_id: false, index: 1});
    expect(placeAt(groups, {x: 5, y: 95})).toEqual({section_id: false, index: 2});
    expect(placeAt(groups, {x: 5, y: 150})).toEqual({section_id: 10, index: 0});
    expect(placeAt(groups, {x: 500, y: 20})).toBe(null);
});

test("an id is put behind another, or to the front", () => {
    expect(putBehind([1, 2, 3], 1, 3)).toEqual([2, 3, 1]);
    expect(putBehind([1, 2, 3], 3, null)).toEqual([3, 1, 2]);
    expect(putBehind([1, 2], 9, 1)).toEqual([1, 9, 2]);
    expect(fieldsOf(STATE, 10).map(({id}) => id)).toEqual([2, 3]);
});
