/** What was written and not sent yet, by customer, as long as the page lives. */
const drafts = new Map();

/**
 * @param {number} customerId
 * @returns {{text: string, key: string | null, files: Object[]}} `key` of the option
 */
export function readDraft(customerId) {
    return {text: "", key: null, files: [], ...drafts.get(customerId)};
}

/**
 * @param {number} customerId
 * @param {{text: string, key: string | null, files: Object[]}} draft
 */
export function keepDraft(customerId, draft) {
    if (draft.text || draft.files.length) {
        drafts.set(customerId, {...draft});
    } else {
        drafts.delete(customerId);
    }
}
