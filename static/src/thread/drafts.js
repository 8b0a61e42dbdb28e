import {uuid} from "@web/core/utils/strings";

/** What was written and not sent yet, by customer, as long as the page lives. */
const drafts = new Map();

/**
 * @param {number} customerId
 * @returns {{text: string, key: string | null, files: Object[],
 *     missing: string[], attempt: Object | null}} `key` of the option; `missing`
 *     variables without a value; `attempt` of {@link attemptAt}
 */
export function readDraft(customerId) {
    const empty = {text: "", key: null, files: [], missing: [], attempt: null};
    return {...empty, ...drafts.get(customerId)};
}

/**
 * @param {number} customerId
 * @param {{text: string, key: string | null, files: Object[],
 *     missing: string[], attempt: Object | null}} draft
 */
export function keepDraft(customerId, draft) {
    if (draft.text || draft.files.length) {
        drafts.set(customerId, {...draft});
    } else {
        drafts.delete(customerId);
    }
}

/**
 * The attempt to send this; the same as the last one if that was the same answer,
 * which the server then knows by its key, should it have arrived after all.
 *
 * @param {Object | null} last attempt that has failed
 * @param {{option: string, body: string, files: Object[], quoted: Object | null}} answer
 * @returns {{key: string, content: string}}
 */
export function attemptAt(last, {option, body, files, quoted}) {
    const ids = files.map((file) => file.id);
    const content = JSON.stringify([option, body, ids, quoted ? quoted.key : null]);
    return last?.content === content ? last : {key: uuid(), content};
}
