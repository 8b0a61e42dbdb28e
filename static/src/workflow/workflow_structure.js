import {START, targetOf} from "./workflow_graph";

/**
 * The graph as nested blocks: a tree with joins, for the drawing and for the outline.
 *
 * A block is a node with its ways out. A node that one edge leads to stands in the way of
 * that edge; one where several ways meet stands below the node that all of them come
 * from (its dominator), and each of these ways says where it goes on. Pure functions.
 *
 * @typedef {{edge: string, target: string | null, kind: "block" | "join" | "loop" |
 *   "end", block: Block | null}} Way
 * @typedef {{id: string, ways: Way[], joins: Block[], hidden: number}} Block
 */

/**
 * Which ways out of a node are shown: the usual one, those that lead somewhere, all of a
 * decision, and the others while they are unfolded.
 *
 * @param {{edges: string[], decides: boolean} | undefined} kind
 * @param {Object} node
 * @param {boolean} isOpen
 * @returns {string[]}
 */
export function shownEdges(kind, node, isOpen) {
    const edges = kind ? kind.edges : Object.keys(node.next || {});
    return edges.filter(
        (edge, index) => !index || isOpen || kind?.decides || node.next?.[edge],
    );
}

/**
 * Walk from a node: {order: reverse postorder, loops: keys of edges that go back, or to
 * what has been placed}.
 */
function walk(root, edgesOf, placed) {
    const order = [];
    const loops = new Set();
    const state = new Map();
    function visit(id) {
        state.set(id, "open");
        // Backwards: then the order of the ways is kept by the reversal.
        for (const {edge, target} of [...edgesOf(id)].reverse()) {
            if (state.get(target) === "open" || placed.has(target)) {
                loops.add(`${id}/${edge}`);
            } else if (target && !state.has(target)) {
                visit(target);
            }
        }
        state.set(id, "closed");
        order.push(id);
    }
    visit(root);
    return {order: order.reverse(), loops};
}

/** Immediate dominators of an acyclic graph: {id: id}; one pass in topological order. */
function dominators(order, sources) {
    const position = new Map(order.map((id, index) => [id, index]));
    const above = new Map();
    for (const id of order) {
        const [first, ...others] = sources.get(id) || [];
        above.set(
            id,
            others.reduce((one, other) => {
                while (one !== other) {
                    if (position.get(one) > position.get(other)) {
                        one = above.get(one);
                    } else {
                        other = above.get(other);
                    }
                }
                return one;
            }, first),
        );
    }
    return above;
}

/** Nodes that nothing shown leads to, in the order of the definition. */
function orphans(definition, seen) {
    const led = new Set(
        Object.values(definition.nodes).flatMap((node) =>
            Object.values(node.next || {}),
        ),
    );
    const apart = Object.keys(definition.nodes).filter((id) => !seen.has(id));
    const roots = apart.filter((id) => !led.has(id));
    return roots.length || !apart.length ? roots : [apart[0]];
}

class Builder {
    constructor(definition, kinds, open, placed) {
        Object.assign(this, {definition, kinds, open, placed});
        this.ways = new Map();
    }

    waysOf(id) {
        if (!this.ways.has(id)) {
            const {definition, kinds, open} = this;
            const node = definition.nodes[id];
            const edges =
                id === START
                    ? ["next"]
                    : shownEdges(kinds[node.kind], node, open.has(id));
            const ways = edges.map((edge) => ({
                edge,
                target: targetOf(definition, {node: id, edge}),
            }));
            this.ways.set(id, ways);
        }
        return this.ways.get(id);
    }

    build(root) {
        const {order, loops} = walk(root, (id) => this.waysOf(id), this.placed);
        const sources = new Map();
        for (const id of order) {
            for (const {edge, target} of this.waysOf(id)) {
                if (target && !loops.has(`${id}/${edge}`)) {
                    sources.set(target, [...(sources.get(target) || []), id]);
                }
            }
        }
        const above = dominators(order, sources);
        const joins = new Map();
        for (const id of order.filter((each) => sources.get(each)?.length > 1)) {
            joins.set(above.get(id), [...(joins.get(above.get(id)) || []), id]);
        }
        Object.assign(this, {loops, sources, joins});
        return this.block(root);
    }

    block(id) {
        const kind = this.kinds[this.definition.nodes[id]?.kind];
        const ways = this.waysOf(id);
        return {
            id,
            ways: ways.map((way) => this.way(id, way)),
            joins: (this.joins.get(id) || []).map((join) => this.block(join)),
            hidden: kind ? kind.edges.length - ways.length : 0,
        };
    }

    way(id, {edge, target}) {
        if (!target) {
            return {edge, target, kind: "end", block: null};
        }
        if (this.loops.has(`${id}/${edge}`)) {
            return {edge, target, kind: "loop", block: null};
        }
        return this.sources.get(target).length > 1
            ? {edge, target, kind: "join", block: null}
            : {edge, target, kind: "block", block: this.block(target)};
    }
}

/**
 * @param {Object} definition
 * @param {Object} kinds {kind: {edges: string[], decides: boolean}}
 * @param {Set<string>} open ids of nodes whose rare ways are unfolded
 * @returns {Block[]} the first begins with the trigger; others are of nodes apart from it
 */
export function blocksOf(definition, kinds, open) {
    const blocks = [];
    const seen = new Set();
    let roots = [START];
    while (roots.length) {
        for (const root of roots.filter((id) => !seen.has(id))) {
            const builder = new Builder(definition, kinds, open, new Set(seen));
            blocks.push(builder.build(root));
            [...builder.ways.keys()].forEach((id) => seen.add(id));
        }
        roots = orphans(definition, seen);
    }
    return blocks;
}

/**
 * The lines of the outline, from top to bottom.
 *
 * @param {Block[]} blocks
 * @param {Object} kinds as for `blocksOf`
 * @param {Object} definition
 * @returns {{type: "card" | "way", id: string, depth: number, edge?: string,
 *   kind?: string, target?: string | null, named?: boolean}[]}
 */
export function outlineOf(blocks, kinds, definition) {
    const lines = [];
    function add(block, depth) {
        const {id, ways} = block;
        const decides = kinds[definition.nodes[id]?.kind]?.decides;
        lines.push({type: "card", id, depth, hidden: block.hidden});
        // The usual way goes on at the same depth, after the rare ones.
        const ordered = decides ? ways : [...ways.slice(1), ...ways.slice(0, 1)];
        for (const way of ordered) {
            const deeper = depth + (decides || way !== ways[0] ? 1 : 0);
            const {edge, kind, target} = way;
            const named = ways.length > 1;
            lines.push({type: "way", id, depth: deeper, edge, kind, target, named});
            if (way.block) {
                add(way.block, deeper);
            }
        }
        block.joins.forEach((join) => add(join, depth));
    }
    blocks.forEach((block) => add(block, 0));
    return lines;
}
