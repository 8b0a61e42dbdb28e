import {describe, expect, test} from "@odoo/hoot";
import {START} from "@mini_crm/workflow/workflow_graph";
import {CARD, cardBeside, layoutOf} from "@mini_crm/workflow/workflow_layout";
import {blocksOf, outlineOf} from "@mini_crm/workflow/workflow_structure";
import {nearest} from "@mini_crm/workflow/workflow_drag";

describe.current.tags("headless");

const KINDS = {
    send: {edges: ["next", "not_sent"], decides: false},
    ask: {edges: ["answered", "invalid", "timeout"], decides: false},
    condition: {edges: ["yes", "no"], decides: true},
};

/** A definition of nodes: `{n1: ["condition", {yes: "n2"}]}`, the first one first. */
function graph(given) {
    const nodes = Object.entries(given).map(([id, [kind, next]]) => [id, {kind, next}]);
    return {
        first: nodes[0]?.[0] || null,
        trigger: {kind: ""},
        nodes: Object.fromEntries(nodes),
    };
}

function laidOut(definition, {open = [], mirrored = false} = {}) {
    const blocks = blocksOf(definition, KINDS, new Set(open));
    const decides = (id) => definition.nodes[id]?.kind === "condition";
    return layoutOf(blocks, decides, mirrored);
}

const byId = ({cards}) => Object.fromEntries(cards.map((card) => [card.id, card]));
const middle = (card) => card.x + card.width / 2;

const JOINED = graph({
    n1: ["condition", {yes: "n2", no: "n3"}],
    n2: ["send", {next: "n4"}],
    n3: ["send", {next: "n4"}],
    n4: ["send", {}],
});

function overlaps(cards) {
    return cards.some((a, index) =>
        cards
            .slice(index + 1)
            .some(
                (b) =>
                    a.x < b.x + b.width &&
                    b.x < a.x + a.width &&
                    a.y < b.y + b.height &&
                    b.y < a.y + a.height,
            ),
    );
}

test("an empty workflow is its trigger and a place for the first step", () => {
    const {cards, edges, width} = laidOut(graph({}));
    expect(cards.map(({id}) => id)).toEqual([START]);
    expect(edges.length).toBe(1);
    expect([edges[0].key, edges[0].kind]).toEqual(["/next", "end"]);
    expect(width).toBeGreaterThan(CARD.width);
});

test("steps one after the other stand below each other", () => {
    const cards = byId(laidOut(graph({n1: ["send", {next: "n2"}], n2: ["send", {}]})));
    expect(middle(cards.n1)).toBe(middle(cards[START]));
    expect(middle(cards.n2)).toBe(middle(cards.n1));
    expect(cards.n2.y).toBeGreaterThan(cards.n1.y + CARD.height);
});

test("two ways stand side by side below a decision, and meet below its middle", () => {
    const layout = laidOut(JOINED);
    const cards = byId(layout);
    expect(cards.n2.y).toBe(cards.n3.y);
    expect(cards.n2.x).toBeLessThan(cards.n3.x);
    expect(middle(cards.n2) + middle(cards.n3)).toBe(2 * middle(cards.n1));
    expect(middle(cards.n4)).toBe(middle(cards.n1));
    expect(cards.n4.y).toBeGreaterThan(cards.n3.y + CARD.height);
    const meeting = layout.edges.filter(({target}) => target === "n4");
    expect(meeting.map(({arrow}) => arrow)).toEqual([
        {x: middle(cards.n4), y: cards.n4.y},
        {x: middle(cards.n4), y: cards.n4.y},
    ]);
});

test("from right to left the drawing is mirrored", () => {
    const [left, right] = [laidOut(JOINED), laidOut(JOINED, {mirrored: true})];
    const mirrored = byId(left).n2;
    expect(byId(right).n2.x).toBe(left.width - mirrored.x - mirrored.width);
    expect(byId(right).n2.x).toBeGreaterThan(byId(right).n3.x);
    expect(right.width).toBe(left.width);
});

test("the same workflow is always drawn the same", () => {
    expect(laidOut(JOINED)).toEqual(laidOut(JSON.parse(JSON.stringify(JOINED))));
});

test("a way back up is told by a name, not by a line", () => {
    const {edges} = laidOut(
        graph({n1: ["send", {next: "n2"}], n2: ["send", {next: "n1"}]}),
    );
    const back = edges.find(({node}) => node === "n2");
    expect([back.kind, back.target, back.arrow]).toEqual(["loop", "n1", null]);
    expect(back.stub).not.toBe(null);
});

test("rare ways are folded until one leads somewhere or they are opened", () => {
    const ask = (next) => graph({n1: ["ask", next], n2: ["send", {}]});
    const edgesOf = (definition, open) =>
        laidOut(definition, {open})
            .edges.filter(({node}) => node === "n1")
            .map(({edge}) => edge);
    expect(edgesOf(ask({answered: "n2"}))).toEqual(["answered"]);
    expect(edgesOf(ask({timeout: "n2"}))).toEqual(["answered", "timeout"]);
    expect(edgesOf(ask({}), ["n1"])).toEqual(["answered", "invalid", "timeout"]);
    const [block] = blocksOf(ask({answered: "n2"}), KINDS, new Set());
    expect(block.ways[0].block.hidden).toBe(2);
});

test("a step that nothing leads to stands beside the others", () => {
    const definition = graph({n1: ["send", {}], n2: ["send", {next: "n1"}]});
    const {cards, edges} = laidOut(definition);
    expect(cards.map(({id}) => id)).toEqual([START, "n1", "n2"]);
    expect(edges.find(({node}) => node === "n2").kind).toBe("loop");
    expect(overlaps(cards)).toBe(false);
});

test("every step of a ring that nothing leads to is drawn once", () => {
    const definition = graph({
        n1: ["send", {}],
        n2: ["send", {next: "n3"}],
        n3: ["send", {next: "n2"}],
    });
    const ids = laidOut(definition).cards.map(({id}) => id);
    expect(ids.sort()).toEqual([START, "n1", "n2", "n3"]);
});

test("no cards overlap and none is lost, whatever the graph", () => {
    // A small generator: the same graphs each time.
    let seed = 7;
    const below = (limit) => {
        seed = (seed * 48271) % 2147483647;
        return seed % limit;
    };
    for (let round = 0; round < 150; round++) {
        const size = 1 + below(16);
        const kinds = Object.keys(KINDS);
        const nodes = {};
        for (let index = 1; index <= size; index++) {
            const kind = kinds[below(kinds.length)];
            const next = {};
            for (const edge of KINDS[kind].edges) {
                if (below(3)) {
                    next[edge] = `n${1 + below(size)}`;
                }
            }
            nodes[`n${index}`] = [kind, next];
        }
        const {cards, edges, width, height} = laidOut(graph(nodes), {open: ["n1"]});
        expect(cards.length).toBe(size + 1);
        expect(new Set(edges.map(({key}) => key)).size).toBe(edges.length);
        expect(overlaps(cards)).toBe(false);
        const inside = cards.every(
            (card) =>
                card.x >= 0 &&
                card.x + card.width <= width &&
                card.y + card.height <= height,
        );
        expect(inside).toBe(true);
    }
});

test("two hundred steps in a row are drawn", () => {
    const nodes = {};
    for (let index = 1; index <= 200; index++) {
        nodes[`n${index}`] = ["send", index < 200 ? {next: `n${index + 1}`} : {}];
    }
    expect(laidOut(graph(nodes)).cards.length).toBe(201);
});

test("arrow keys lead to the card in their direction", () => {
    const {cards} = laidOut(JOINED);
    expect(cardBeside(cards, START, "ArrowDown")).toBe("n1");
    expect(cardBeside(cards, "n2", "ArrowRight")).toBe("n3");
    expect(cardBeside(cards, "n3", "ArrowLeft")).toBe("n2");
    expect(cardBeside(cards, "n4", "ArrowDown")).toBe(null);
    expect(cardBeside(cards, "n1", "ArrowUp")).toBe(START);
});

test("the outline indents ways, and goes on where they meet", () => {
    const lines = outlineOf(blocksOf(JOINED, KINDS, new Set()), KINDS, JOINED);
    expect(
        lines.map(({type, id, edge, depth}) => [
            type,
            edge ? `${id}/${edge}` : id,
            depth,
        ]),
    ).toEqual([
        ["card", START, 0],
        ["way", "/next", 0],
        ["card", "n1", 0],
        ["way", "n1/yes", 1],
        ["card", "n2", 1],
        ["way", "n2/next", 1],
        ["way", "n1/no", 1],
        ["card", "n3", 1],
        ["way", "n3/next", 1],
        ["card", "n4", 0],
        ["way", "n4/next", 0],
    ]);
});

test("in the outline the usual way comes after the rare ones, at the same depth", () => {
    const definition = graph({
        n1: ["ask", {answered: "n2", timeout: "n3"}],
        n2: ["send", {}],
        n3: ["send", {}],
    });
    const lines = outlineOf(blocksOf(definition, KINDS, new Set()), KINDS, definition);
    const cards = lines.filter(({type}) => type === "card");
    expect(cards.map(({id, depth}) => [id, depth])).toEqual([
        [START, 0],
        ["n1", 0],
        ["n3", 1],
        ["n2", 0],
    ]);
});

test("what is dropped goes to the nearest place, if one is near", () => {
    const box = (left) => ({left, top: 0, width: 20, height: 20});
    const places = [
        {key: "a", box: box(0)},
        {key: "b", box: box(100)},
    ];
    expect(nearest(places, {x: 40, y: 10}, 60)).toBe("a");
    expect(nearest(places, {x: 80, y: 10}, 60)).toBe("b");
    expect(nearest(places, {x: 300, y: 10}, 60)).toBe(null);
});
