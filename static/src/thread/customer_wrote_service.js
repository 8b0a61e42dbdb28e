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

/**
 * Tells the owner of a customer that he has written, while the owner is elsewhere: one
 * notification a customer, which the next one replaces. What it says is read with the
 * user's own rights.
 */
export const customerWroteService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, {action, bus_service: bus, notification, orm}) {
        const closers = new Map();

        async function tell({partner_id: customerId}) {
            if (isConversationShown(customerId)) {
                return;
            }
            const {records} = await orm.silent.webSearchRead(
                "mini_crm.identity",
                [["partner_id", "=", customerId]],
                {
                    specification: SPECIFICATION,
                    limit: 1,
                    order: "last_message_at desc, id desc",
                },
            );
            if (!records.length) {
                return;
            }
            const [identity] = records;
            closers.get(customerId)?.();
            const close = notification.add(
                identity.last_message || channelLook(identity.type).label,
                {
                    title: identity.partner_id.display_name,
                    type: "info",
                    className: "o_mini_crm_customer_wrote",
                    buttons: [
                        {
                            name: _t("Open"),
                            primary: true,
                            onClick: () => {
                                close();
                                open(identity.id);
                            },
                        },
                    ],
                    onClose: () => closers.delete(customerId),
                },
            );
            closers.set(customerId, close);
        }

        async function open(identityId) {
            const opening = await orm.call(
                "mini_crm.identity",
                "action_open_conversation",
                [[identityId]],
            );
            await action.doAction(opening);
        }

        bus.subscribe(NOTICE, tell);
        bus.start();
    },
};

registry.category("services").add("mini_crm.customer_wrote", customerWroteService);
