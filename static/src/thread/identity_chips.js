import {Component, onMounted} from "@odoo/owl";
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
        this.action = useService("action");
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

    async decide(identity, method) {
        const {record} = this.props;
        // who is the same lives on as the other one, whom the answer opens
        const opening = await this.orm.call("mini_crm.identity", method, [
            [identity.id],
        ]);
        if (opening && opening.type) {
            await this.action.doAction(opening);
            return;
        }
        await record.load();
        notifyCustomerChanged(this.env, record.resId);
    }
}

registry.category("fields").add("mini_crm_identity_chips", {
    component: IdentityChips,
    displayName: _t("Channels of a Customer"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
