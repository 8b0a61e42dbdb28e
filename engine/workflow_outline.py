"""A workflow as lines to read, where a picture has no room: on a phone."""

from __future__ import annotations

from .workflow_graph import first_of, kind_of, nodes_of, ways
from .workflow_kinds import NODES


def outline(definition) -> list[tuple[int, str, str]]:
    """Lines of a definition from top to bottom: [(depth, node id, edge to it)].

    Every way is followed to its end before the next begins; the usual way of a node
    goes on at its depth below the others, both ways of a decision are set in. A node
    that comes a second time is a join, "goes on at ...": what follows it stands where
    it came first. Nodes without a way from the beginning stand last, each group from
    its own beginning, with an empty edge.
    """
    nodes = nodes_of(definition)
    entered = {to for each in nodes for _edge, to in ways(definition, each)}
    first = first_of(definition)
    # groups that only go round have no beginning: theirs is any
    roots = [first] if first else []
    roots += [each for each in nodes if each not in entered and each != first]
    roots += list(nodes)
    lines: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    for root in roots:
        if root not in seen:
            _follow(definition, root, lines, seen)
    return lines


def _follow(definition, root: str, lines: list, seen: set) -> None:
    waiting = [(0, root, "")]
    while waiting:
        depth, node, edge = waiting.pop()
        lines.append((depth, node, edge))
        if node in seen:
            continue
        seen.add(node)
        waiting += reversed(_below(definition, node, depth))


def _below(definition, node: str, depth: int) -> list[tuple[int, str, str]]:
    """Lines right below a node, in the order in which they are read."""
    kind = kind_of(nodes_of(definition)[node])
    if not kind:
        return []
    following, usual = ways(definition, node), NODES[kind].edges[0]
    if NODES[kind].group == "decide":
        return [(depth + 1, to, edge) for edge, to in following]
    return [
        *((depth + 1, to, edge) for edge, to in following if edge != usual),
        *((depth, to, edge) for edge, to in following if edge == usual),
    ]
