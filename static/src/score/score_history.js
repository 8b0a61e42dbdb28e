import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {Chart} from "../shared/chart";

const {DateTime} = luxon;
// Health begins at these scores (docs/architecture.md, "The score").
const BANDS = [
    {from: 0, to: 50, tone: "danger"},
    {from: 50, to: 80, tone: "warning"},
    {from: 80, to: 100, tone: "success"},
];

/** How a score has moved in 90 days, and what has changed it lately. */
export class ScoreHistory extends Component {
    static template = "mini_crm.ScoreHistory";
    static components = {Chart};
    static props = {
        customerId: {type: Number},
        // A new one with each answer about the score: the history may be another, too.
        told: {type: Object},
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.bands = BANDS;
        this.state = useState({history: null, failed: false});
        onWillStart(() => {
            this.load(this.props.customerId);
        });
        onWillUpdateProps((next) => {
            if (next.told !== this.props.told) {
                this.load(next.customerId);
            }
        });
    }

    async load(customerId) {
        const asked = this.orm.silent.call("res.partner", "get_score_history", [
            [customerId],
        ]);
        try {
            this.state.history = await this.keepLast.add(asked);
            this.state.failed = false;
        } catch {
            this.state.failed = true;
        }
    }

    get history() {
        return this.state.history;
    }

    get change() {
        return this.history.change;
    }

    /** Whether there is a line to be drawn: more than a day with a score. */
    get hasLine() {
        return this.history.scores.filter((score) => score !== null).length > 1;
    }

    get labels() {
        return this.history.days.map((day) => this.day(day));
    }

    get series() {
        return [{label: _t("Score"), tone: "primary", values: this.history.scores}];
    }

    get sinceText() {
        const {since, before, after} = this.change;
        return _t("Since %(day)s: from %(before)s to %(after)s", {
            day: this.day(since),
            before,
            after,
        });
    }

    moveText(move) {
        return _t("%(day)s: from “%(before)s” to “%(after)s”", {
            ...move,
            day: this.day(move.date),
        });
    }

    /** Points with their sign, as they are read from left to right. */
    signed(points) {
        return points > 0 ? `+${points}` : `−${-points}`;
    }

    day(text) {
        const day = deserializeDate(text);
        return day.year === DateTime.now().year
            ? day.toLocaleString({day: "numeric", month: "short"})
            : day.toLocaleString(DateTime.DATE_MED);
    }
}
