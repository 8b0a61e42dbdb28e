import {useBus} from "@web/core/utils/hooks";

const EVENT = "MINI_CRM:REPLY";
const TAB = ".o_mini_crm_customer_form .o_notebook_headers [name='communication']";

/** Customers whose conversation is on the screen of this browser tab. */
const shown = new Map();
/** The customer whose reply box is to be focused as soon as it is there. */
let wished = null;

/**
 * Open the tab with the conversation of the customer on the screen, ready to write.
 *
 * @param {Object} env
 * @param {number} customerId
 */
export function openConversation(env, customerId) {
    wished = customerId;
    document.querySelector(TAB)?.click();
    env.bus.trigger(EVENT, {customerId});
}

/**
 * Whether the reply box of this customer was asked for; the wish is fulfilled by that.
 *
 * @param {number} customerId
 * @returns {boolean}
 */
export function takeReplyWish(customerId) {
    const mine = wished === customerId;
    if (mine) {
        wished = null;
    }
    return mine;
}

/**
 * Call back when somebody wants to write to a customer.
 *
 * @param {Object} env
 * @param {() => void} callback
 */
export function useReplyWishes(env, callback) {
    useBus(env.bus, EVENT, callback);
}

/**
 * Say that a conversation is on the screen, until the returned function is called.
 *
 * @param {number} customerId
 * @returns {() => void}
 */
export function showsConversation(customerId) {
    shown.set(customerId, (shown.get(customerId) || 0) + 1);
    return () => {
        const left = shown.get(customerId) - 1;
        if (left) {
            shown.set(customerId, left);
        } else {
            shown.delete(customerId);
        }
    };
}

/**
 * @param {number} customerId
 * @returns {boolean} whether his conversation is being looked at
 */
export function isConversationShown(customerId) {
    return shown.has(customerId) && document.visibilityState === "visible";
}
