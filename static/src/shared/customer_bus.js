import {useBus} from "@web/core/utils/hooks";

const EVENT = "MINI_CRM:CUSTOMER-CHANGED";

/**
 * Tell every part of the page that something happened to a customer.
 *
 * @param {Object} env
 * @param {number} customerId
 * @param {Object} [options]
 * @param {boolean} [options.noticed] the server has told of it, by the notice that open
 *     conversations listen to themselves
 */
export function notifyCustomerChanged(env, customerId, {noticed = false} = {}) {
    env.bus.trigger(EVENT, {customerId, noticed});
}

/**
 * Call back when something happened to the customer that the component shows.
 *
 * @param {Object} env
 * @param {() => number} getCustomerId
 * @param {(change: {noticed: boolean}) => void} callback
 */
export function useCustomerChanges(env, getCustomerId, callback) {
    useBus(env.bus, EVENT, ({detail}) => {
        if (detail.customerId === getCustomerId()) {
            callback(detail);
        }
    });
}
