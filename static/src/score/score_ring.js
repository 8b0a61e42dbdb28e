import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * What a health means, in words.
 *
 * @param {string | false} health green, yellow, red; false: not enough data yet
 * @returns {string}
 */
export function healthLabel(health) {
    return (
        {green: _t("Healthy"), yellow: _t("Moderate"), red: _t("At risk")}[health] ||
        _t("Not enough data yet")
    );
}

/** A score out of 100 as a ring in the colour of the health; "?" without data. */
export class ScoreRing extends Component {
    static template = "mini_crm.ScoreRing";
    static props = {
        score: {type: Number},
        health: {type: [String, Boolean], optional: true},
        large: {type: Boolean, optional: true},
    };

    get hasData() {
        return Boolean(this.props.health);
    }

    /** Share of the circle that is drawn: 0 to 100. */
    get share() {
        return this.hasData ? Math.min(100, Math.max(0, this.props.score)) : 0;
    }

    get label() {
        if (!this.hasData) {
            return _t("Not enough data yet");
        }
        return _t("Score %(score)s of 100, %(health)s", {
            score: this.props.score,
            health: healthLabel(this.props.health),
        });
    }

    get className() {
        const size = this.props.large ? "o_mini_crm_ring_large" : "";
        return `o_mini_crm_ring o_mini_crm_health_${this.props.health || "none"} ${size}`;
    }
}
