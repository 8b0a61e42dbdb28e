import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const STARS = 5;
const POINTS_PER_STAR = 20;

/**
 * Full stars of a score: one for every 20 points.
 *
 * @param {number} score 0 to 100
 * @returns {number} 0 to 5
 */
export function starCount(score) {
    return Math.min(STARS, Math.max(0, Math.floor(score / POINTS_PER_STAR)));
}

/** A score as five stars. */
export class Stars extends Component {
    static template = "mini_crm.Stars";
    static props = {score: {type: Number}};

    get full() {
        return "★".repeat(starCount(this.props.score));
    }

    get empty() {
        return "★".repeat(STARS - starCount(this.props.score));
    }

    get label() {
        return _t("%s of 5 stars", starCount(this.props.score));
    }
}
