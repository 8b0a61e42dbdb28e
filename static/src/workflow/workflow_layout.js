/**
 * Where everything of a workflow is drawn: computed anew after every change, from top to
 * bottom, and the same for the same workflow. Pixels; pure functions.
 */

export const CARD = {width: 264, height: 92};
export const GAP = 78; // between a card and what comes below it
const SIDE = 28; // between two ways
const STUB = {width: 132, height: 34}; // a way that ends, or goes on elsewhere
const BUS = 14; // below a card: where its ways part
const LABEL = 30;
const PLUS = 56;
const MARGIN = 40;
const ROUND = 8;

const mark = (block, key) => `${block.id}/${key}`;

/** Space of a block: how far it reaches to both sides of its axis, and its height. */
function measured(block, decides, sizes) {
    const ways = block.ways.map((way) =>
        way.block
            ? measured(way.block, decides, sizes)
            : {left: STUB.width / 2, right: STUB.width / 2, height: STUB.height},
    );
    const axes = [];
    let end = 0;
    for (const {left, right} of ways) {
        axes.push(end + left);
        end += left + right + SIDE;
    }
    end -= SIDE;
    // The usual way goes straight on; the ways of a decision stand below its middle.
    const axis = decides(block.id) ? (axes[0] + axes.at(-1)) / 2 : axes[0];
    const row = Math.max(...ways.map(({height}) => height));
    const joins = block.joins.map((join) => measured(join, decides, sizes));
    const size = {
        left: Math.max(CARD.width / 2, axis, ...joins.map(({left}) => left)),
        right: Math.max(CARD.width / 2, end - axis, ...joins.map(({right}) => right)),
        height: joins.reduce(
            (sum, {height}) => sum + GAP + height,
            CARD.height + GAP + row,
        ),
        axes: axes.map((each) => each - axis),
        row,
    };
    sizes.set(block.id, size);
    return size;
}

/** A line through points that are above or beside each other, with round corners. */
export function roundedPath(points) {
    const [start, ...others] = points;
    let path = `M ${start.x} ${start.y}`;
    others.forEach((point, index) => {
        const [before, after] = [points[index], others[index + 1]];
        if (!after) {
            path += ` L ${point.x} ${point.y}`;
            return;
        }
        const cut = (other) => {
            const length = Math.abs(other.x - point.x) + Math.abs(other.y - point.y);
            const share = length ? Math.min(ROUND, length / 2) / length : 0;
            const x = point.x + (other.x - point.x) * share;
            const y = point.y + (other.y - point.y) * share;
            return `${x} ${y}`;
        };
        path += ` L ${cut(before)} Q ${point.x} ${point.y} ${cut(after)}`;
    });
    return path;
}

class Drawing {
    constructor(sizes) {
        this.sizes = sizes;
        this.cards = [];
        this.edges = [];
    }

    place(block, x, y) {
        const size = this.sizes.get(block.id);
        const {width, height} = CARD;
        this.cards.push({id: block.id, x: x - width / 2, y, width, height});
        const below = y + height;
        block.ways.forEach((way, index) => {
            const at = x + size.axes[index];
            const points = [
                {x, y: below},
                {x, y: below + BUS},
                {x: at, y: below + BUS},
                {x: at, y: below + GAP},
            ];
            this.edges.push({
                key: mark(block, way.edge),
                node: block.id,
                edge: way.edge,
                kind: way.kind,
                target: way.target,
                points: at === x ? [points[0], points[3]] : points,
                label: block.ways.length > 1 ? {x: at, y: below + LABEL} : null,
                plus: {x: at, y: below + PLUS},
            });
            if (way.block) {
                this.place(way.block, at, below + GAP);
            }
        });
        let top = below + GAP + size.row;
        for (const join of block.joins) {
            this.place(join, x, top + GAP);
            top += GAP + this.sizes.get(join.id).height;
        }
    }

    /** Draw the lines of ways that meet, as far as no card is in their way. */
    lead() {
        const tops = new Map(this.cards.map((card) => [card.id, card]));
        for (const edge of this.edges.filter(({kind}) => kind === "join")) {
            const from = edge.points.at(-1);
            const card = tops.get(edge.target);
            const middle = card.x + card.width / 2;
            const turn = card.y - GAP / 2;
            const line = [
                {x: from.x, y: turn},
                {x: middle, y: turn},
                {x: middle, y: card.y},
            ];
            if (this.isFree(from, line)) {
                edge.points = [
                    ...edge.points.slice(0, -1),
                    ...(from.x === middle ? [line[2]] : line),
                ];
                edge.meets = true;
            }
        }
    }

    isFree({x, y}, [turn, end]) {
        const [low, high] = [Math.min(x, end.x), Math.max(x, end.x)];
        return !this.cards.some((card) => {
            const inside = (at) => at > card.x - 6 && at < card.x + card.width + 6;
            const down = inside(x) && card.y < turn.y && card.y + card.height > y;
            const across =
                card.y < turn.y &&
                card.y + card.height > turn.y &&
                card.x < high &&
                card.x + card.width > low;
            return down || across;
        });
    }
}

/**
 * @param {import("./workflow_structure").Block[]} blocks
 * @param {(id: string) => boolean} decides whether a node is a decision
 * @param {boolean} mirrored from right to left
 * @returns {{width: number, height: number, cards: {id: string, x: number, y: number,
 *   width: number, height: number}[], edges: {key: string, node: string, edge: string,
 *   kind: string, target: string | null, path: string, label: Object | null,
 *   plus: {x: number, y: number}, stub: Object | null, arrow: Object | null}[]}} `stub`
 *   is where the end, or the name of the node where it goes on, stands
 */
export function layoutOf(blocks, decides, mirrored) {
    const sizes = new Map();
    const drawing = new Drawing(sizes);
    let left = MARGIN;
    let height = 0;
    for (const block of blocks) {
        const size = measured(block, decides, sizes);
        drawing.place(block, left + size.left, MARGIN);
        left += size.left + size.right + SIDE;
        height = Math.max(height, size.height);
    }
    drawing.lead();
    const width = left - SIDE + MARGIN;
    const at = ({x, y}) => ({x: mirrored ? width - x : x, y});
    return {
        width,
        height: height + 2 * MARGIN,
        cards: drawing.cards.map((card) => ({
            ...card,
            x: mirrored ? width - card.x - card.width : card.x,
        })),
        edges: drawing.edges.map(({points, label, plus, meets, ...edge}) => {
            const line = points.map(at);
            const arrives = edge.kind === "block" || meets;
            return {
                ...edge,
                path: roundedPath(line),
                label: label && at(label),
                plus: at(plus),
                arrow: arrives ? line.at(-1) : null,
                stub: arrives ? null : line.at(-1),
            };
        }),
    };
}

/**
 * The card next to another one, as an arrow key means it.
 *
 * @param {{id: string, x: number, y: number}[]} cards of a layout
 * @param {string} id
 * @param {"ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight"} key
 * @returns {string | null} `null`: there is none
 */
export function cardBeside(cards, id, key) {
    const from = cards.find((card) => card.id === id);
    const upright = key === "ArrowUp" || key === "ArrowDown";
    const [along, across] = upright ? ["y", "x"] : ["x", "y"];
    const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    const distance = (card) =>
        (card[along] - from[along]) * sign + 2 * Math.abs(card[across] - from[across]);
    const [next] = cards
        .filter((card) => (card[along] - from[along]) * sign > 0)
        .sort((a, b) => distance(a) - distance(b));
    return next ? next.id : null;
}
