"""What is wrong with the definition of a workflow, all of it, each at its node.

Whether tags, segments, fields and people are there, and whether conditions are sound,
is for the rooms to say. Any JSON is taken: people import definitions from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .workflow import FORMAT, MAX_NODES
from .workflow_check_values import (
    MAX_DOMAIN,
    is_whole,
    minutes,
    text_problems,
    value_problems,
)
from .workflow_graph import first_of, kind_of, loops_at_once, nodes_of, reachable
from .workflow_kinds import NODES, TRIGGERS, Kind, filled, or_default

POLICIES = ("once", "again", "always")
MAX_AGAIN = 3_650  # days until a customer may come again
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PARTS = (
    "format",
    "trigger",
    "bulk",
    "entry",
    "audience",
    "leave",
    "first",
    "nodes",
)
_SHOWN = 60  # characters of what is unknown


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a definition.

    :param node: id of the node; empty: the trigger, or the whole
    :param code: what it is. Of the whole: definition_broken, format_unknown,
        part_unknown, part_broken, policy_unknown, trigger_unknown, first_missing,
        nodes_many. Of a node: node_id, kind_unknown, unreachable, loop_without_wait,
        loop_without_end, edge_unknown, edge_target. Of a trigger or node also
        setting_unknown, score_nothing, choices_missing, condition_empty,
        answer_unknown, date_missing, remind_late, and those of
        ``engine.workflow_check_values``
    :param setting: its name, an edge or a part, where it is about one
    :param detail: what a sentence of this code mentions
    :param warning: it may be published so
    """

    node: str
    code: str
    setting: str = ""
    detail: Mapping = field(default_factory=dict)
    warning: bool = False


def problems(definition) -> list[Problem]:
    """Everything that is wrong: the whole first, then node after node.

    :param definition: any JSON
    """
    if not isinstance(definition, dict):
        return [Problem("", "definition_broken")]
    found = [*_whole(definition), *_trigger(definition)]
    nodes = nodes_of(definition)
    if len(nodes) > MAX_NODES:
        detail = {"limit": MAX_NODES, "count": len(nodes)}
        return [*found, Problem("", "nodes_many", "nodes", detail)]
    ways = _by_node(_ways(definition))
    for node_id, node in nodes.items():
        found += _node(node_id, node, nodes)
        found += ways.get(node_id, ())
    return found


def normalised(definition) -> dict:
    """A definition with all defaults and nothing that nobody knows.

    What is wrong in what is known stays, for ``problems`` to say; of a node without a
    known kind only its kind stays.

    :param definition: any JSON; it is not changed
    """
    given = definition if isinstance(definition, dict) else {}
    trigger = given.get("trigger")
    entry = given.get("entry")
    entry = entry if isinstance(entry, dict) else {}
    return {
        "format": given.get("format", FORMAT),
        "trigger": _filled(trigger, TRIGGERS),
        "bulk": or_default(given.get("bulk"), False),
        "entry": {
            "policy": or_default(entry.get("policy"), "once"),
            "days": or_default(entry.get("days"), 30),
        },
        "audience": or_default(given.get("audience"), "[]"),
        "leave": or_default(given.get("leave"), False),
        "first": or_default(given.get("first"), None),
        "nodes": {
            node_id: {**_filled(node, NODES), "next": _edges(node)}
            for node_id, node in nodes_of(given).items()
        },
    }


def _filled(given, kinds: dict[str, Kind]) -> dict:
    """A trigger or node with its settings in their order."""
    given = given if isinstance(given, dict) else {}
    name = given.get("kind")
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        return {"kind": name if isinstance(name, str) else ""}
    return {"kind": name, **filled(given, kind)}


def _edges(node) -> dict:
    kind = kind_of(node)
    following = node.get("next") if kind else None
    if not isinstance(following, dict):
        return {}
    return {
        edge: following[edge]
        for edge in NODES[kind].edges
        if following.get(edge) not in (None, "")
    }


# The whole


def _whole(definition: dict) -> Iterator[Problem]:
    for part in definition:
        if part not in _PARTS:
            yield Problem("", "part_unknown", _short(part))
    if definition.get("format") != FORMAT or not is_whole(definition["format"]):
        yield Problem("", "format_unknown", "format")
    for part in ("bulk", "leave"):
        if not isinstance(definition.get(part) or False, bool):
            yield Problem("", "part_broken", part)
    audience = definition.get("audience")
    for code, detail in text_problems("" if audience is None else audience, MAX_DOMAIN):
        yield Problem("", code, "audience", detail)
    yield from _entry(definition.get("entry"))
    if not isinstance(definition.get("nodes", {}), dict):
        yield Problem("", "part_broken", "nodes")
    if not first_of(definition):
        yield Problem("", "first_missing", "first")


def _entry(entry) -> Iterator[Problem]:
    if entry is None:
        return
    if not isinstance(entry, dict):
        yield Problem("", "part_broken", "entry")
        return
    if entry.get("policy") not in (None, *POLICIES):
        yield Problem("", "policy_unknown", "entry", {"options": list(POLICIES)})
    days = entry.get("days")
    if days is not None and not (is_whole(days) and 1 <= days <= MAX_AGAIN):
        yield Problem("", "part_broken", "entry", {"least": 1, "most": MAX_AGAIN})


def _trigger(definition: dict) -> Iterator[Problem]:
    trigger = definition.get("trigger")
    name = trigger.get("kind") if isinstance(trigger, dict) else None
    kind = TRIGGERS.get(name) if isinstance(name, str) else None
    if kind is None:
        yield Problem("", "trigger_unknown", "trigger")
        return
    yield from _settings("", trigger, kind, ("kind",))
    by_nothing = not trigger.get("by") and not trigger.get("crosses")
    if name == "score_changed" and by_nothing:
        yield Problem("", "score_nothing", "by")


# Nodes


def _node(node_id: str, node, nodes: dict) -> Iterator[Problem]:
    if not _ID.fullmatch(node_id):
        yield Problem(node_id, "node_id")
    kind = kind_of(node)
    if not kind:
        yield Problem(node_id, "kind_unknown", "kind")
        return
    yield from _settings(node_id, node, NODES[kind], ("kind", "next"))
    own = {
        "ask": _question,
        "condition": _condition,
        "delay": _delay,
        "set_field": _set_field,
    }.get(kind)
    if own:
        yield from own(node_id, node, nodes)
    yield from _targets(node_id, node, NODES[kind], nodes)


def _settings(node_id: str, given: dict, kind: Kind, known) -> Iterator[Problem]:
    for name in given:
        if name not in known and not kind.setting(name):
            yield Problem(node_id, "setting_unknown", _short(name))
    for setting in kind.settings:
        for code, detail in value_problems(setting, given.get(setting.name)):
            yield Problem(node_id, code, setting.name, detail)


def _targets(node_id: str, node: dict, kind: Kind, nodes: dict) -> Iterator[Problem]:
    following = node.get("next")
    if following is None:
        return
    if not isinstance(following, dict):
        yield Problem(node_id, "edge_unknown", "next")
        return
    for edge, target in following.items():
        if edge not in kind.edges:
            yield Problem(node_id, "edge_unknown", _short(edge))
        elif target not in (None, "") and not (
            isinstance(target, str) and target in nodes
        ):
            yield Problem(node_id, "edge_target", edge)


def _question(node_id: str, node: dict, nodes: dict) -> Iterator[Problem]:
    asks_choice = node.get("answer") == "choice"
    # a field may bring choices of its own
    if asks_choice and not node.get("choices") and not node.get("save_to"):
        yield Problem(node_id, "choices_missing", "choices")
    waits = [node.get("wait"), node.get("remind_after")]
    kind = NODES["ask"]
    names = ("wait", "remind_after")
    sound = not any(
        value is not None and any(value_problems(kind.setting(name), value))
        for name, value in zip(names, waits, strict=True)
    )
    if sound and waits[1]:
        wait = waits[0] or kind.setting("wait").default
        if minutes(waits[1]) >= minutes(wait):
            yield Problem(node_id, "remind_late", "remind_after")


def _condition(node_id: str, node: dict, nodes: dict) -> Iterator[Problem]:
    answers = node.get("answers")
    if node.get("domain") in (None, "", "[]") and not node.get("words") and not answers:
        yield Problem(node_id, "condition_empty", "domain")
    for each in answers if isinstance(answers, list | tuple) else ():
        question = each.get("label") if isinstance(each, dict) else None
        known = isinstance(question, str) and kind_of(nodes.get(question)) == "ask"
        if not known:
            detail = {"question": _short(question)}
            yield Problem(node_id, "answer_unknown", "answers", detail)


def _delay(node_id: str, node: dict, nodes: dict) -> Iterator[Problem]:
    if node.get("by") == "date" and not node.get("date"):
        yield Problem(node_id, "date_missing", "date")


def _set_field(node_id: str, node: dict, nodes: dict) -> Iterator[Problem]:
    value = node.get("value")
    blank = value is None or (isinstance(value, str) and not value.strip())
    if node.get("field") == "name" and blank:  # every customer has one
        yield Problem(node_id, "setting_missing", "value")


def _ways(definition: dict) -> Iterator[Problem]:
    """What is wrong with the ways between the nodes."""
    reached = reachable(definition)
    for node_id in nodes_of(definition):
        if node_id not in reached:
            yield Problem(node_id, "unreachable", warning=True)
    for ring, has_way_out in loops_at_once(definition):
        code = "loop_without_wait" if has_way_out else "loop_without_end"
        yield Problem(ring[0], code, "", {"nodes": ring}, warning=has_way_out)


def _by_node(found: Iterator[Problem]) -> dict[str, list[Problem]]:
    by_node: dict[str, list[Problem]] = {}
    for problem in found:
        by_node.setdefault(problem.node, []).append(problem)
    return by_node


def _short(value) -> str:
    text = value if isinstance(value, str) else str(value)[: _SHOWN + 1]
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
