import {Component, onMounted} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {notifyCustomerChanged} from "../shared/customer_bus";
import {openConversation} from "../shared/open_conversations";
import {useConversationNotices} from "./conversation_bus";
import {channelLook} from "../shared/channel_looks";

const BURST = 300; // ms in which several notices are one

/**
 * Who the customer is in each channel, and whom he may be the same as. What changes in
 * his conversation shows here and in the other parts of the form by itself.
 */
export class IdentityChips extends Component {
    static template = "mini_crm.IdentityChips";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.channelLook = channelLook;
        const follow = useDebounced(() => this.follow(), BURST);
        useConversationNotices(() => this.props.record.resId, follow);
        onMounted(() => {
            const {record} = this.props;
            if (record.context.mini_crm_page === "communication") {
                openConversation(this.env, record.resId);
            }
        });
    }

    get identities() {
        return this.props.record.data[this.props.name] || [];
    }

    get suggestions() {
        return this.identities.filter((identity) => identity.suggestion);
    }

    label(identity) {
        return identity.username ? `@${identity.username}` : identity.name;
    }

    title(identity) {
        const states = {
            blocked: _t("has blocked us"),
            invalid: _t("does not exist any more"),
        };
        const words = states[identity.state];
        return words ? `${identity.channel_name}: ${words}` : identity.channel_name;
    }

    write() {
        openConversation(this.env, this.props.record.resId);
    }

    /** Show what has changed, unless somebody is just editing the customer. */
    async follow() {
        const {record} = this.props;
        if (!record.resId) {
            return;
        }
        if (!(await record.isDirty())) {
            await record.load();
        }
        notifyCustomerChanged(this.env, record.resId, {noticed: true});
    }

    /** The suggested customer is the same: what was written here becomes his. */
    async link({id, suggestion}) {
        const {env} = this;
        await openAfter(env, id, "action_link_suggestion");
        const close = env.services.notification.add(
            _t("Linked with %s.", suggestion.name),
            {
                type: "success",
                autocloseDelay: 10_000,
                buttons: [
                    {
                        name: _t("Undo"),
                        onClick: () => {
                            close();
                            return openAfter(env, id, "action_undo_link");
                        },
                    },
                ],
            },
        );
    }

    async dismiss({id}) {
        const {record} = this.props;
        await this.orm.call("mini_crm.identity", "action_dismiss_suggestion", [[id]]);
        await record.load();
        notifyCustomerChanged(this.env, record.resId);
    }

    undoLink(identity) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Take the link back?"),
            body: _t(
                "%(chat)s and what was written there go back to %(customer)s, and are not suggested here again.",
                {
                    chat: this.label(identity) || identity.channel_name,
                    customer: identity.linked_from,
                },
            ),
            confirmLabel: _t("Undo"),
            confirm: () => openAfter(this.env, identity.id, "action_undo_link"),
            cancel: () => {},
        });
    }
}

/** Change whose an identity is, and open him; this form may be left by that. */
async function openAfter(env, identityId, method) {
    const {action, orm} = env.services;
    await action.doAction(await orm.call("mini_crm.identity", method, [[identityId]]));
}

registry.category("fields").add("mini_crm_identity_chips", {
    component: IdentityChips,
    displayName: _t("Channels of a Customer"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
