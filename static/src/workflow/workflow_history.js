/** Undo and redo of the workflow editor: whole definitions, which are small. Pure. */

const LIMIT = 200;

/** @returns {{undo: Object[], redo: Object[], merge: string}} */
export function emptyHistory() {
    return {undo: [], redo: [], merge: ""};
}

/**
 * The history after a change.
 *
 * @param {{undo: Object[], redo: Object[], merge: string}} history
 * @param {Object} before the definition before it
 * @param {string} merge changes with the same name one after the other are one (the
 *  letters of a text); empty: it stands alone
 */
export function recorded(history, before, merge = "") {
    const undo =
        merge && merge === history.merge && history.undo.length
            ? history.undo
            : [...history.undo, before].slice(-LIMIT);
    return {undo, redo: [], merge};
}

/**
 * One step back or forth.
 *
 * @param {{undo: Object[], redo: Object[], merge: string}} history
 * @param {"undo" | "redo"} direction
 * @param {Object} current
 * @returns {{history: Object, definition: Object} | null} null: there is no such step
 */
export function stepped(history, direction, current) {
    if (!history[direction].length) {
        return null;
    }
    const other = direction === "undo" ? "redo" : "undo";
    return {
        definition: history[direction].at(-1),
        history: {
            [direction]: history[direction].slice(0, -1),
            [other]: [...history[other], current],
            merge: "",
        },
    };
}
