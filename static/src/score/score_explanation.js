import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useCustomerActions} from "../customer/customer_actions_hook";
import {useCustomerPart} from "../shared/customer_bus";
import {ScoreHistory} from "./score_history";
import {healthLabel, ScoreRing} from "./score_ring";
import {Stars} from "./stars";

const PART_LOOKS = {
    engagement: {icon: "fa-comments-o", tone: "primary"},
    purchases: {icon: "fa-shopping-bag", tone: "success"},
    completeness: {icon: "fa-id-card-o", tone: "info"},
    loyalty: {icon: "fa-heart-o", tone: "vip"},
};
const HINT_ACTIONS = {contact: "call", answer: "message", purchase: "purchase"};

/** Why a customer has his score, factor by factor, and what would raise it. */
export class ScoreExplanation extends Component {
    static template = "mini_crm.ScoreExplanation";
    static components = {ScoreHistory, ScoreRing, Stars};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.customerActions = useCustomerActions(() => this.props.record);
        this.keepLast = new KeepLast();
        this.state = useState({status: "loading", told: null, open: {}, busy: false});
        useCustomerPart(
            this,
            (customerId) => {
                this.state.status = "loading";
                this.load(customerId);
            },
            () => this.load(),
        );
    }

    get told() {
        return this.state.told;
    }

    get healthLabel() {
        return healthLabel(this.told.health);
    }

    get sum() {
        return this.told.parts.map((part) => part.points).join(" + ");
    }

    get advice() {
        return (
            {
                green: _t("A good customer. Keep in touch as you do."),
                yellow: _t("Doing all right. A message now keeps it that way."),
                red: _t("Drifting away. Get in touch before the customer forgets you."),
            }[this.told.health] ||
            _t("No messages, calls or purchases yet: too early to judge.")
        );
    }

    look(part) {
        return PART_LOOKS[part.key] || PART_LOOKS.engagement;
    }

    share(part) {
        return part.max ? Math.min(100, (100 * part.points) / part.max) : 0;
    }

    async load(customerId = this.props.record.resId) {
        this.customerId = customerId;
        let told;
        try {
            told = await this.keepLast.add(
                this.orm.silent.call("res.partner", "get_score_explanation", [
                    [customerId],
                ]),
            );
        } catch {
            this.state.status = "error";
            return;
        }
        this.state.told = told;
        this.state.status = told.parts ? "ready" : "none";
    }

    toggle(part) {
        this.state.open[part.key] = !this.state.open[part.key];
    }

    async recalculate() {
        this.state.busy = true;
        try {
            await this.orm.call("res.partner", "action_recalculate_score", [
                [this.customerId],
            ]);
            await this.customerActions.refresh();
            this.notification.add(_t("The score is up to date."), {type: "success"});
        } finally {
            this.state.busy = false;
        }
    }

    onHint(event, hint) {
        const action = HINT_ACTIONS[hint.code];
        if (action) {
            return this.customerActions.run(action, event.currentTarget);
        }
        return this.focusMissing();
    }

    /** Put the cursor where the first missing detail is written. */
    focusMissing() {
        const {data} = this.props.record;
        const form = document.querySelector(".o_mini_crm_customer_form");
        const missing = ["phone", "email", "city", "source_id"].find(
            (name) => !data[name],
        );
        if (!missing) {
            form.querySelector(".o_mini_crm_photo_button")?.click();
        } else if (missing === "city") {
            form.querySelector(".o_notebook_headers [name='basic']")?.click();
        } else {
            form.querySelector(`.o_mini_crm_header [name='${missing}'] input`)?.focus();
        }
    }
}

registry.category("view_widgets").add("mini_crm_score_explanation", {
    component: ScoreExplanation,
    fieldDependencies: [
        {name: "name", type: "char"},
        {name: "email", type: "char"},
        {name: "phone", type: "char"},
        {name: "city", type: "char"},
    ],
});
