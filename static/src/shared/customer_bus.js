import {useBus} from "@web/core/utils/hooks";

const EVENT = "MINI_CRM:CUSTOMER-CHANGED";

/**
 * Tell every part of the page that something happened to a customer.
 *
 * @param {Object} env
 * @param {number} customerId
 */
export function notifyCustomerChanged(env, customerId) {
    env.bus.trigger(EVENT, {customerId});
}

/**
 * Call back when something happened to the customer that the component shows.
 *
 * @param {Object} env
 * @param {() => number} getCustomerId
 * @param {() => void} callback
 */
export function useCustomerChanges(env, getCustomerId, callback) {
    useBus(env.bus, EVENT, ({detail}) => {
        if (detail.customerId === getCustomerId()) {
            callback();
        }
    });
}
