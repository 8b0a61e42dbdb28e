"""Values that a database has elsewhere already: what custom field they would become.

A *kind* is the type of such a place in Odoo's words: char, selection, many2one, ...
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from .column_types import guess_type
from .field_rules import FieldRule, Option, ValueContext, ValueProblem, check_rule
from .field_values import Stored, read_value, show_value
from .money import plain_number
from .text import match_key

# Type of the custom field that values of a kind become; of char by what stands there.
TYPES = {
    "char": "text",
    "text": "text",
    "html": "text",
    "integer": "number",
    "float": "number",
    "monetary": "number",
    "date": "date",
    "datetime": "date",
    "boolean": "boolean",
    "selection": "select",
    "many2one": "text",
    "many2many": "text",
    "tags": "text",
}
Choices = Sequence[tuple[str, Mapping[str, str]]]
_ANSWER = FieldRule(key="answer", type="boolean")


def proposed_type(
    kind: str,
    choices: Choices = (),
    samples: Sequence[str] = (),
    region: str | None = None,
) -> str:
    """Type of the custom field for values of a kind: a name of ``fields.SLOT_COUNTS``.

    :param choices: of a selection: code and its labels by language
    :param samples: some values of a char
    :param region: ISO code of the country whose phone numbers are expected
    """
    if kind == "char":
        return guess_type(samples, region)
    if kind == "selection":
        return "select" if sound_options(choices) else "text"
    return TYPES[kind]


def sound_options(choices: Choices) -> tuple[Option, ...]:
    """The choices as those of a select field; empty where they would be no sound ones.

    Two that people could not tell apart, or a label that is another's code, would let a
    value be read as the wrong one.
    """
    options = tuple(
        Option(code, tuple(sorted({*labels.values()}))) for code, labels in choices
    )
    try:
        check_rule(FieldRule(key="choice", type="select", options=options))
    except ValueProblem:
        return ()
    return options


def read_any(rule: FieldRule, writings: Sequence, context: ValueContext) -> Stored:
    """The stored form of a value that may be written in more than one way.

    :param writings: the first that the field takes counts
    :return: ``None`` when empty
    :raises ValueProblem: that of the first writing, if none fits
    """
    first = None
    for writing in writings:
        try:
            return read_value(rule, _written(rule, writing, context), context)
        except ValueProblem as problem:
            first = first or problem
    if first:
        raise first
    return None


def _written(rule: FieldRule, value, context: ValueContext):
    """A number or an answer as the text that a field of another type asks for."""
    if isinstance(value, bool):
        if rule.type == "boolean":
            return value
        return show_value(_ANSWER, value, context.persian)
    if isinstance(value, int | float) and rule.type not in ("number", "boolean"):
        return plain_number(Decimal(repr(value)))
    return value


def same_field(
    names: Collection[str], fields: Mapping[str, Collection[str]]
) -> str | None:
    """The custom field that is called like a place, or ``None``.

    :param names: labels of the place, and its technical name
    :param fields: key -> labels
    """
    wanted = {match_key(name) for name in names if match_key(name)}
    for key, labels in fields.items():
        if not wanted.isdisjoint({match_key(label) for label in (key, *labels)}):
            return key
    return None
