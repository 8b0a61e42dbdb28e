import {onMounted, onWillUnmount} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

const NOTICE = "mini_crm.conversation";

/**
 * Call back when something in a customer's conversation has changed, or may have while
 * the connection was gone.
 *
 * @param {() => number} getCustomerId
 * @param {() => void} callback
 */
export function useConversationNotices(getCustomerId, callback) {
    const bus = useService("bus_service");
    const onNotice = ({partner_ids: ids}) => {
        if (ids.includes(getCustomerId())) {
            callback();
        }
    };
    const onAwake = () => document.visibilityState === "visible" && callback();
    onMounted(() => {
        bus.subscribe(NOTICE, onNotice);
        bus.addEventListener("BUS:RECONNECT", callback);
        document.addEventListener("visibilitychange", onAwake);
        bus.start();
    });
    onWillUnmount(() => {
        bus.unsubscribe(NOTICE, onNotice);
        bus.removeEventListener("BUS:RECONNECT", callback);
        document.removeEventListener("visibilitychange", onAwake);
    });
}
