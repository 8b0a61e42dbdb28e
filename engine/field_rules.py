"""What may stand in a custom field, as plain data, and whether such a rule is sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import re2

from .calendars import GREGORIAN_YEARS
from .fields import SLOT_COUNTS
from .money import MAX_AMOUNT
from .text import match_key

MAX_NUMBER = int(MAX_AMOUNT)  # every smaller whole number is exact as a float
MAX_TEXT = 4_000  # characters of a stored text
MAX_CELL = 500  # characters of anything that is no text, link or choice
MAX_PATTERN = 500  # characters of a pattern
_PATTERN_MEMORY = 1 << 18  # bytes that RE2 may use for one pattern

# Which rules a type knows; any other would never be looked at.
_BOUNDS = ("minimum", "maximum", "earliest", "latest")
_LENGTHS = ("min_length", "max_length")
_KNOWN = {
    "text": (*_LENGTHS, "pattern"),
    "number": ("minimum", "maximum"),
    "date": ("earliest", "latest"),
    "select": ("options",),
}
_RULES = (*_BOUNDS, *_LENGTHS, "pattern", "options")


class ValueProblem(ValueError):
    """A value, or a rule, that cannot be taken.

    :param code: why, see ``models/field/field_messages.py``
    :param details: what the sentence of this code mentions, e.g. ``{"maximum": 5.0}``;
        also by name
    """

    def __init__(self, code: str, details: Mapping | None = None, **named):
        super().__init__(code)
        self.code = code
        self.details = {**(details or {}), **named}


@dataclass(frozen=True)
class Option:
    """A choice of a select field.

    :param code: what is stored
    :param names: its label in every language
    :param active: whether it may still be chosen
    """

    code: str
    names: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True)
class FieldRule:
    """What may stand in a custom field: plain data of one ``mini_crm.field``.

    :param slot: column of the customer; ``None``: a key of ``custom_fields_extra``
    :param minimum: and ``maximum``: of a number
    :param earliest: and ``latest``: of a date
    :param min_length: and ``max_length``: of a text, in characters
    :param pattern: RE2, must match the whole text; ``\\d`` means Persian digits too
    """

    key: str
    type: str
    slot: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    earliest: date | None = None
    latest: date | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    options: tuple[Option, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class ValueContext:
    """How input is meant that can be read in more than one way.

    :param region: ISO code of the country whose national phone numbers are meant
    :param date_order: of day, month and year: ``dmy``, ``mdy`` or ``ymd``
    :param decimal: mark of ``1,234``: ``.`` or ``,``; ``None``: the point
    :param archived: take archived choices as well: the caller refuses those that are
        not what is stored already
    :param persian: name choices in problems by their Persian labels
    """

    region: str | None = None
    date_order: str = "dmy"
    decimal: str | None = None
    archived: bool = False
    persian: bool = False


def wrong_type(rule: FieldRule) -> ValueProblem:
    """The problem of a value that is not even of the field's type."""
    return ValueProblem("value_type", type=rule.type)


def as_text(rule: FieldRule, value, limit: int = MAX_CELL) -> str:
    """A value that is to be read as a text; whole numbers are taken as written.

    :param limit: a longer text is none of this type
    """
    # many a program has lost digits of a longer one: it has to come as text
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < MAX_NUMBER else None
    if not isinstance(value, str):
        raise wrong_type(rule)
    if len(value) > limit:
        raise ValueProblem("value_long", limit=limit, length=len(value))
    return value


def check_rule(rule: FieldRule) -> None:
    """Whether a definition is sound: known type, fitting rules, possible bounds.

    :raises ValueProblem: ``rule_...``; details name the part that is wrong
    """
    if rule.type not in SLOT_COUNTS:
        raise ValueProblem("rule_type", type=rule.type)
    for name in _RULES:
        given = getattr(rule, name) not in (None, ())
        if given and name not in _KNOWN.get(rule.type, ()):
            raise ValueProblem("rule_unfit", rule=name, type=rule.type)
    _check_bounds(rule)
    _check_lengths(rule)
    if rule.pattern is not None:
        compiled(rule.pattern)
    if rule.type == "select":
        _check_options(rule.options)


def _check_bounds(rule: FieldRule) -> None:
    for name in ("minimum", "maximum"):
        value = getattr(rule, name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and abs(value) < MAX_NUMBER):
            raise ValueProblem("rule_number", rule=name, value=_short(value))
    for name in ("earliest", "latest"):
        value = getattr(rule, name)
        day = type(value) is date and value.year in GREGORIAN_YEARS
        if value is not None and not day:
            raise ValueProblem("rule_date", rule=name, value=_short(value))
    for low, high in (("minimum", "maximum"), ("earliest", "latest")):
        _check_order(rule, low, high)


def _check_lengths(rule: FieldRule) -> None:
    for name in _LENGTHS:
        value = getattr(rule, name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (whole and 0 <= value <= MAX_TEXT):
            raise ValueProblem(
                "rule_length", rule=name, value=_short(value), limit=MAX_TEXT
            )
    _check_order(rule, *_LENGTHS)


def _check_order(rule: FieldRule, low: str, high: str) -> None:
    lower, upper = getattr(rule, low), getattr(rule, high)
    if lower is not None and upper is not None and lower > upper:
        raise ValueProblem("rule_order", low=low, high=high, lower=lower, upper=upper)


def _check_options(options: tuple[Option, ...]) -> None:
    """Codes are there and told apart, and no label says another option's code."""
    codes: dict[str, str] = {}
    for option in options:
        key = match_key(option.code or "")
        if not key:
            raise ValueProblem("rule_option_empty", names=", ".join(option.names))
        if key in codes:
            raise ValueProblem("rule_option_twice", option=option.code)
        codes[key] = option.code
    labels: dict[str, str] = {}
    for option in options:
        for name in option.names:
            key = match_key(name)
            other = codes.get(key, option.code)
            if key and other == option.code and option.active:
                other = labels.setdefault(key, option.code)
            if key and other != option.code:
                raise ValueProblem("rule_option_label", label=name)


@lru_cache(maxsize=500)
def compiled(pattern: str):
    """A pattern that people wrote, ready to match whole texts.

    RE2 takes time that grows with the text only by its length, whatever the pattern;
    its memory is bounded here.

    :raises ValueProblem: rule_pattern and its kin; ``reason`` is RE2's own, in English
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueProblem("rule_pattern_long", limit=MAX_PATTERN, length=len(pattern))
    options = re2.Options()
    options.max_mem = _PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError as error:
        raise ValueProblem("rule_pattern", reason="surrogate") from error
    except re2.error as error:
        raise _pattern_problem(_reason(error)) from error


def _reason(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def _pattern_problem(reason: str) -> ValueProblem:
    """Why RE2 refuses a pattern; what other dialects know has a code of its own."""
    if "invalid perl operator: (?" in reason:
        return ValueProblem("rule_pattern_look", part=reason.rpartition(": ")[2])
    if "invalid escape sequence: \\" in reason and reason[-1:].isdigit():
        return ValueProblem("rule_pattern_back", part=reason.rpartition(": ")[2])
    if "too large" in reason or "repetition size" in reason:
        return ValueProblem("rule_pattern_large", reason=reason)
    return ValueProblem("rule_pattern", reason=reason)


def _short(value) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
