import {Component, useState} from "@odoo/owl";
import {Domain} from "@web/core/domain";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {useAutofocus, useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {getCurrency} from "@web/core/currency";
import {formatInteger} from "@web/views/fields/formatters";
import {countOf, domainOf, stateOf, withFilter} from "./filter_domain";
import {
    ChoiceChips,
    FieldFilter,
    NumberRange,
    RangeSlider,
    RecordChips,
} from "./filter_inputs";
import {loadNames, loadOffer} from "./filter_offer";
import {contactChoices, phrases} from "./filter_sentence";

const COUNTED = 10_000; // exactly; more are "10,000+"
const PAUSE = 250; // ms without a change before they are counted

/** Everything that customers can be filtered by, with the number that is left. */
export class FilterPanel extends Component {
    static template = "mini_crm.FilterPanel";
    static components = {
        ChoiceChips,
        FieldFilter,
        NumberRange,
        RangeSlider,
        RecordChips,
    };
    static props = {
        searchModel: {type: Object},
        close: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({
            status: "loading",
            value: {},
            rest: [],
            names: {},
            count: null,
            name: "",
            shared: false,
            problem: "",
        });
        this.counting = new KeepLast();
        this.countSoon = useDebounced(() => this.count(), PAUSE);
        this.contacts = contactChoices();
        useBus(this.searchModel, "update", () => this.offer && this.readApplied());
        this.load();
    }

    get searchModel() {
        return this.props.searchModel;
    }

    async load() {
        this.state.status = "loading";
        try {
            this.offer = await loadOffer(this.orm);
            await this.readApplied();
            this.state.status = "ready";
        } catch (error) {
            this.state.status = "failed";
            throw error;
        }
    }

    /**
     * Show what is applied now, be it by this panel or beside it.
     *
     * What is chosen and not yet applied stays while something else changes.
     */
    async readApplied() {
        this.source = this.searchModel.panelSource;
        const domain = this.source ? this.searchModel.domainOfItem(this.source) : [];
        const applied = JSON.stringify(domain);
        if (applied !== this.applied) {
            const {state: value, rest} = stateOf(domain, this.offer);
            const names = await loadNames(this.orm, this.offer, value);
            Object.assign(this.state, {value, rest, names});
            this.applied = applied;
            this.shown = JSON.stringify(this.domain);
            const slots = Object.keys(value.fields || {});
            this.opened = new Set([...Object.keys(value), ...slots]);
        }
        await this.count();
    }

    // Choosing

    set(key, value) {
        this.state.value = withFilter(this.state.value, key, value);
        this.state.count = null;
        this.countSoon();
    }

    /** Choose records: of a kind with a mode, or as a plain list. */
    setRecords(kind, ids, names) {
        Object.assign(this.state.names[kind], names);
        const mode = this.state.value[kind]?.mode || "any";
        this.set(kind, {mode, ids});
    }

    setOnes(kind, ids, names) {
        Object.assign(this.state.names[kind], names);
        this.set(kind, ids);
    }

    setMode(kind, mode) {
        this.set(kind, {...this.state.value[kind], mode});
    }

    /** All that is asked for: what is chosen, and what the panel cannot show. */
    get domain() {
        return [...domainOf(this.state.value, this.offer), ...this.state.rest];
    }

    get chosen() {
        return countOf(this.state.value);
    }

    get health() {
        return this.offer.health.map((choice) => ({
            ...choice,
            look: `o_mini_crm_health_${choice.value || "none"}`,
        }));
    }

    get birthdays() {
        return this.offer.fields.filter(({birthday}) => birthday);
    }

    get customFields() {
        return this.offer.fields.filter(({birthday}) => !birthday);
    }

    get currency() {
        return getCurrency(this.offer.currency_id)?.symbol || "";
    }

    fieldValue(slot) {
        return this.state.value.fields?.[slot];
    }

    // Counting

    async count() {
        const beside = this.searchModel.domainBeside(this.source);
        const domain = Domain.and([beside, this.domain]).toList();
        this.state.count = await this.counting.add(
            this.orm.silent.call("res.partner", "search_count", [domain], {
                limit: COUNTED + 1,
                context: this.searchModel.context,
            }),
        );
    }

    get applyText() {
        const {count} = this.state;
        if (count === null) {
            return _t("Show customers");
        }
        if (count === 1) {
            return _t("Show 1 customer");
        }
        return count > COUNTED
            ? _t("Show %s+ customers", formatInteger(COUNTED))
            : _t("Show %s customers", formatInteger(count));
    }

    // Applying

    async apply() {
        if (JSON.stringify(this.domain) === this.shown) {
            return; // it is on already, maybe as a favorite
        }
        const words = phrases(this.state.value, this.offer, this.state.names);
        if (this.state.rest.length) {
            words.push(_t("other conditions"));
        }
        await this.searchModel.applyPanel(this.domain, words, this.source);
    }

    async applyAndClose() {
        await this.apply();
        this.props.close?.();
    }

    async reset() {
        Object.assign(this.state, {value: {}, rest: []});
        await this.apply();
    }

    // Keeping

    async save() {
        const description = this.state.name.trim();
        this.state.problem = this.nameProblem(description);
        if (this.state.problem) {
            return;
        }
        await this.apply();
        await this.searchModel.createNewFavorite({
            description,
            isDefault: false,
            isShared: this.state.shared,
        });
        this.notification.add(
            this.state.shared
                ? _t("Saved as “%s”, for everybody.", description)
                : _t("Saved as “%s”.", description),
            {type: "success"},
        );
        this.props.close?.();
    }

    nameProblem(name) {
        if (!name) {
            return _t("Give the filter a name.");
        }
        const taken = this.searchModel.getSearchItems(
            ({type, description}) => type === "favorite" && description === name,
        );
        return taken.length
            ? _t("Another favorite has this name: choose a different one.")
            : "";
    }

    saveAsSegment() {
        this.props.close?.();
        return this.action.doAction("mini_crm.mini_crm_segment_wizard_action", {
            additionalContext: {
                segment_domain: new Domain(this.domain).toString(),
            },
        });
    }
}

/** The panel beside the list, on a desk. */
export class FilterSide extends Component {
    static template = "mini_crm.FilterSide";
    static components = {FilterPanel};
    static props = {...FilterPanel.props};

    setup() {
        useAutofocus({refName: "close"});
        useHotkey("escape", () => this.props.close());
    }
}
