import {describe, expect, test} from "@odoo/hoot";
import {
    START,
    askedBefore,
    freeId,
    lastOf,
    placesTo,
    withMoved,
    withNode,
    withSettings,
    withTarget,
    withoutNode,
} from "@mini_crm/workflow/workflow_graph";
import {emptyHistory, recorded, stepped} from "@mini_crm/workflow/workflow_history";

describe.current.tags("headless");

const usual = () => "next";

/** A definition of nodes with ways: `{n1: {next: "n2"}}`. */
function graph(first, ways) {
    const nodes = Object.entries(ways).map(([id, next]) => [id, {kind: "send", next}]);
    return {first, trigger: {kind: ""}, nodes: Object.fromEntries(nodes)};
}

function waysOf({first, nodes}) {
    const ways = Object.entries(nodes).map(([id, {next}]) => [id, next]);
    return {first, ...Object.fromEntries(ways)};
}

test("a new step takes over what stood in its place", () => {
    const before = graph("n1", {n1: {next: "n2"}, n2: {}});
    const {definition, id} = withNode(
        before,
        {node: "n1", edge: "next"},
        {kind: "ask"},
        "answered",
    );
    expect(id).toBe("n3");
    expect(waysOf(definition)).toEqual({
        first: "n1",
        n1: {next: "n3"},
        n2: {},
        n3: {answered: "n2"},
    });
    expect(waysOf(before).n1).toEqual({next: "n2"});
});

test("the first step is led to by the trigger", () => {
    const {definition} = withNode(
        graph(null, {}),
        {node: START, edge: "next"},
        {kind: "send"},
        "next",
    );
    expect(waysOf(definition)).toEqual({first: "n1", n1: {}});
});

test("deleting a step joins its neighbours, wherever they come from", () => {
    const before = graph("n1", {
        n1: {yes: "n2", no: "n2"},
        n2: {next: "n3"},
        n3: {},
    });
    expect(waysOf(withoutNode(before, "n2", "next"))).toEqual({
        first: "n1",
        n1: {yes: "n3", no: "n3"},
        n3: {},
    });
});

test("deleting a decision takes what only its other way led to", () => {
    const before = graph("n1", {
        n1: {yes: "n2", no: "n3"},
        n2: {next: "n4"},
        n3: {next: "n4"},
        n4: {},
    });
    expect(waysOf(withoutNode(before, "n1", "yes"))).toEqual({
        first: "n2",
        n2: {next: "n4"},
        n4: {},
    });
});

test("deleting a step that leads to itself ends the way", () => {
    const before = graph("n1", {n1: {next: "n2"}, n2: {next: "n2"}});
    expect(waysOf(withoutNode(before, "n2", "next"))).toEqual({first: "n1", n1: {}});
});

test("a moved step leaves its old place whole and opens the new one", () => {
    const before = graph("n1", {n1: {next: "n2"}, n2: {next: "n3"}, n3: {}});
    const moved = withMoved(before, "n1", {node: "n2", edge: "next"}, "next");
    expect(waysOf(moved)).toEqual({
        first: "n2",
        n1: {next: "n3"},
        n2: {next: "n1"},
        n3: {},
    });
});

test("a step moved to where it stands stays", () => {
    const before = graph("n1", {n1: {next: "n2"}, n2: {}});
    for (const node of ["n1", "n2"]) {
        expect(withMoved(before, "n2", {node, edge: "next"}, "next")).toBe(before);
    }
});

test("a decision cannot be moved below its own other way", () => {
    const before = graph("n1", {n1: {yes: "n2", no: "n3"}, n2: {}, n3: {}});
    expect(withMoved(before, "n1", {node: "n3", edge: "next"}, "yes")).toBe(before);
});

test("a way led elsewhere takes along what nothing leads to any more", () => {
    const before = graph("n1", {
        n1: {yes: "n2", no: "n3"},
        n2: {},
        n3: {next: "n4"},
        n4: {},
    });
    const led = withTarget(before, {node: "n1", edge: "no"}, "n2");
    expect(waysOf(led)).toEqual({first: "n1", n1: {yes: "n2", no: "n2"}, n2: {}});
    expect(placesTo(led, "n2")).toEqual([
        {node: "n1", edge: "yes"},
        {node: "n1", edge: "no"},
    ]);
});

test("steps that were apart before an edit stay", () => {
    const before = graph("n1", {n1: {}, n9: {}});
    expect(Object.keys(withoutNode(before, "n1", "next").nodes)).toEqual(["n9"]);
    expect(freeId(before)).toBe("n10");
});

test("settings of the trigger and of a step are changed in a copy", () => {
    const before = graph("n1", {n1: {}});
    expect(withSettings(before, START, {words: ["hi"]}).trigger.words).toEqual(["hi"]);
    expect(withSettings(before, "n1", {text: "Hi"}).nodes.n1.text).toBe("Hi");
    expect(before.nodes.n1.text).toBe(undefined);
});

test("the end of the main way is found in a loop as well", () => {
    expect(lastOf(graph(null, {}), usual)).toBe(START);
    expect(lastOf(graph("n1", {n1: {next: "n2"}, n2: {}}), usual)).toBe("n2");
    expect(lastOf(graph("n1", {n1: {next: "n2"}, n2: {next: "n1"}}), usual)).toBe("n2");
});

test("undo and redo lead back and forth, letters of one text at once", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => ({name}));
    let history = recorded(emptyHistory(), a);
    history = recorded(history, b, "n1/text");
    history = recorded(history, c, "n1/text");
    const undone = stepped(history, "undo", d);
    expect(undone.definition).toBe(b);
    const first = stepped(undone.history, "undo", b);
    expect(first.definition).toBe(a);
    expect(stepped(first.history, "undo", a)).toBe(null);
    const redone = stepped(first.history, "redo", a);
    expect(redone.definition).toBe(b);
    expect(stepped(redone.history, "redo", b).definition).toBe(d);
});

test("a change after an undo leaves nothing to redo", () => {
    const {history} = stepped(recorded(emptyHistory(), {n: 1}), "undo", {n: 2});
    expect(recorded(history, {n: 3}).redo).toEqual([]);
});

test("questions that come before a step by some way are those it knows", () => {
    const made = graph("n1", {
        n1: {answered: "n2", timeout: "n3"},
        n2: {next: "n4"},
        n3: {next: "n4"},
        n4: {next: "n5"},
        n5: {},
    });
    for (const id of ["n1", "n3", "n5"]) {
        made.nodes[id].kind = "ask";
    }
    expect(askedBefore(made, START)).toEqual([]);
    expect(askedBefore(made, "n1")).toEqual([]);
    expect(askedBefore(made, "n2")).toEqual(["n1"]);
    expect(askedBefore(made, "n4")).toEqual(["n1", "n3"]);
});

test("a question that comes round again knows its own answer", () => {
    const made = graph("n1", {n1: {answered: "n2"}, n2: {next: "n1"}});
    made.nodes.n1.kind = "ask";
    expect(askedBefore(made, "n1")).toEqual(["n1"]);
});
