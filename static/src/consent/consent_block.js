import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {channelLook} from "../shared/channel_looks";
import {notifyCustomerChanged, useCustomerPart} from "../shared/customer_bus";
import {consentSources, consentStates} from "./consent_texts";

const {DateTime} = luxon;

/** "May we write?": by which channels, who says so since when, changed by one tap. */
export class ConsentBlock extends Component {
    static template = "mini_crm.ConsentBlock";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.look = channelLook;
        this.state = useState({consents: [], failed: false});
        useCustomerPart(
            this,
            (customerId) => this.load(customerId),
            () => this.load(this.customerId),
        );
    }

    get customerId() {
        return this.props.record.resId;
    }

    async load(customerId) {
        if (customerId) {
            await this.show(
                this.orm.silent.call("res.partner", "get_consents", [[customerId]]),
            );
        }
    }

    async choose(channel, state) {
        const customerId = this.customerId;
        await this.show(
            this.orm.call("res.partner", "set_consent", [[customerId], channel, state]),
        );
        notifyCustomerChanged(this.env, customerId);
    }

    async show(asked) {
        try {
            this.state.consents = await this.keepLast.add(asked);
            this.state.failed = false;
        } catch (error) {
            this.state.failed = true;
            throw error;
        }
    }

    get states() {
        return Object.entries(consentStates()).map(([key, label]) => ({key, label}));
    }

    /** Channels by which the customer must not be written to, for the folded block. */
    get optedOut() {
        return this.state.consents
            .filter(({state}) => state === "out")
            .map(({label}) => label)
            .join(_t(", "));
    }

    /** Who says so, since when, and the proof. */
    knownBy(consent) {
        if (consent.blacklisted) {
            return [consentSources().blacklist];
        }
        if (!consent.date) {
            return [];
        }
        const date = DateTime.fromISO(consent.date).toLocaleString(DateTime.DATE_MED);
        const source = consentSources()[consent.source] || consent.source;
        const by = consent.source === "person" ? consent.by : source;
        return [date, by, consent.proof].filter(Boolean);
    }
}

registry.category("view_widgets").add("mini_crm_consent", {
    component: ConsentBlock,
});
