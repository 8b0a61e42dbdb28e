import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {KeepLast} from "@web/core/utils/concurrency";
import {useSetupAction} from "@web/search/action_hook";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {daysText, periods, shareText, stageFacts} from "./journey_texts";

/** The journey map: a funnel of the stages; every number opens who is behind it. */
export class JourneyAction extends Component {
    static template = "mini_crm.JourneyAction";
    static props = {...standardActionServiceProps};
    static displayName = _t("Journey");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.periods = periods();
        this.shareText = shareText;
        this.daysText = daysText;
        this.number = (value) => (value === null ? "–" : formatInteger(value));
        this.state = useState({
            map: null,
            period: "90",
            sourceId: false,
            ownerId: false,
            loading: false,
            ...this.props.state, // as it was left for a list of customers
        });
        useSetupAction({
            getLocalState: () => {
                const {period, sourceId, ownerId} = this.state;
                return {period, sourceId, ownerId};
            },
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.loading = true;
        const {period, sourceId, ownerId} = this.state;
        try {
            this.state.map = await this.keepLast.add(
                this.orm.call("mini_crm.journey", "get_map", [
                    period,
                    sourceId,
                    ownerId,
                ]),
            );
        } finally {
            this.state.loading = false;
        }
    }

    get map() {
        return this.state.map;
    }

    get stages() {
        const most = Math.max(1, ...this.map.stages.map(({customers}) => customers));
        return this.map.stages.map((stage) => ({
            ...stage,
            size: stage.customers / most,
            facts: stageFacts(stage, this.map.stages),
        }));
    }

    get isFiltered() {
        return Boolean(this.state.sourceId || this.state.ownerId);
    }

    get hasMoves() {
        return this.map.moves.length > 0;
    }

    /** Moves as a table: a row for each stage, with the moves to each other stage. */
    get moveRows() {
        return this.map.stages.map((from) => ({
            ...from,
            cells: this.map.stages.map((to) => ({
                ...to,
                move: this.map.moves.find(
                    (move) => move.from === from.stage && move.to === to.stage,
                ),
            })),
        }));
    }

    choosePeriod(period) {
        this.state.period = period;
        return this.load();
    }

    chooseFilter(name, value) {
        this.state[name] = Number(value) || false;
        return this.load();
    }

    removeFilters() {
        Object.assign(this.state, {sourceId: false, ownerId: false});
        return this.load();
    }

    /** Open the customers behind a number. */
    async open(title, domain) {
        const customers = await this.action.loadAction(
            "mini_crm.mini_crm_customer_action",
        );
        return this.action.doAction({
            ...customers,
            name: title,
            display_name: title,
            domain,
            context: {},
        });
    }

    openStage({label, domains}) {
        return this.open(label, domains.customers);
    }

    openMove(from, {label, move}) {
        const title = _t("From %(from)s to %(to)s", {from: from.label, to: label});
        return this.open(title, move.domain);
    }

    addCustomer() {
        return this.action.doAction("mini_crm.mini_crm_customer_action", {
            viewType: "form",
        });
    }

    customersText({label, customers}) {
        return _t("%(stage)s: %(number)s customers", {
            stage: label,
            number: formatInteger(customers),
        });
    }

    get factsText() {
        const day = luxon.DateTime.fromISO(this.map.facts_of);
        return _t(
            "Times and silent customers as of %s.",
            day.toLocaleString(luxon.DateTime.DATE_MED),
        );
    }
}

registry.category("actions").add("mini_crm_journey", JourneyAction);
