"""The allow-list of conditions: what kinds of fields there are and what each takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions_dates import read_date
from .conditions_tree import (
    MAX_INTEGER,
    Condition,
    ConditionProblem,
    Leaf,
    leaves,
    short,
)

MAX_ID = 2**31 - 1

EQUAL = ("=", "!=")
SETS = ("=", "!=", "in", "not in")
BOUNDS = ("<", ">", "<=", ">=")
PARTS = ("ilike", "not ilike", "=ilike", "not =ilike")
OPERATORS = {
    "text": (*SETS, *PARTS),
    "integer": (*SETS, *BOUNDS),
    "number": (*SETS, *BOUNDS),
    "date": (*EQUAL, *BOUNDS),
    "datetime": (*EQUAL, *BOUNDS),
    "boolean": EQUAL,
    "choice": SETS,
    "record": SETS,
    "records": SETS,
    "rows": ("any", "not any"),
}
NUMBERS = ("integer", "number")
DATES = ("date", "datetime")
RECORDS = ("record", "records")
# Parts of a date, as Odoo has them, and what each may be.
DATE_PARTS = {
    "year_number": range(1, 10_000),
    "quarter_number": range(1, 5),
    "month_number": range(1, 13),
    "iso_week_number": range(1, 54),
    "day_of_year": range(1, 367),
    "day_of_month": range(1, 32),
    "day_of_week": range(7),
}


@dataclass(frozen=True)
class ConditionField:
    """A field that conditions may name.

    :param kind: a key of ``OPERATORS``
    :param topic: what changes with it, see ``conditions.reads``
    :param label: in the reader's language
    :param choices: (code, label) of a choice
    :param model: of the records, or of the rows
    :param fields: of the rows: {name: ConditionField}
    :param parts: whether parts of its date may be asked for
    :param empty: whether it may be compared with nothing
    :param date: name of the field of the rows that says when
    :param gone: it was a custom field that is archived or has no column any more
    :param group: the heading under which editors list it: figures, happened, person,
        groups, custom
    """

    kind: str
    topic: str
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    model: str | None = None
    fields: Mapping[str, "ConditionField"] = field(default_factory=dict)
    parts: bool = False
    empty: bool = True
    date: str | None = None
    gone: bool = False
    group: str = "person"

    @property
    def operators(self) -> tuple[str, ...]:
        """Operators that it may be compared with."""
        return OPERATORS[self.kind]


def problems(
    tree: Condition, fields: Mapping[str, ConditionField]
) -> list[ConditionProblem]:
    """Everything that is wrong with a condition, in reading order.

    :param fields: the allow-list: {name: ConditionField}
    """
    found = []
    for path, leaf in leaves(tree, within=False):
        try:
            spec = _check(leaf, fields, path)
        except ConditionProblem as problem:
            found.append(problem)
            continue
        if spec.kind == "rows":
            for inner in problems(leaf.value, spec.fields):
                inner.path = (*path, *inner.path)
                found.append(inner)
    return found


def _check(leaf: Leaf, fields, path) -> ConditionField:
    """The field of a comparison that is right by itself.

    :raises ConditionProblem: if it is not
    """
    spec = fields.get(leaf.name)
    details = {"field": leaf.field, "operator": leaf.operator}
    if spec is None:
        code = "field_path" if "." in leaf.field else "field_unknown"
        raise ConditionProblem(code, path, details)
    details["field"] = spec.label or leaf.name
    if spec.gone:
        raise ConditionProblem("field_gone", path, details)
    if "." in leaf.field:
        _check_part(leaf, spec, path, details)
        return spec
    if leaf.operator not in spec.operators:
        details["allowed"] = spec.operators
        raise ConditionProblem("operator_unfit", path, details)
    if spec.kind != "rows":
        _check_values(leaf, spec, path, details)
    return spec


def _check_part(leaf, spec, path, details):
    allowed = DATE_PARTS.get(leaf.part)
    if not (spec.parts and allowed and spec.kind in DATES):
        raise ConditionProblem("field_path", path, {**details, "field": leaf.field})
    if leaf.operator not in OPERATORS["integer"]:
        raise ConditionProblem(
            "operator_unfit", path, {**details, "allowed": OPERATORS["integer"]}
        )
    for value in _values(leaf, path, details):
        if type(value) is not int or value not in allowed:
            raise ConditionProblem(
                "part_range",
                path,
                {
                    **details,
                    "given": short(value),
                    "low": allowed[0],
                    "high": allowed[-1],
                },
            )


def _values(leaf, path, details):
    """The values of a comparison: those of the list, or the one."""
    several = isinstance(leaf.value, tuple)
    if several != (leaf.operator in ("in", "not in")):
        code = "list_unfit" if several else "list_missing"
        raise ConditionProblem(code, path, details)
    if not several:
        return (leaf.value,)
    if not leaf.value:
        raise ConditionProblem("list_empty", path, details)
    return leaf.value


def _check_values(leaf, spec, path, details):
    for value in _values(leaf, path, details):
        if value is False and spec.kind != "boolean":
            if not spec.empty or leaf.operator not in SETS:
                raise ConditionProblem("empty_unfit", path, details)
            continue
        problem = _CHECKS[spec.kind](value, spec, leaf)
        if problem:
            raise ConditionProblem(problem, path, {**details, "given": short(value)})


def _check_text(value, spec, leaf):
    if not isinstance(value, str):
        return "text_expected"
    if leaf.operator not in PARTS:
        return None
    # a pattern whose last sign is to escape the next one is none for PostgreSQL
    if leaf.operator.endswith("=ilike") and value.replace("\\\\", "").endswith("\\"):
        return "text_backslash"
    return None if value else "text_empty"


def _check_number(value, spec, leaf):
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and abs(value) <= MAX_INTEGER else "number_expected"


def _check_date(value, spec, leaf):
    if not isinstance(value, str):
        return "date_expected"
    said = read_date(value, days_only=spec.kind == "date")
    if said is not None:
        return None
    return "day_unreadable" if spec.kind == "date" else "date_unreadable"


def _check_boolean(value, spec, leaf):
    return None if isinstance(value, bool) else "boolean_expected"


def _check_choice(value, spec, leaf):
    codes = {code for code, _label in spec.choices}
    return None if isinstance(value, str) and value in codes else "choice_unknown"


def _check_record(value, spec, leaf):
    number = type(value) is int and 0 < value <= MAX_ID
    return None if number else "record_expected"


_CHECKS = {
    "text": _check_text,
    "integer": _check_number,
    "number": _check_number,
    "date": _check_date,
    "datetime": _check_date,
    "boolean": _check_boolean,
    "choice": _check_choice,
    **dict.fromkeys(RECORDS, _check_record),
}
