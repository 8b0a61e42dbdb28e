"""One way from what people or programs give to the stored value of a custom field.

Stored are: text and link as str, number as float, date as ``datetime.date``, yes or no
as bool, e-mail as its address, phone as E.164, a choice as its code; ``None`` when
empty. Whatever is stored reads back as itself:
``read_value(rule, show_value(rule, stored)) == stored``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from .calendars import (
    GREGORIAN_YEARS,
    JALALI_YEARS,
    DateError,
    parse_date,
    to_jalali,
)
from .field_choices import check_option, read_option, show_option
from .field_rules import (
    MAX_NUMBER,
    MAX_TEXT,
    FieldRule,
    Option,
    ValueContext,
    ValueProblem,
    as_text,
    check_rule,
    compiled,
    wrong_type,
)
from .links import MAX_LINK, LinkError, parse_link
from .money import AmountError, parse_amount, plain_number
from .people import ContactError, parse_email, parse_phone
from .text import (
    ascii_digits,
    clean_lines,
    hidden_mark,
    match_key,
    persian_digits,
)

__all__ = [
    "FieldRule",
    "Option",
    "Stored",
    "ValueContext",
    "ValueProblem",
    "check_present",
    "check_rule",
    "check_value",
    "read_value",
    "show_value",
]

Stored = str | float | date | bool | None

_YES = "yes y true t on 1 بله بلی آره آری درست صحیح دارد هست ✓ ✔ ✅"
_NO = "no n false f off 0 خیر نه نخیر نادرست غلط ندارد نیست ✗ ✘ ❌"
_WORDS = {match_key(word): True for word in _YES.split()} | {
    match_key(word): False for word in _NO.split()
}
_DEFAULT = ValueContext()


def read_value(rule: FieldRule, value, context: ValueContext = _DEFAULT) -> Stored:
    """The stored form of a value in any writing, checked against the rule.

    Text is kept as it was written, but for blanks around it, line ends (``\\n``) and
    NFC; what would have to be taken out of it is refused.

    :param value: str, number, bool or date; ``None`` and blank text are empty, and so
        is ``False`` where it is no answer: Odoo's way to say so. A number never is a
        bool.
    :param context: how a text is meant that can be read in more than one way
    :return: ``None`` when empty, also of a required field
    :raises ValueProblem: says by its code and details what is wrong
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if value is False and rule.type not in ("boolean", "number"):
        return None
    stored = _kind(rule).read(rule, value, context)
    check_value(rule, stored)
    return stored


def check_value(rule: FieldRule, stored: Stored) -> None:
    """Whether a value in its stored form keeps the rules of its field.

    A choice that is archived passes: it was chosen when it could be. Empty passes.

    :raises ValueProblem: see ``read_value``
    """
    if stored is None:
        return
    kind = _kind(rule)
    # not isinstance: a datetime is no date and a bool no float
    if type(stored) is not kind.stored:
        raise wrong_type(rule)
    kind.check(rule, stored)


def check_present(rule: FieldRule, stored: Stored) -> None:
    """Whether a required field has a value; ``False`` is one.

    :raises ValueProblem: ``value_required``
    """
    if rule.required and stored is None:
        raise ValueProblem("value_required")


def show_value(rule: FieldRule, stored: Stored, lang_persian: bool = False) -> str:
    """A stored value as text; empty for ``None``. ``read_value`` reads it back.

    :param lang_persian: Persian digits, Jalali dates, Persian words and labels
    """
    if stored is None:
        return ""
    return _kind(rule).show(rule, stored, lang_persian)


def _kind(rule: FieldRule) -> "_Kind":
    if rule.type not in _KINDS:
        raise ValueProblem("rule_type", type=rule.type)
    return _KINDS[rule.type]


# Text


def _read_text(rule: FieldRule, value, context: ValueContext) -> str | None:
    text = as_text(rule, value, limit=10 * MAX_TEXT)
    place = hidden_mark(text)
    if place is not None:
        sign = f"U+{ord(text[place]):04X}"
        raise ValueProblem("text_hidden", sign=sign, place=place + 1)
    return clean_lines(text) or None


def _check_text(rule: FieldRule, text: str) -> None:
    length = len(text)
    limit = MAX_TEXT if rule.max_length is None else min(rule.max_length, MAX_TEXT)
    if length > limit:
        raise ValueProblem("text_long", max_length=limit, length=length)
    if rule.min_length is not None and length < rule.min_length:
        raise ValueProblem("text_short", min_length=rule.min_length, length=length)
    if hidden_mark(text) is not None or text != clean_lines(text):
        raise wrong_type(rule)
    if rule.pattern is not None:
        pattern = compiled(rule.pattern)
        # people who write in Persian mean \d, [0-9] and \d{10} for their digits as well
        if not pattern.fullmatch(text) and not pattern.fullmatch(ascii_digits(text)):
            raise ValueProblem("text_pattern", pattern=rule.pattern)


# Number


def _read_number(rule: FieldRule, value, context: ValueContext) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise wrong_type(rule)
    if isinstance(value, str):
        value = _number_of(as_text(rule, value), context)
    # no comparison holds with a NaN, and a Decimal's may not even be compared
    nan = isinstance(value, Decimal) and value.is_nan()
    if not nan and abs(value) < MAX_NUMBER:
        number = float(value)
        if abs(number) < MAX_NUMBER:
            return number + 0.0  # no -0.0, which would show as another text
    raise ValueProblem("number_large", limit=MAX_NUMBER)


def _number_of(text: str, context: ValueContext) -> Decimal:
    try:
        number, word = parse_amount(text, context.decimal or ".")
    except AmountError as error:
        code = error.code.replace("amount", "number").replace("too_large", "large")
        raise ValueProblem(code, limit=MAX_NUMBER) from error
    if word:
        raise ValueProblem("number_word", word=word[:40])
    return number


def _check_number(rule: FieldRule, number: float) -> None:
    if not abs(number) < MAX_NUMBER:
        raise ValueProblem("number_large", limit=MAX_NUMBER)
    if rule.minimum is not None and number < rule.minimum:
        raise ValueProblem("number_below", minimum=rule.minimum)
    if rule.maximum is not None and number > rule.maximum:
        raise ValueProblem("number_above", maximum=rule.maximum)


def _show_number(rule: FieldRule, number: float, lang_persian: bool) -> str:
    text = plain_number(Decimal(repr(number)))
    return persian_digits(text).replace(".", "٫") if lang_persian else text


# Date


def _read_date(rule: FieldRule, value, context: ValueContext) -> date:
    if not isinstance(value, date):
        try:
            value = parse_date(as_text(rule, value), context.date_order)
        except DateError as error:
            raise ValueProblem(error.code) from error
    if isinstance(value, datetime):
        # spreadsheets and programs write a day as its midnight; any other time would
        # be lost, and on which day it lies depends on the zone
        if value.time() != time():
            raise ValueProblem("date_time")
        value = value.date()
    return value


def _check_date(rule: FieldRule, day: date) -> None:
    if day.year not in GREGORIAN_YEARS:
        raise ValueProblem("date_year")
    if rule.earliest is not None and day < rule.earliest:
        raise ValueProblem("date_before", earliest=rule.earliest)
    if rule.latest is not None and day > rule.latest:
        raise ValueProblem("date_after", latest=rule.latest)


def _show_date(rule: FieldRule, day: date, lang_persian: bool) -> str:
    if not lang_persian:
        return day.isoformat()
    year, month, of_month = to_jalali(day)
    if year not in JALALI_YEARS:  # would be read as Gregorian
        return persian_digits(day.isoformat())
    return persian_digits(f"{year:04}/{month:02}/{of_month:02}")


# Yes or no


def _read_boolean(rule: FieldRule, value, context: ValueContext) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    word = match_key(as_text(rule, value)).strip(" .!")
    if word not in _WORDS:
        raise ValueProblem("boolean_unknown")
    return _WORDS[word]


def _show_boolean(rule: FieldRule, value: bool, lang_persian: bool) -> str:
    if lang_persian:
        return "بله" if value else "خیر"
    return "yes" if value else "no"


# Ways to reach somebody


def _read_email(rule: FieldRule, value, context: ValueContext) -> str:
    try:
        address, _normal = parse_email(as_text(rule, value))
    except ContactError as error:
        raise ValueProblem(error.code) from error
    return address


def _check_email(rule: FieldRule, address: str) -> None:
    _check_unchanged(rule, address, _read_email)


def _read_phone(rule: FieldRule, value, context: ValueContext) -> str:
    try:
        _shown, number = parse_phone(as_text(rule, value), context.region)
    except ContactError as error:
        raise ValueProblem(error.code) from error
    return number


def _check_phone(rule: FieldRule, number: str) -> None:
    _check_unchanged(rule, number, _read_phone)


def _read_url(rule: FieldRule, value, context: ValueContext) -> str:
    try:
        return parse_link(as_text(rule, value, limit=10 * MAX_LINK))
    except LinkError as error:
        raise ValueProblem(error.code, limit=MAX_LINK) from error


def _check_url(rule: FieldRule, link: str) -> None:
    _check_unchanged(rule, link, _read_url)


def _check_unchanged(rule: FieldRule, stored: str, read) -> None:
    """A stored text is in its stored form when reading it makes nothing else of it."""
    if read(rule, stored, _DEFAULT) != stored:
        raise wrong_type(rule)


@dataclass(frozen=True)
class _Kind:
    """What is done with the values of a type.

    :param stored: Python type of a stored value
    :param read: (rule, value, context) -> stored, as yet unchecked
    :param check: (rule, stored), which raises
    :param show: (rule, stored, whether in Persian) -> text
    """

    stored: type
    read: Callable
    check: Callable
    show: Callable


def _no_rules(rule: FieldRule, stored: Stored) -> None:
    pass


def _as_stored(rule: FieldRule, text: str, lang_persian: bool) -> str:
    return text


_KINDS = {
    "text": _Kind(str, _read_text, _check_text, _as_stored),
    "number": _Kind(float, _read_number, _check_number, _show_number),
    "date": _Kind(date, _read_date, _check_date, _show_date),
    "boolean": _Kind(bool, _read_boolean, _no_rules, _show_boolean),
    "email": _Kind(str, _read_email, _check_email, _as_stored),
    "phone": _Kind(str, _read_phone, _check_phone, _as_stored),
    "url": _Kind(str, _read_url, _check_url, _as_stored),
    "select": _Kind(str, read_option, check_option, show_option),
}
