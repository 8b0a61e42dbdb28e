"""What applying an industry's template would do, and whether its rules are sound."""

import re
from dataclasses import dataclass
from datetime import date

# What rules of a template may name besides the template's own fields.
PROFILE_FIELDS = {
    "crm_score": "number",
    "crm_health": "text",
    "journey_stage": "text",
    "last_contacted_at": "date",
    "total_interactions": "number",
    "response_rate": "number",
    "total_purchases": "number",
    "total_spent": "number",
    "average_order_value": "number",
    "customer_since": "date",
}
CUSTOM = "custom:"

_EQUAL = ("=", "!=")
_ORDER = (*_EQUAL, "<", "<=", ">", ">=")
_OPERATORS = {
    "number": _ORDER,
    "date": _ORDER,
    "boolean": _EQUAL,
    "select": (*_EQUAL, "in", "not in"),
}
_TEXT_OPERATORS = (*_EQUAL, "in", "not in", "ilike", "not ilike")
_CONNECTORS = {"&": 2, "|": 2, "!": 1}
_RELATIVE = re.compile(r"today( [+-]\d{1,4}[dwmy])?")


@dataclass(frozen=True)
class Wanted:
    """A field that a template brings."""

    key: str
    type: str
    role: str | None = None


@dataclass(frozen=True)
class Defined:
    """A field that is defined already, in use or archived.

    :param released: archived without a slot, its values wait for one
    """

    key: str
    type: str
    role: str | None = None
    active: bool = True
    slot: str | None = None
    released: bool = False


@dataclass(frozen=True)
class Step:
    """What becomes of one wanted field.

    :param status: ``new``, ``restore`` (archived so far), ``present`` or ``conflict``
        (the key is used by a field of another type)
    :param match: key of the field that is defined already, ``None`` for a new one
    :param room: what is taken for it: ``slot``, ``extra`` (it should have a slot, but
        none of the type is left) or ``None``: it has its place already
    """

    key: str
    status: str
    match: str | None = None
    room: str | None = None


def plan(wanted, defined, free):
    """What applying a template would do, field by field.

    A field is found by its key, else by its role: there is one birthday. What is in use
    goes before what is archived.

    :param wanted: iterable of Wanted
    :param defined: iterable of Defined
    :param dict free: {type: number of slots left}
    :return: list of Step, in the order of ``wanted``
    """
    defined = list(defined)
    left = dict(free)
    steps = []
    for field in wanted:
        match = _match(field, defined)
        status = _status(field, match)
        room = None
        if status == "new" or (status == "restore" and match.released):
            room = "slot" if left.get(field.type, 0) > 0 else "extra"
            left[field.type] = left.get(field.type, 0) - 1
        steps.append(Step(field.key, status, match.key if match else None, room))
    return steps


def _match(field, defined):
    """The defined field that a wanted one is, ``None`` if it is new."""
    ranks = (
        lambda other: other.active and other.key == field.key,
        lambda other: other.active and field.role and other.role == field.role,
        lambda other: other.key == field.key,
        lambda other: field.role and other.role == field.role,
    )
    for fits in ranks:
        for other in defined:
            if fits(other):
                return other
    return None


def _status(field, match):
    if not match:
        return "new"
    if match.type != field.type:
        return "conflict"
    return "present" if match.active else "restore"


def are_rules(entries):
    """Whether these are segments or tag rules: list of {key, name, color, domain}."""
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("key"), str)
        and has_source(entry.get("name"))
        and "domain" in entry
        for entry in entries
    )


def are_sections(entries):
    """Whether these are sections: list of {key, name}."""
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("key"), str)
        and has_source(entry.get("name"))
        for entry in entries
    )


def are_options(entries):
    """Whether these are choices: list of {code, color, labels}."""
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("code"), str)
        and isinstance(entry.get("color", 0), int)
        and has_source(entry.get("labels"))
        for entry in entries
    )


def has_source(texts):
    """Whether this is {language: text} with an English text."""
    return (
        isinstance(texts, dict)
        and all(isinstance(text, str) for text in texts.values())
        and bool(texts.get("en_US"))
    )


def domain_problems(domain, fields):
    """What is wrong with a template's condition: list of (code, details).

    A leaf is ``[field, operator, value]``, where the field is ``custom:<key>`` or one
    of ``PROFILE_FIELDS``; a date is compared with ``YYYY-MM-DD`` or with days relative
    to today, such as ``today -90d``; ``false`` stands for empty. Leaves are joined as
    in Odoo: ``&`` (which may be left out), ``|`` and ``!`` go before.

    :param domain: list of leaves and connectors, as JSON gives it
    :param dict fields: {key: (type, codes of the options)} of the template's fields
    :return: codes ``domain`` (no condition), ``field``, ``operator``, ``value``
    """
    if not isinstance(domain, list | tuple) or not domain:
        return [("domain", {"domain": str(domain)})]
    problems, missing = [], 1
    for item in domain:
        if isinstance(item, str) and item in _CONNECTORS:
            # Without a connector before them, leaves are joined by "and".
            missing = max(missing, 1) + _CONNECTORS[item] - 1
        else:
            missing = max(missing, 1) - 1
            problems += _leaf_problems(item, fields)
    if missing:
        problems.append(("domain", {"domain": str(domain)}))
    return problems


def _leaf_problems(leaf, fields):
    if not isinstance(leaf, list | tuple) or len(leaf) != 3:
        return [("domain", {"domain": str(leaf)})]
    name, operator, value = leaf
    kind, codes = _field(str(name), fields)
    if not kind:
        return [("field", {"field": str(name)})]
    if operator not in _OPERATORS.get(kind, _TEXT_OPERATORS):
        return [("operator", {"field": name, "operator": str(operator)})]
    several = operator in ("in", "not in")
    values = value if several and isinstance(value, list | tuple) else [value]
    if several != isinstance(value, list | tuple) or not all(
        _fits(kind, one, codes, operator) for one in values
    ):
        return [("value", {"field": name, "value": str(value)})]
    return []


def _field(name, fields):
    """Type and codes of a field that a leaf names; ``None`` if there is none."""
    if name.startswith(CUSTOM):
        return fields.get(name.removeprefix(CUSTOM), (None, ()))
    return PROFILE_FIELDS.get(name), ()


def _fits(kind, value, codes, operator):
    """Whether a value can be compared with a field of a type."""
    if kind == "boolean":
        return isinstance(value, bool)
    if value is False:
        return operator in _EQUAL
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if kind == "date":
        return bool(_RELATIVE.fullmatch(value)) or _is_date(value)
    return value in codes if kind == "select" else True


def _is_date(value):
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
