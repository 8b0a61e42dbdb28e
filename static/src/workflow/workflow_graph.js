import {omit} from "@web/core/utils/objects";

/**
 * A workflow's definition as a graph: what leads where, and the edits of the editor.
 *
 * All functions are pure: an edit gives back another definition (see engine/workflow.py
 * for its shape). A place is an edge, `{node, edge}`: where a step can be put. The
 * trigger has the id `START` and one edge, `next`.
 */

export const START = "";

/** Where an edge leads: id of a node, or `null`: the end. */
export function targetOf(definition, {node, edge}) {
    const target =
        node === START ? definition.first : definition.nodes[node]?.next?.[edge];
    return target && target in definition.nodes ? target : null;
}

/** All edges that lead to a node: places. */
export function placesTo(definition, id) {
    const places = definition.first === id ? [{node: START, edge: "next"}] : [];
    for (const [node, {next = {}}] of Object.entries(definition.nodes)) {
        for (const [edge, target] of Object.entries(next)) {
            if (target === id) {
                places.push({node, edge});
            }
        }
    }
    return places;
}

function led(definition, {node, edge}, target) {
    if (node === START) {
        return {...definition, first: target};
    }
    const next = omit(definition.nodes[node].next || {}, edge);
    if (target) {
        next[edge] = target;
    }
    const changed = {...definition.nodes[node], next};
    return {...definition, nodes: {...definition.nodes, [node]: changed}};
}

/** Ids of the nodes that the trigger leads to, by whatever way. */
export function reachable(definition) {
    const found = new Set();
    const waiting = [definition.first];
    while (waiting.length) {
        const id = waiting.pop();
        if (id && id in definition.nodes && !found.has(id)) {
            found.add(id);
            waiting.push(...Object.values(definition.nodes[id].next || {}));
        }
    }
    return found;
}

/** Ids of the questions that come before a node by some way: whose answers it knows. */
export function askedBefore(definition, id) {
    const found = new Set();
    const waiting = placesTo(definition, id);
    while (waiting.length) {
        const {node} = waiting.pop();
        if (node !== START && !found.has(node)) {
            found.add(node);
            waiting.push(...placesTo(definition, node));
        }
    }
    return Object.keys(definition.nodes).filter(
        (node) => found.has(node) && definition.nodes[node].kind === "ask",
    );
}

/** Without the nodes that an edit has cut off; those that were apart before stay. */
function pruned(definition, before) {
    const [now, then] = [reachable(definition), reachable(before)];
    const nodes = Object.entries(definition.nodes).filter(
        ([id]) => now.has(id) || !then.has(id),
    );
    return {...definition, nodes: Object.fromEntries(nodes)};
}

/** The last node of the main way: following the usual edges from the trigger on. */
export function lastOf(definition, usual) {
    const seen = new Set();
    let last = START;
    let next = targetOf(definition, {node: START, edge: "next"});
    while (next && !seen.has(next)) {
        seen.add(next);
        last = next;
        next = targetOf(definition, {node: next, edge: usual(next)});
    }
    return last;
}

/** An id that no node has: one above the highest. */
export function freeId(definition) {
    const numbers = Object.keys(definition.nodes).map((id) => Number(id.slice(1)) || 0);
    return `n${Math.max(0, ...numbers) + 1}`;
}

/**
 * Put a new node on an edge: what came there comes behind its usual way out.
 *
 * @param {Object} definition
 * @param {{node: string, edge: string}} place
 * @param {Object} node its kind and settings
 * @param {string} usual name of its usual edge
 * @returns {{definition: Object, id: string}}
 */
export function withNode(definition, place, node, usual) {
    const id = freeId(definition);
    const behind = targetOf(definition, place);
    const added = {...node, next: behind ? {[usual]: behind} : {}};
    const nodes = {...definition.nodes, [id]: added};
    return {definition: led({...definition, nodes}, place, id), id};
}

/** Take a node out: what leads to it leads to what comes behind its usual way out. */
function bypassed(definition, id, usual) {
    const own = {node: id, edge: usual};
    const behind = targetOf(definition, own) === id ? null : targetOf(definition, own);
    return placesTo(definition, id).reduce(
        (result, place) => (place.node === id ? result : led(result, place, behind)),
        definition,
    );
}

/**
 * Delete a node, and join its neighbours. What only its other ways led to goes with it.
 *
 * @param {Object} definition
 * @param {string} id
 * @param {string} usual name of its usual edge
 * @returns {Object}
 */
export function withoutNode(definition, id, usual) {
    const apart = bypassed(definition, id, usual);
    return pruned({...apart, nodes: omit(apart.nodes, id)}, definition);
}

/**
 * Move a node to another edge; its other ways go with it.
 *
 * @param {Object} definition
 * @param {string} id
 * @param {{node: string, edge: string}} place
 * @param {string} usual name of its usual edge
 * @returns {Object} the same one where it would stay in its place
 */
export function withMoved(definition, id, place, usual) {
    if (place.node === id || targetOf(definition, place) === id) {
        return definition;
    }
    const apart = bypassed(definition, id, usual);
    const behind = targetOf(apart, place);
    const joined = led(apart, {node: id, edge: usual}, behind);
    const moved = led(joined, place, id);
    // Moved below one of its own other ways, it would be cut off with all of it.
    return reachable(moved).has(id) ? moved : definition;
}

/** Lead an edge to a node, or to the end (`null`). */
export function withTarget(definition, place, target) {
    return pruned(led(definition, place, target), definition);
}

/** With other settings of a node; of `START`: of the trigger. */
export function withSettings(definition, id, settings) {
    if (id === START) {
        return {...definition, trigger: {...definition.trigger, ...settings}};
    }
    const node = {...definition.nodes[id], ...settings};
    return {...definition, nodes: {...definition.nodes, [id]: node}};
}
