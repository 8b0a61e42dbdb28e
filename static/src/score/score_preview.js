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

    get bars() {
        const {bars, bar_bands: bands} = this.props.preview;
        return {
            labels: bands.map((_band, index) => String(index * 10)),
            series: [
                {label: _t("Before"), tone: "inactive", values: bars.before},
                {
                    label: _t("After"),
                    tone: "primary",
                    values: bars.after,
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
            before: this.number(before[band]),
            after: this.number(after[band]),
        }));
    }

    get sum() {
        const {moved, crossed} = this.props.preview;
        if (!moved) {
            return _t("No score would change.");
        }
        return _t("%(moved)s scores would change, %(crossed)s of them their colour.", {
            moved: this.number(moved),
            crossed: this.number(crossed),
        });
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
        const left = _t("%s without enough data are left out.", this.number(unknown));
        return unknown ? `${looked} ${left}` : looked;
    }

    number(value) {
        return formatInteger(value);
    }
}
