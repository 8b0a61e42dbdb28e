import {Component, onWillStart, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {channelLook} from "../shared/channel_looks";
import {relativeTime} from "../shared/relative_time";
import {ChannelSetup} from "./channel_setup";

const STATE_TONES = {live: "success", broken: "danger", off: "inactive", draft: "info"};

/** What can be set up, with a word on what it is good for. */
export const KINDS = [
    {
        type: "telegram",
        hint: _t("Customers write to your bot; free, ready in a minute."),
    },
    {type: "instagram", hint: _t("Direct messages of your professional account.")},
    {type: "email", hint: _t("Mail from and to customers, beside their chats.")},
    {type: "phone", hint: _t("Calls that you log with two taps.")},
];

/** The channels of the shop: a card each, and the way to set one up. */
export class ChannelsAction extends Component {
    static template = "mini_crm.ChannelsAction";
    static components = {ChannelSetup};
    static props = {...standardActionServiceProps};
    static displayName = _t("Channels");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.kinds = KINDS;
        this.look = channelLook;
        this.state = useState({
            channels: [],
            public: true,
            adding: false,
            channelId: this.props.resId || null,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const {channels, public: isPublic} = await this.orm.call(
            "mini_crm.channel",
            "get_channels",
            [],
        );
        Object.assign(this.state, {channels, public: isPublic});
    }

    get offersKinds() {
        return this.state.adding || !this.state.channels.length;
    }

    tone(channel) {
        return channel.state === "live" && channel.problem
            ? channel.problem.tone
            : STATE_TONES[channel.state];
    }

    lastEvent({last_event_at: date}) {
        return date
            ? _t("Last event %s", relativeTime(deserializeDateTime(date)))
            : _t("Nothing received yet");
    }

    today({today}) {
        return today === 1
            ? _t("One message today")
            : _t("%s messages today", formatInteger(today));
    }

    dead({dead}) {
        return dead === 1
            ? _t("One delivery could not be read")
            : _t("%s deliveries could not be read", formatInteger(dead));
    }

    async add(type) {
        const id = await this.orm.call("mini_crm.channel", "add_channel", [type]);
        this.state.adding = false;
        this.open(id);
    }

    open(id) {
        this.state.channelId = id;
        this.props.updateActionState?.({resId: id});
    }

    async close() {
        await this.load();
        this.state.channelId = null;
        this.props.updateActionState?.({resId: false});
    }

    async openDead({id}) {
        const action = await this.orm.call("mini_crm.channel", "action_open_dead", [
            [id],
        ]);
        return this.action.doAction(action);
    }

    remove(channel) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove %s?", channel.name),
            body: _t("It was never connected, so nothing else is lost."),
            confirmLabel: _t("Remove"),
            confirm: async () => {
                await this.orm.unlink("mini_crm.channel", [channel.id]);
                await this.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("actions").add("mini_crm_channels", ChannelsAction);
