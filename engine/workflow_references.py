"""What a definition of a workflow names: records, fields, and where.

Any JSON is taken, as drafts may be anything: what is malformed names nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from .conditions import ConditionProblem, leaves, parse
from .message_template import variables
from .workflow_graph import nodes_of
from .workflow_kinds import NODES, TRIGGERS, Setting

TRIGGER = ""  # stands for the node where the trigger, or the whole, names something
TAG, SEGMENT = "res.partner.category", "mini_crm.segment"
_IN_CONDITIONS = {"category_id": TAG, "segment_ids": SEGMENT}


@dataclass(frozen=True)
class Reference:
    """One thing that is named.

    :param node: id of the node, ``TRIGGER`` for the trigger and the audience
    :param setting: name of the setting
    :param kind: field (by key), column (of a condition), or the name of a model
    :param value: key, column or id
    """

    node: str
    setting: str
    kind: str
    value: object


def configured(definition: Mapping) -> Iterator[tuple[str, Setting, object]]:
    """(node, setting, value) of everything that the trigger and nodes are told.

    Unknown kinds are left out; so are settings without a value.

    :param definition: any JSON
    """
    if not isinstance(definition, Mapping):
        return
    parts = [(TRIGGER, TRIGGERS, definition.get("trigger"))]
    parts += [(node, NODES, config) for node, config in nodes_of(definition).items()]
    for node, kinds, config in parts:
        name = config.get("kind") if isinstance(config, Mapping) else None
        kind = kinds.get(name) if isinstance(name, str) else None
        for setting in kind.settings if kind else ():
            value = config.get(setting.name)
            if value not in (None, "", [], ()):
                yield node, setting, value
    if definition.get("audience"):
        yield TRIGGER, AUDIENCE, definition["audience"]


AUDIENCE = Setting("audience", "domain")


def with_conditions(definition, change: Callable[[str], str]):
    """A definition with each of its conditions changed: of its nodes, and the audience.

    :param definition: any JSON; it stays as it is
    :param change: of the text of a condition: the new text
    """
    made = deepcopy(definition)
    for node, setting, value in configured(definition):
        place = made["nodes"][node] if node != TRIGGER else made
        if setting.kind == "domain" and place.get(setting.name) == value:
            place[setting.name] = change(value) if isinstance(value, str) else value
    return made


def references(definition: Mapping | None) -> list[Reference]:
    """Everything that a definition names, in its order."""
    found = []
    for node, setting, value in configured(definition or {}):
        for kind, named in _named(setting, value):
            found.append(Reference(node, setting.name, kind, named))
    return found


def _named(setting, value):
    if setting.kind == "record" and isinstance(value, int | str):
        return [(setting.model, value)]
    if setting.kind == "field" and isinstance(value, str):
        return [("field", value)]
    if setting.kind == "names" and setting.name == "fields":
        names = value if isinstance(value, list | tuple) else ()
        return [("field", name) for name in names if isinstance(name, str)]
    if setting.kind == "domain" and isinstance(value, str):
        return list(_in_condition(value))
    if setting.template:
        return [("field", name) for name in variables(str(value))]
    return []


def _in_condition(text):
    """(kind, value) of what a condition asks for; nothing of a broken one."""
    try:
        found = list(leaves(parse(text), within=False))
    except ConditionProblem:
        return
    for _path, leaf in found:
        model = _IN_CONDITIONS.get(leaf.name)
        if not model:
            yield "column", leaf.name
            continue
        values = leaf.value if isinstance(leaf.value, list | tuple) else [leaf.value]
        yield from ((model, value) for value in values if isinstance(value, int))
