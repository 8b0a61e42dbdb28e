/**
 * Undo and redo of the form builder: every change has an inverse, which is a change, too.
 *
 * A change ("operation") is what `mini_crm.field.builder_apply` takes. All functions here
 * are pure: a state is what `builder_state` gives, a history is {undo, redo}, lists of
 * operations with the next one last.
 */

const LIMIT = 200;

/** @returns {{undo: Object[], redo: Object[]}} */
export function emptyHistory() {
    return {undo: [], redo: []};
}

/**
 * Active fields of a section in their order.
 *
 * @param {Object} state
 * @param {number | false} sectionId `false`: the fields without a section
 * @returns {Object[]}
 */
export function fieldsOf(state, sectionId) {
    return state.fields.filter((field) => (field.section_id || false) === sectionId);
}

/**
 * @param {Object} state
 * @param {"field" | "section" | "option"} part
 * @param {number} id
 * @returns {Object | undefined}
 */
export function findPart(state, part, id) {
    const fields = [...state.fields, ...state.archived];
    const records = {
        field: fields,
        section: state.sections,
        option: fields.flatMap((field) => field.options),
    };
    return records[part].find((record) => record.id === id);
}

/** Where a field stands: {section_id, index}. */
export function placeOf(state, id) {
    const section_id = findPart(state, "field", id)?.section_id || false;
    return {
        section_id,
        index: fieldsOf(state, section_id).findIndex((field) => field.id === id),
    };
}

function pick(record, names) {
    return Object.fromEntries(names.map((name) => [name, record[name]]));
}

const FIELD_VALUES = [
    ...["name", "key", "type", "role", "required", "help", "placeholder", "rules"],
    ...["show_in_form", "show_in_list", "show_in_card", "show_in_filter"],
];

/** What creates a discarded record again; `was` is the id that it had. */
function recreation(operation, before) {
    const {part, id} = operation;
    const record = findPart(before, part, id);
    const create = {kind: "create", part, was: id, texts: record.texts};
    if (part === "field") {
        const values = pick(record, FIELD_VALUES);
        return {...create, values, overflow: !record.slot, ...placeOf(before, id)};
    }
    if (part === "section") {
        return {
            ...create,
            values: pick(record, ["name", "key"]),
            index: before.sections.indexOf(record),
            fields: fieldsOf(before, id).map((field) => field.id),
        };
    }
    const {options} = findPart(before, "field", record.field_id);
    return {
        ...create,
        values: pick(record, ["name", "code", "color"]),
        field_id: record.field_id,
        index: options.indexOf(record),
    };
}

/** A discarded record that somebody uses has been archived: bring it back. */
function revival({part, id}) {
    return part === "field"
        ? {kind: "restore", id}
        : {kind: "write", part, id, values: {active: true}};
}

const INVERSES = {
    create: ({part}, before, result) => ({kind: "discard", part, id: result.id}),
    discard: (operation, before, result) =>
        result.kept ? revival(operation) : recreation(operation, before),
    write: ({part, id, values}, before) => ({
        kind: "write",
        part,
        id,
        values: pick(findPart(before, part, id), Object.keys(values)),
    }),
    translate(operation, before) {
        const {part, id, name} = operation;
        const old = findPart(before, part, id).texts[name] || {};
        const texts = Object.keys(operation.texts).map((lang) => [
            lang,
            old[lang] || false,
        ]);
        return {...operation, texts: Object.fromEntries(texts)};
    },
    place: ({id}, before) => ({kind: "place", id, ...placeOf(before, id)}),
    order({part, ids}, before) {
        const old =
            part === "section"
                ? before.sections
                : findPart(before, "field", findPart(before, part, ids[0]).field_id)
                      .options;
        return {kind: "order", part, ids: old.map(({id}) => id)};
    },
    archive: ({id}) => ({kind: "restore", id}),
    restore: ({id}) => ({kind: "archive", id}),
};

/**
 * The operation that takes another one back.
 *
 * @param {Object} operation
 * @param {Object} before the state before it
 * @param {Object} result what the server said of it: {id} or {kept}
 * @returns {Object}
 */
export function inverseOf(operation, before, result) {
    return INVERSES[operation.kind](operation, before, result);
}

/** The history after a new change: there is nothing to redo any more. */
export function recorded(history, inverse) {
    return {undo: [...history.undo, inverse].slice(-LIMIT), redo: []};
}

/**
 * The history after its next operation in one direction has been made.
 *
 * @param {{undo: Object[], redo: Object[]}} history
 * @param {"undo" | "redo"} direction
 * @param {Object} inverse of the operation that was made
 * @returns {{undo: Object[], redo: Object[]}}
 */
export function stepped(history, direction, inverse) {
    const other = direction === "undo" ? "redo" : "undo";
    return {
        [direction]: history[direction].slice(0, -1),
        [other]: [...history[other], inverse],
    };
}

function renamed(operation, part, from, to) {
    const swap = (id) => (id === from ? to : id);
    const result = {...operation};
    // Operations without a part are about fields.
    if ((operation.part || "field") === part) {
        for (const name of ["id", "was"]) {
            result[name] = swap(operation[name]);
        }
        result.ids = operation.ids?.map(swap);
    }
    const owner = {field: "field_id", section: "section_id"}[part];
    if (owner && operation[owner]) {
        result[owner] = swap(operation[owner]);
    }
    if (part === "field") {
        result.fields = operation.fields?.map(swap);
    }
    return Object.fromEntries(
        Object.entries(result).filter(([, value]) => value !== undefined),
    );
}

/**
 * The history after a discarded record came back under another id.
 *
 * @param {{undo: Object[], redo: Object[]}} history
 * @param {"field" | "section" | "option"} part
 * @param {number} from
 * @param {number} to
 * @returns {{undo: Object[], redo: Object[]}}
 */
export function withId(history, part, from, to) {
    const rename = (operation) => renamed(operation, part, from, to);
    return {undo: history.undo.map(rename), redo: history.redo.map(rename)};
}
