import {Component} from "@odoo/owl";
import {toLocaleDateString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;
const WIDTH = 100;
const HEIGHT = 30;
const FEWEST = 2;

/**
 * Points of a line through the sizes, in a box of 100 by 30; equal sizes lie in its middle.
 *
 * @param {[string, number][]} sizes days and members, oldest first
 * @returns {{x: number, y: number}[]}
 */
export function linePoints(sizes) {
    const days = sizes.map(([day]) => DateTime.fromISO(day).toMillis());
    const members = sizes.map(([, count]) => count);
    const [low, high] = [Math.min(...members), Math.max(...members)];
    const span = days.at(-1) - days[0] || 1;
    return sizes.map(([, count], index) => ({
        x: (WIDTH * (days[index] - days[0])) / span,
        y:
            high === low
                ? HEIGHT / 2
                : HEIGHT - 2 - ((HEIGHT - 4) * (count - low)) / (high - low),
    }));
}

/** How a segment grew: a small line on its card, a large one with figures in its form. */
export class SegmentSizes extends Component {
    static template = "mini_crm.SegmentSizes";
    static props = {...standardFieldProps, large: {type: Boolean, optional: true}};

    get sizes() {
        return this.props.record.data[this.props.name] || [];
    }

    get isShown() {
        return this.sizes.length >= FEWEST;
    }

    get points() {
        return linePoints(this.sizes)
            .map(({x, y}) => `${x.toFixed(2)},${y.toFixed(2)}`)
            .join(" ");
    }

    /** First and last day with their sizes, and the largest: what the line runs between. */
    get figures() {
        const most = Math.max(...this.sizes.map(([, count]) => count));
        return {
            first: this.figure(this.sizes[0]),
            last: this.figure(this.sizes.at(-1)),
            most: _t("At most %s", formatInteger(most)),
        };
    }

    get label() {
        const {first, last} = this.figures;
        return _t("From %(first)s to %(last)s", {first, last});
    }

    figure([day, count]) {
        return `${toLocaleDateString(DateTime.fromISO(day))}: ${formatInteger(count)}`;
    }
}

registry.category("fields").add("mini_crm_segment_sizes", {
    component: SegmentSizes,
    displayName: _t("Size over time"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({options}) => ({large: Boolean(options.large)}),
});
