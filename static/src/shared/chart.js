import {Component} from "@odoo/owl";
import {formatInteger} from "@web/views/fields/formatters";

// Labels of the horizontal axis, before they would touch.
const LABELS = {bars: 12, lines: 6};

/**
 * The end of an axis: the next round number that is not below the largest value.
 *
 * @param {Number} largest
 * @returns {Number} 1, 2, 4, 5 or 10 times a power of ten; at least 4
 */
export function roundMaximum(largest) {
    if (largest <= 4) {
        return 4;
    }
    const power = 10 ** Math.floor(Math.log10(largest));
    return [1, 2, 4, 5, 10].map((step) => step * power).find((end) => end >= largest);
}

/**
 * The pieces of a line: it is interrupted where there is no value.
 *
 * @param {(Number | null)[]} values
 * @param {Number} maximum of the axis
 * @returns {{x: Number, y: Number}[][]} in percent of the plot, y downwards
 */
export function linePieces(values, maximum) {
    const pieces = [];
    let open = null;
    values.forEach((value, index) => {
        if (value === null || value === undefined) {
            open = null;
            return;
        }
        if (!open) {
            open = [];
            pieces.push(open);
        }
        const x = values.length > 1 ? (100 * index) / (values.length - 1) : 50;
        open.push({x, y: 100 - (100 * Math.min(value, maximum)) / maximum});
    });
    return pieces;
}

/**
 * Bars or lines over a row of labels, as plain HTML and SVG: mirrored with the page,
 * sharp at any size, and read out as a table.
 *
 * - `kind`: "bars" or "lines"
 * - `labels`: texts of the horizontal axis; as many as they fit are written
 * - `series`: `[{label, tone, values, tones}]`; values are numbers >= 0 or null (a gap);
 *   tones: primary, success, warning, danger, info, vip, inactive; `tones` (optional)
 *   gives each bar its own
 * - `title`: what is shown, for screen readers
 * - `maximum` (optional): end of the vertical axis; else the next round number
 * - `bands` (optional): `[{from, to, tone}]` painted behind
 * - `format` (optional): a number as people read it
 * - `onPick` (optional): called with the index of a label whose bars were tapped
 */
export class Chart extends Component {
    static template = "mini_crm.Chart";
    static props = {
        kind: {validate: (kind) => ["bars", "lines"].includes(kind)},
        labels: {type: Array, element: String},
        series: {type: Array, element: Object},
        title: {type: String},
        maximum: {type: Number, optional: true},
        bands: {type: Array, element: Object, optional: true},
        format: {type: Function, optional: true},
        onPick: {type: Function, optional: true},
    };

    get maximum() {
        const values = this.props.series.flatMap((series) => series.values);
        return (
            this.props.maximum ||
            roundMaximum(Math.max(0, ...values.map((v) => v || 0)))
        );
    }

    get ticks() {
        return [this.maximum, this.maximum / 2, 0];
    }

    get columns() {
        const step = Math.ceil(this.props.labels.length / LABELS[this.props.kind]);
        return this.props.labels.map((label, index) => ({
            label,
            index,
            shown: index % step === 0,
        }));
    }

    get axisLabels() {
        return this.columns.filter((column) => column.shown);
    }

    /** Whether each column has its label: they stand in the middle then. */
    get allLabelled() {
        return this.axisLabels.length === this.columns.length;
    }

    format(value) {
        if (value === null || value === undefined) {
            return "";
        }
        return this.props.format ? this.props.format(value) : formatInteger(value);
    }

    tone(series, index) {
        return (series.tones && series.tones[index]) || series.tone || "primary";
    }

    share(value) {
        return Math.min(100, (100 * (value || 0)) / this.maximum);
    }

    /** The key of bars in several colours has them all. */
    keyStyle(series) {
        const tones = [...new Set(series.tones || [])];
        const colours = tones.map((tone) => `var(--mini-crm-${tone})`);
        return colours.length > 1
            ? `--key: linear-gradient(90deg, ${colours.join(", ")})`
            : undefined;
    }

    bandStyle(band) {
        const start = this.share(band.from);
        return `inset-block-end: ${start}%; block-size: ${this.share(band.to) - start}%`;
    }

    columnTip(index) {
        const values = this.props.series.map((series) => {
            const value = this.format(series.values[index]);
            return this.props.series.length > 1 ? `${series.label}: ${value}` : value;
        });
        return `${this.props.labels[index]} · ${values.join(" · ")}`;
    }

    lines(series) {
        return linePieces(series.values, this.maximum).map((points) =>
            points.map(({x, y}) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" "),
        );
    }

    /** Where a line ends, so that its last value is seen. */
    lastPoint(series) {
        const points = linePieces(series.values, this.maximum).flat();
        return points[points.length - 1];
    }
}
