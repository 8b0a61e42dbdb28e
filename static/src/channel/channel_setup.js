import {Component, onWillStart, useEffect, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {channelLook} from "../shared/channel_looks";
import {copyText} from "../shared/clipboard";
import {relativeTime} from "../shared/relative_time";
import {ChannelSecretField} from "./channel_secret_field";

const TOKEN_PROBLEMS = [
    "token_invalid",
    "token_expired",
    "expiring",
    "permission",
    "key_missing",
];
const POLL = 2000; // milliseconds between two looks for the first message

/** Set up one channel, step by step; later look after it at the same place. */
export class ChannelSetup extends Component {
    static template = "mini_crm.ChannelSetup";
    static components = {ChannelSecretField};
    static props = {channelId: Number, onClose: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({
            setup: null,
            busy: "",
            error: "",
            waiting: null,
            verifyToken: "",
        });
        this.looking = false;
        this.looks = 0;
        onWillStart(async () => this.take(await this.call("get_setup")));
        useEffect(
            () => {
                const timer = browser.setInterval(() => this.lookForMessage(), POLL);
                return () => browser.clearInterval(timer);
            },
            () => [],
        );
    }

    get look() {
        return channelLook(this.state.setup.type);
    }

    get isLive() {
        return ["live", "broken"].includes(this.state.setup.state);
    }

    /** Whether nothing helps but another token. */
    get tokenIsWrong() {
        return TOKEN_PROBLEMS.includes(this.state.setup.problem.code);
    }

    get asksForToken() {
        return !this.state.setup.token_is_set || this.tokenIsWrong;
    }

    hasProvider() {
        return ["telegram", "instagram"].includes(this.state.setup.type);
    }

    get botAddress() {
        return `https://t.me/${this.state.setup.account}`;
    }

    get expires() {
        const {expires_at: date} = this.state.setup;
        return date && formatDateTime(deserializeDateTime(date));
    }

    /** What the last check found, in words. */
    get checkText() {
        const {checked_at: date, problem} = this.state.setup;
        const parts = [];
        if (date && !problem) {
            parts.push(_t("All is well, checked %s.", ago(date)));
        } else if (date) {
            parts.push(_t("Checked %s.", ago(date)));
        }
        if (this.state.waiting) {
            parts.push(
                _t("%s messages wait there.", formatInteger(this.state.waiting)),
            );
        }
        return parts.join(" ");
    }

    get lastEvent() {
        const {last_event_at: date} = this.state.setup;
        return date ? ago(date) : "";
    }

    take(setup) {
        this.state.setup = setup;
        this.state.waiting = setup.waiting || null;
    }

    call(method, ...args) {
        return this.orm.silent.call("mini_crm.channel", method, [
            [this.props.channelId],
            ...args,
        ]);
    }

    /** One step: what goes wrong is shown where the button is, and nothing is lost. */
    async step(name, ...args) {
        this.state.busy = name;
        this.state.error = "";
        try {
            const setup = await this.call(name, ...args);
            this.take(setup);
            return setup;
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            this.state.error = error.data.message;
            return null;
        } finally {
            this.state.busy = "";
        }
    }

    async enterToken(token) {
        const wasLive = this.isLive;
        if (!(await this.step("enter_token", token))) {
            return false;
        }
        if (wasLive || this.state.setup.type === "telegram") {
            await this.connect();
        }
        return true;
    }

    async connect(receive) {
        if (await this.step("connect", receive || null)) {
            this.notification.add(_t("Connected."), {type: "success"});
        }
    }

    async save(name, value) {
        return Boolean(await this.step("save_settings", {[name]: value}));
    }

    /** Look often while the first message is waited for, and now and then after it. */
    async lookForMessage() {
        this.looks += 1;
        const isTurn = !this.state.setup.message || this.looks % 10 === 0;
        if (this.looking || !isTurn || !this.isLive || !this.hasProvider()) {
            return;
        }
        this.looking = true;
        try {
            Object.assign(this.state.setup, await this.call("get_arrivals"));
        } finally {
            this.looking = false;
        }
    }

    async makeVerifyToken() {
        this.state.verifyToken = await this.call("make_verify_token");
        this.state.setup.verify_token_is_set = true;
    }

    /** Copy what stands before the button; else select it for the user to copy. */
    async copy({currentTarget: {previousElementSibling: shown}}) {
        if (await copyText(shown.textContent)) {
            this.notification.add(_t("Copied."), {type: "success"});
            return;
        }
        window.getSelection().selectAllChildren(shown);
        this.notification.add(
            _t("This browser does not copy by itself here. It is selected: copy it."),
            {type: "warning"},
        );
    }

    async switchOff() {
        const done = await this.step("switch_off");
        this.tellUntold(done, _t("Switched off."));
    }

    forget() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Disconnect %s?", this.state.setup.name),
            body: _t(
                "Its tokens are forgotten. Conversations stay, and you can connect the same account again.",
            ),
            confirmLabel: _t("Disconnect"),
            confirm: async () => {
                const done = await this.step("forget_account");
                this.tellUntold(done, _t("Disconnected."));
            },
            cancel: () => {},
        });
    }

    tellUntold(done, text) {
        if (done) {
            this.notification.add(done.untold || text, {
                type: done.untold ? "warning" : "success",
            });
        }
    }

    async saveAndConnect(name) {
        if (await this.save(name, this.state.setup[name])) {
            await this.connect();
        }
    }

    async openCustomer() {
        const {partner_id: customerId} = this.state.setup.message;
        const opening = await this.orm.call("res.partner", "action_open_customer", [
            [customerId],
        ]);
        await this.action.doAction(opening);
    }
}

function ago(date) {
    return relativeTime(deserializeDateTime(date));
}
