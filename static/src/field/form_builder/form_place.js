import {fieldsOf, placeOf} from "./form_history";

/** Where fields go, as pure functions: by pointer and by key. */

/**
 * Place under a pointer.
 *
 * @param {{section: number | false, box: DOMRect, fields: DOMRect[]}[]} groups the
 *  sections on the screen with the boxes of their fields
 * @param {{x: number, y: number}} pointer
 * @returns {{section_id: number | false, index: number} | null} null: outside
 */
export function placeAt(groups, {x, y}) {
    const group = groups.find(
        ({box}) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
    );
    if (!group) {
        return null;
    }
    const index = group.fields.findIndex((box) => y < box.top + box.height / 2);
    return {
        section_id: group.section,
        index: index < 0 ? group.fields.length : index,
    };
}

/**
 * Place one step up or down; past the end of a section it is the next one.
 *
 * @param {Object} state as `builder_state` gives it
 * @param {number} id of the field
 * @param {1 | -1} step
 * @returns {{section_id: number | false, index: number} | null} null: there is none
 */
export function placeBeside(state, id, step) {
    const {section_id, index} = placeOf(state, id);
    const last = fieldsOf(state, section_id).length - 1;
    if (index + step >= 0 && index + step <= last) {
        return {section_id, index: index + step};
    }
    const sections = [false, ...state.sections.map((section) => section.id)];
    const next = sections[sections.indexOf(section_id) + step];
    if (next === undefined) {
        return null;
    }
    return {section_id: next, index: step > 0 ? 0 : fieldsOf(state, next).length};
}

/**
 * A list in which one id has been put behind another.
 *
 * @param {number[]} ids
 * @param {number} id
 * @param {number | null} previous null: to the front
 * @returns {number[]}
 */
export function putBehind(ids, id, previous) {
    const others = ids.filter((other) => other !== id);
    others.splice(previous === null ? 0 : others.indexOf(previous) + 1, 0, id);
    return others;
}
