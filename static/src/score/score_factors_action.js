import {Component, onWillDestroy, onWillStart, useState} from "@odoo/owl";
import {getCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {deepCopy, deepEqual} from "@web/core/utils/objects";
import {useDebounced} from "@web/core/utils/timing";
import {formatMonetary} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {relativeTime} from "../shared/relative_time";
import {ScorePreview} from "./score_preview";
import {changesOf, rebalanced} from "./weights";

const {DateTime} = luxon;
const MODEL = "mini_crm.score.factor";
const PAUSE = 350; // ms without a move, before a preview is asked for
const POLL = 2000; // ms between two looks at a run
const LOOKS = {
    engagement: {icon: "fa-comments-o", tone: "primary"},
    purchases: {icon: "fa-shopping-bag", tone: "success"},
    completeness: {icon: "fa-id-card-o", tone: "info"},
    loyalty: {icon: "fa-heart-o", tone: "vip"},
};

/** The settings of the score: moved, seen at once, and used all together. */
export class ScoreFactorsAction extends Component {
    static template = "mini_crm.ScoreFactorsAction";
    static components = {ScorePreview};
    static props = {...standardActionServiceProps};
    static displayName = _t("Score Factors");

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.looks = LOOKS;
        this.state = useState({
            settings: null,
            used: null,
            open: {},
            preview: null,
            problem: "",
            looking: false,
            busy: false,
            run: false,
            previous: false,
        });
        this.lookSoon = useDebounced(() => this.look(), PAUSE);
        onWillStart(async () => {
            this.told = await this.orm.call(MODEL, "describe", []);
            this.use(this.told);
            this.look();
            this.follow();
        });
        onWillDestroy(() => clearTimeout(this.timer));
    }

    /** Take over what the server says is in use now. */
    use({settings, previous, run}) {
        Object.assign(this.state, {
            settings: deepCopy(settings),
            used: deepCopy(settings),
            previous,
            run,
        });
    }

    get isChanged() {
        return !deepEqual(this.state.settings, this.state.used);
    }

    get changes() {
        return changesOf(this.state.settings, this.state.used);
    }

    get isDefault() {
        const {weights, full_counts: counts, half_life: life} = this.told.defaults;
        const {settings} = this.state;
        return (
            deepEqual(settings.weights, weights) &&
            deepEqual(settings.full_counts, counts) &&
            settings.half_life === life
        );
    }

    percent(key) {
        return Math.round(100 * this.state.settings.weights[key]);
    }

    explain(factor) {
        return {
            engagement: _t("How often you talk, whether they answer, how lately"),
            purchases: _t("How often, how much in all, and how much at a time"),
            completeness: _t("How much you know about the customer"),
            loyalty: _t("How long, and whether the customer comes back"),
        }[factor.key];
    }

    /** Fields of "what earns full marks", in plain words. */
    get marks() {
        const {full_counts: counts, half_life: life} = this.state.settings;
        const count = (key, label, unit) => ({
            key,
            label,
            unit,
            value: counts[key],
            set: (value) => (counts[key] = value),
        });
        const money = (key, label, counted) => ({
            key,
            label,
            unit: getCurrency(this.told.currency)?.symbol || "",
            value: Number(this.state.settings[key].toFixed(2)) || "",
            placeholder: formatMonetary(counted, {
                currencyId: this.told.currency,
                noSymbol: true,
            }),
            money: true,
            set: (value) => (this.state.settings[key] = value),
        });
        const {spent, order} = this.told.marks;
        return [
            count("engagement.interactions", _t("Messages and calls"), ""),
            {
                key: "half_life",
                label: _t("A contact counts half after"),
                unit: _t("days"),
                value: life,
                set: (value) => (this.state.settings.half_life = value),
            },
            count("purchases.count", _t("Purchases"), ""),
            money("full_spent", _t("Spent in all"), spent),
            money("full_order", _t("Average order"), order),
            count("loyalty.since", _t("Customer for"), _t("days")),
            count("loyalty.repeat", _t("Purchases after the first"), ""),
        ];
    }

    get previousText() {
        const {date, author} = this.state.previous;
        const when = DateTime.fromSQL(date, {zone: "utc"}).toLocal();
        return _t("Last changed %(when)s by %(who)s.", {
            when: relativeTime(when),
            who: author || "?",
        });
    }

    get runShare() {
        const {done, total} = this.state.run;
        return total ? Math.min(100, Math.round((100 * done) / total)) : 0;
    }

    onSlide(factor, part, event) {
        const sisters = (part ? factor.parts : this.told.factors).map(({key}) => key);
        const {key} = part || factor;
        const {weights} = this.state.settings;
        const percent = Number(event.target.value);
        Object.assign(weights, rebalanced(weights, sisters, key, percent));
        this.lookSoon();
    }

    onMark(mark, event) {
        const value = event.target.value.trim();
        // An empty amount is chosen from the shop's own buyers.
        mark.set(value === "" && mark.money ? 0 : value === "" ? null : Number(value));
        this.lookSoon();
    }

    toggle(factor) {
        this.state.open[factor.key] = !this.state.open[factor.key];
    }

    backToDefaults() {
        const {
            weights,
            full_counts: counts,
            half_life: life,
        } = deepCopy(this.told.defaults);
        Object.assign(this.state.settings, {
            weights,
            full_counts: counts,
            half_life: life,
        });
        this.look();
    }

    discard() {
        this.state.settings = deepCopy(this.state.used);
        this.look();
    }

    /** Ask what these settings would make of the scores; the last question counts. */
    async look() {
        this.state.looking = true;
        const asked = this.orm.silent.call(MODEL, "preview", [this.changes]);
        try {
            this.state.preview = await this.keepLast.add(asked);
            this.state.problem = "";
        } catch (error) {
            this.state.problem = error.data?.message || _t("No preview: try again.");
        }
        this.state.looking = false;
    }

    async apply() {
        const {changes} = this;
        const {before} = await this.send(changes);
        const undone = Object.fromEntries(
            Object.keys(changes).map((key) => [key, before[key]]),
        );
        const close = this.notification.add(
            _t("These settings are used. All scores are computed anew."),
            {
                type: "success",
                autocloseDelay: 15_000,
                buttons: [
                    {
                        name: _t("Undo"),
                        onClick: () => {
                            close();
                            return this.putBack(undone);
                        },
                    },
                ],
            },
        );
    }

    async putBack(settings) {
        await this.send(settings);
        this.notification.add(_t("The settings from before are back."), {
            type: "success",
        });
    }

    async send(settings) {
        this.state.busy = true;
        try {
            const done = await this.orm.call(MODEL, "apply", [settings]);
            this.use(done);
            this.look();
            this.follow();
            return done;
        } finally {
            this.state.busy = false;
        }
    }

    /** Look again while scores are being computed. */
    follow() {
        clearTimeout(this.timer);
        if (this.state.run) {
            this.timer = setTimeout(async () => {
                this.state.run = await this.orm.silent.call(MODEL, "progress", []);
                this.follow();
            }, POLL);
        }
    }
}

registry.category("actions").add("mini_crm_score_factors", ScoreFactorsAction);
