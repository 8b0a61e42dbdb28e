import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {Chart} from "../shared/chart";
import {healthLabel} from "./score_ring";

const TONES = {green: "success", yellow: "warning", red: "danger"};

/** What other settings would make of the scores: before and after. */
export class ScorePreview extends Component {
    static template = "mini_crm.ScorePreview";
    static components = {Chart};
    static props = {
        preview: {type: [Object, {value: null}]},
        problem: {type: String},
        looking: {type: Boolean},
    };

    /** Of how many one that was looked at tells: more than 1 for a sample. */
    get scale() {
        const {customers, all} = this.props.preview;
        return customers && customers < all ? all / customers : 1;
    }

    /** A number of all customers, from that of those looked at. */
    estimated(value) {
        return Math.round(value * this.scale);
    }

    get bars() {
        const {bars, bar_bands: bands} = this.props.preview;
        const all = (values) => values.map((value) => this.estimated(value));
        return {
            labels: bands.map((_band, index) => String(index * 10)),
            series: [
                {label: _t("Before"), tone: "inactive", values: all(bars.before)},
                {
                    label: _t("After"),
                    tone: "primary",
                    values: all(bars.after),
                    tones: bands.map((band) => TONES[band]),
                },
            ],
        };
    }

    get bands() {
        const {before, after} = this.props.preview.bands;
        return ["green", "yellow", "red"].map((band) => ({
            band,
            label: healthLabel(band),
            before: this.about(before[band]),
            after: this.about(after[band]),
        }));
    }

    get sum() {
        const {moved, crossed} = this.props.preview;
        if (!moved) {
            return _t("No score would change.");
        }
        const numbers = {
            moved: this.number(this.estimated(moved)),
            crossed: this.number(this.estimated(crossed)),
        };
        return this.scale > 1
            ? _t(
                  "About %(moved)s scores would change, about %(crossed)s of them their colour.",
                  numbers,
              )
            : _t(
                  "%(moved)s scores would change, %(crossed)s of them their colour.",
                  numbers,
              );
    }

    get lookedAt() {
        const {customers, all, unknown} = this.props.preview;
        const looked =
            customers < all
                ? _t("Counted from a sample: %(n)s of %(all)s customers.", {
                      n: this.number(customers),
                      all: this.number(all),
                  })
                : _t("Counted from all %s customers.", this.number(all));
        const without = this.number(this.estimated(unknown));
        const left =
            this.scale > 1
                ? _t("About %s without enough data are left out.", without)
                : _t("%s without enough data are left out.", without);
        return unknown ? `${looked} ${left}` : looked;
    }

    about(value) {
        const number = this.number(this.estimated(value));
        return this.scale > 1 ? _t("about %s", number) : number;
    }

    number(value) {
        return formatInteger(value);
    }
}
