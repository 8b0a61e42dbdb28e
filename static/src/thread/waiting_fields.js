import {Component} from "@odoo/owl";
import {formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {channelLook} from "../shared/channel_looks";

const {DateTime} = luxon;
const LONG = 1; // hours from which on a wait is long
const VERY_LONG = 24;

/**
 * How long somebody has waited, in words, and how bad that is.
 *
 * @param {luxon.DateTime} since
 * @param {luxon.DateTime} [now]
 * @returns {{text: string, tone: string}}
 */
export function waitLook(since, now = DateTime.now()) {
    const hours = now.diff(since).as("hours");
    const units = [
        [24, "days", hours / 24],
        [1, "hours", hours],
        [0, "minutes", Math.max(1, hours * 60)],
    ];
    const [, unit, amount] = units.find(([from]) => hours >= from) || units[2];
    const text = new Intl.NumberFormat(`${now.locale}-u-nu-latn`, {
        style: "unit",
        unit: unit.slice(0, -1),
        unitDisplay: "long",
    }).format(Math.floor(amount));
    if (hours >= VERY_LONG) {
        return {text, tone: "danger"};
    }
    return {text, tone: hours >= LONG ? "warning" : "success"};
}

/** The time since when somebody waits, as "3 hours", in a colour of its own. */
export class WaitField extends Component {
    static template = "mini_crm.WaitField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        return waitLook(this.value);
    }

    get exact() {
        return formatDateTime(this.value);
    }
}

/** The icon of a channel. */
export class ChannelField extends Component {
    static template = "mini_crm.ChannelField";
    static props = {...standardFieldProps};

    get look() {
        return channelLook(this.props.record.data[this.props.name]);
    }
}

/** A text in its own direction; no link of its own: a tap on it is a tap on its row. */
export class PlainTextField extends Component {
    static template = "mini_crm.PlainTextField";
    static props = {...standardFieldProps};

    get text() {
        const value = this.props.record.data[this.props.name] || "";
        return typeof value === "string" ? value : value.display_name;
    }
}

registry.category("fields").add("mini_crm_wait", {
    component: WaitField,
    displayName: _t("Wait"),
    supportedTypes: ["datetime"],
    isEmpty: () => false,
});
registry.category("fields").add("mini_crm_channel", {
    component: ChannelField,
    displayName: _t("Channel"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
});
registry.category("fields").add("mini_crm_plain_text", {
    component: PlainTextField,
    displayName: _t("Text"),
    supportedTypes: ["char", "many2one"],
    isEmpty: () => false,
});
