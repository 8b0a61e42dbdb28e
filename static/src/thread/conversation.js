import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useCustomerActions} from "../customer/customer_actions_hook";
import {useCustomerChanges} from "../shared/customer_bus";
import {showsConversation} from "../shared/open_conversations";
import {useConversationNotices} from "./conversation_bus";
import {ConversationModel} from "./conversation_model";
import {MessageBubble} from "./message_bubble";
import {ReplyBox} from "./reply_box";
import {byDays} from "./thread_text";

const SEARCH_DELAY = 300; // ms
const BURST = 100; // ms in which several notices are one
const METHODS = {
    cancel: "cancel_message",
    resend: "resend_message",
    confirm: "confirm_message",
};

/** Everything said with one customer in one thread, with the box to answer. */
export class Conversation extends Component {
    static template = "mini_crm.Conversation";
    static components = {MessageBubble, ReplyBox};
    static props = {record: Object};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.customerId = this.props.record.resId;
        this.model = new ConversationModel(useService("orm"), this.customerId);
        this.thread = useState(this.model.state);
        this.view = useState({quoted: null});
        this.customerActions = useCustomerActions(() => this.props.record);
        this.scrollRef = useRef("scroll");
        this.topRef = useRef("top");
        this.searchLater = useDebounced(
            (text) => this.model.search(text),
            SEARCH_DELAY,
        );
        // Not waited for: the form shows at once, this part when it is there.
        onWillStart(() => {
            this.model.load();
        });
        const refresh = useDebounced(() => this.model.refresh(), BURST);
        useConversationNotices(() => this.customerId, refresh);
        useCustomerChanges(
            this.env,
            () => this.customerId,
            ({noticed}) => noticed || refresh(),
        );
        useEffect(
            (top) => this.watchTop(top),
            () => [this.topRef.el, this.thread.next && String(this.thread.next)],
        );
        useEffect(
            () => showsConversation(this.customerId),
            () => [],
        );
    }

    /** Load older rows when the upper end comes near the screen. */
    watchTop(top) {
        if (!top) {
            return undefined;
        }
        const observer = new IntersectionObserver(
            (entries) => entries.some((e) => e.isIntersecting) && this.loadMore(),
            {root: this.scrollRef.el, rootMargin: "300px"},
        );
        observer.observe(top);
        return () => observer.disconnect();
    }

    get days() {
        const {pending, rows} = this.thread;
        return byDays([...[...pending].reverse(), ...rows]);
    }

    get isEmpty() {
        return !this.thread.rows.length && !this.thread.pending.length;
    }

    async loadMore() {
        try {
            await this.model.loadMore();
        } catch {
            this.tell(_t("Earlier messages could not be loaded. Try again."));
        }
    }

    onSearch(event) {
        this.searchLater(event.target.value.trim());
    }

    quote(row) {
        this.view.quoted = row;
    }

    async decide(row, decision) {
        try {
            await this.model.call(METHODS[decision], [row.id]);
        } catch (error) {
            this.tell(serverMessage(error));
        }
        await this.model.refresh();
    }

    openDocument(row) {
        if (!row.document) {
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.document.model,
            res_id: row.document.id,
            views: [[false, "form"]],
        });
    }

    setUpChannel() {
        this.action.doAction("mini_crm.mini_crm_channel_action");
    }

    async noAnswerNeeded() {
        await this.model.call("mark_answered");
        await this.model.refresh();
    }

    logCall(event) {
        return this.customerActions.run("call", event.currentTarget);
    }

    /** @returns {Promise<boolean>} whether it was sent; if not, the user knows why */
    async send(option, draft) {
        const {quoted} = this.view;
        this.view.quoted = null;
        const sending = this.model.send(option, {...draft, quoted});
        this.scrollRef.el?.scrollTo({top: 0});
        try {
            await sending;
        } catch (error) {
            this.view.quoted = quoted;
            this.tell(serverMessage(error));
            return false;
        }
        return true;
    }

    tell(message) {
        this.notification.add(message, {type: "warning"});
    }
}

/** What the server said, or that it could not be reached. */
function serverMessage(error) {
    return error.data?.message || _t("The server cannot be reached. Try again.");
}

/** The Communication tab of the customer's form. */
export class ConversationTab extends Component {
    static template = "mini_crm.ConversationTab";
    static components = {Conversation};
    static props = {...standardWidgetProps};
}

registry.category("view_widgets").add("mini_crm_conversation", {
    component: ConversationTab,
});
