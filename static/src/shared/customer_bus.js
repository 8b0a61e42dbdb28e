import {onWillStart, onWillUpdateProps} from "@odoo/owl";
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

/**
 * A part of the customer's page that loads by itself. The form does not wait for it: it
 * shows at once, the part when it is there. It is loaded again for another customer, and
 * when something happened to the one whom it shows.
 *
 * @param {Object} component with the form's record in its props, and as `customerId` the
 *     customer whom it shows
 * @param {(customerId: number) => any} load shows a customer, maybe another one
 * @param {() => any} reload shows the same customer as he is now
 */
export function useCustomerPart(component, load, reload) {
    onWillStart(() => {
        load(component.props.record.resId);
    });
    onWillUpdateProps(({record}) => {
        if (record.resId !== component.customerId) {
            load(record.resId);
        }
    });
    useCustomerChanges(component.env, () => component.customerId, reload);
}
