"""A workflow as a file: read with care, its texts in one language, its names as words.

A file names tags, segments and the like by words, as they have other numbers in another
shop::

    {"mini_crm_workflow": 1, "name": "Welcome", "definition": {...}}

In its definition a record is ``{"key": "vip", "name": "VIP"}`` (either will do), and a
condition a list that calls custom fields ``custom:<key>`` and has such records. In the
templates that ship a text is ``{language: text}``.
"""

from __future__ import annotations

from collections.abc import Callable

from .conditions_tree import OPERATORS, ROWS
from .json_input import JsonError, parse_json
from .workflow import MAX_NODES
from .workflow_kinds import NODES, TRIGGERS
from .workflow_references import AUDIENCE, TRIGGER

MARK = "mini_crm_workflow"
VERSION = 1
MAX_BYTES = 1_000_000
MAX_NAME = 200  # characters
SOURCE = "en_US"
CUSTOM = "custom:"
_SHOWN = 60  # characters of what is unknown


class FileProblem(ValueError):
    """Why a file is no workflow.

    ``code``: file_long, file_text, file_syntax, file_other, file_version, file_shape,
    file_nodes, file_kinds; ``details``: what the sentence of this code mentions.
    """

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code = code
        self.details = details


def read_file(raw: bytes) -> tuple[str, dict]:
    """(name, definition) of a file, whatever somebody sends.

    The definition has a trigger and nodes of known kinds; their settings are not looked
    at.

    :raises FileProblem: see there
    """
    if len(raw) > MAX_BYTES:
        raise FileProblem("file_long", limit=MAX_BYTES // 1_000_000)
    try:
        value = parse_json(raw)
    except JsonError as error:
        if error.code == "syntax":
            line, _colon, column = error.value.partition(":")
            raise FileProblem("file_syntax", line=line, column=column) from error
        raise FileProblem("file_text", given=error.pointer or error.code) from error
    if not isinstance(value, dict) or MARK not in value:
        raise FileProblem("file_other")
    if value[MARK] != VERSION or isinstance(value[MARK], bool):
        raise FileProblem("file_version")
    name = value.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        raise FileProblem("file_shape", part="name")
    return name.strip(), _definition(value.get("definition"))


def _definition(given) -> dict:
    if not isinstance(given, dict):
        raise FileProblem("file_shape", part="definition")
    trigger, nodes = given.get("trigger"), given.get("nodes")
    if not isinstance(trigger, dict):
        raise FileProblem("file_shape", part="trigger")
    if not isinstance(nodes, dict) or not all(
        isinstance(node, dict) for node in nodes.values()
    ):
        raise FileProblem("file_shape", part="nodes")
    if len(nodes) > MAX_NODES:
        raise FileProblem("file_nodes", count=len(nodes), limit=MAX_NODES)
    # a draft may have nothing yet that starts it
    started = [] if trigger.get("kind") == "" else [trigger]
    unknown = [
        str(one.get("kind"))[:_SHOWN]
        for kinds, parts in ((TRIGGERS, started), (NODES, nodes.values()))
        for one in parts
        if not isinstance(one.get("kind"), str) or one["kind"] not in kinds
    ]
    if unknown:
        raise FileProblem("file_kinds", kinds=", ".join(dict.fromkeys(unknown[:5])))
    return given


def rewritten(definition: dict, change: Callable) -> dict:
    """A definition with everything that its trigger and nodes are told changed.

    :param definition: its trigger and nodes have a kind each; of one that nobody knows
        nothing is changed
    :param change: of (node, ``Setting``, value): the new value, or ``None`` to leave it
        out; called for what is told only, of the audience too
    """
    made = {
        **definition,
        "trigger": _rewritten(TRIGGER, definition["trigger"], TRIGGERS, change),
        "nodes": {
            node_id: _rewritten(node_id, node, NODES, change)
            for node_id, node in definition["nodes"].items()
        },
    }
    if definition.get("audience") not in (None, "", "[]", []):
        made["audience"] = change(TRIGGER, AUDIENCE, definition["audience"])
    return made


def _rewritten(node_id: str, given: dict, kinds: dict, change: Callable) -> dict:
    made = dict(given)
    kind = kinds.get(given["kind"])
    for setting in kind.settings if kind else ():
        value = given.get(setting.name)
        if value in (None, "", []):
            continue
        made[setting.name] = change(node_id, setting, value)
        if made[setting.name] is None:
            del made[setting.name]
    return made


def compared(condition: list, change: Callable) -> list:
    """A condition as a list with each of its comparisons changed.

    Comparisons within events and purchases stay as they are.

    :param change: of (field, value): the new ones, as a pair
    """
    return [_compared(item, change) for item in condition]


def _compared(item, change: Callable):
    if not isinstance(item, list | tuple) or len(item) != 3:
        return item
    field, operator, value = item
    known = isinstance(operator, str) and operator in OPERATORS
    if not isinstance(field, str) or not known or operator in ROWS:
        return item
    field, value = change(field, value)
    return [field, operator, value]


def localised(value, lang: str):
    """A part of a template with its texts in one language, else in English."""
    if isinstance(value, dict):
        if SOURCE in value:
            return value.get(lang) or value[SOURCE]
        return {name: localised(part, lang) for name, part in value.items()}
    if isinstance(value, list):
        return [localised(part, lang) for part in value]
    return value
