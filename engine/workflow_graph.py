"""The ways through a definition: what can be reached, and what goes round.

All of it takes whatever JSON there is: what is no way is none.
"""

from __future__ import annotations

from .workflow_kinds import NODES

# By these a node is left at once; by every other one of its edges only after a wait.
_AT_ONCE = {"ask": ("window_closed", "not_sent"), "delay": ("missing",)}


def nodes_of(definition) -> dict:
    """The nodes of a definition, or none."""
    nodes = definition.get("nodes") if isinstance(definition, dict) else None
    return nodes if isinstance(nodes, dict) else {}


def kind_of(node) -> str:
    """The kind of a node, or empty: none that is known."""
    kind = node.get("kind") if isinstance(node, dict) else None
    return kind if isinstance(kind, str) and kind in NODES else ""


def ways(definition, node_id: str) -> list[tuple[str, str]]:
    """Edges of a node that lead somewhere, the usual one first: [(edge, node id)]."""
    nodes = nodes_of(definition)
    node = nodes.get(node_id)
    kind = kind_of(node)
    following = node.get("next") if kind else None
    if not isinstance(following, dict):
        return []
    return [
        (edge, following[edge])
        for edge in NODES[kind].edges
        if isinstance(following.get(edge), str) and following[edge] in nodes
    ]


def first_of(definition) -> str:
    """Id of the first node, or empty: there is none."""
    first = definition.get("first") if isinstance(definition, dict) else None
    known = isinstance(first, str) and first in nodes_of(definition)
    return first if known else ""


def reachable(definition) -> set[str]:
    """Ids of the nodes to which a way leads from the beginning."""
    first = first_of(definition)
    if not first:
        return set()
    nodes = nodes_of(definition)
    targets = {each: {to for _edge, to in ways(definition, each)} for each in nodes}
    return {first, *_beyond(first, targets)}


def _beyond(start: str, targets: dict[str, set[str]]) -> set[str]:
    """What can be reached from a node by at least one edge."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = targets[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def loops_at_once(definition) -> list[tuple[list[str], bool]]:
    """Loops that go round without any wait: [(node ids, whether there is a way out)].

    Loops that share a node count as one. The end is a way out, a wait is one too.
    """
    nodes = nodes_of(definition)
    at_once = {each: _ways_at_once(definition, each) for each in nodes}
    beyond = {each: _beyond(each, at_once) for each in nodes}
    found, seen = [], set()
    for each in nodes:
        if each in seen or each not in beyond[each]:
            continue
        ring = [other for other in nodes if other in beyond[each]]
        ring = [other for other in ring if each in beyond[other]]
        seen.update(ring)
        found.append((ring, any(_has_way_out(definition, n, ring) for n in ring)))
    return found


def _ways_at_once(definition, node_id: str) -> set[str]:
    kind = kind_of(nodes_of(definition)[node_id])
    edges = _AT_ONCE.get(kind)
    return {
        target
        for edge, target in ways(definition, node_id)
        if edges is None or edge in edges
    }


def _has_way_out(definition, node_id: str, ring: list[str]) -> bool:
    kind = kind_of(nodes_of(definition)[node_id])
    inside = {edge for edge, to in ways(definition, node_id) if to in ring}
    return kind in _AT_ONCE or inside != set(NODES[kind].edges)
