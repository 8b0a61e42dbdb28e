import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {isConversationShown} from "../shared/open_conversations";
import {channelLook} from "../shared/channel_looks";

const NOTICE = "mini_crm.customer_wrote";
const SPECIFICATION = {
    type: {},
    last_message: {},
    partner_id: {fields: {display_name: {}}},
};

/** Notifications of customers who have written: one for each. */
class CustomerNotices {
    constructor(services) {
        Object.assign(this, services);
        this.closers = new Map();
    }

    /** The chat in which he has written last, as far as the user may read it. */
    async newest(customerId) {
        const {records} = await this.orm.silent.webSearchRead(
            "mini_crm.identity",
            [["partner_id", "=", customerId]],
            {
                specification: SPECIFICATION,
                limit: 1,
                order: "last_message_at desc, id desc",
            },
        );
        return records[0];
    }

    async tell(customerId) {
        const identity = await this.newest(customerId);
        if (!identity) {
            return;
        }
        this.closers.get(customerId)?.();
        const words = identity.last_message || channelLook(identity.type).label;
        const open = {
            name: _t("Open"),
            primary: true,
            onClick: () => {
                close();
                this.open(identity.id);
            },
        };
        const close = this.notification.add(words, {
            title: identity.partner_id.display_name,
            type: "info",
            className: "o_mini_crm_customer_wrote",
            buttons: [open],
            onClose: () => this.closers.delete(customerId),
        });
        this.closers.set(customerId, close);
    }

    async open(identityId) {
        const opening = await this.orm.call(
            "mini_crm.identity",
            "action_open_conversation",
            [[identityId]],
        );
        await this.action.doAction(opening);
    }
}

/**
 * Tells the owner of a customer that he has written, while the owner is elsewhere: one
 * notification a customer, which the next one replaces. What it says is read with the
 * user's own rights.
 */
export const customerWroteService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, {bus_service: bus, ...services}) {
        const notices = new CustomerNotices(services);
        bus.subscribe(NOTICE, ({partner_id: customerId}) => {
            if (!isConversationShown(customerId)) {
                notices.tell(customerId);
            }
        });
    },
};

registry.category("services").add("mini_crm.customer_wrote", customerWroteService);
