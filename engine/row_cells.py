"""Cells of a customers' or purchases' file: each kind of cell to its checked value."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache

from .calendars import as_utc, parse_date
from .clearing import CLEARED
from .columns import CUSTOM
from .field_values import FieldRule, ValueContext, ValueProblem, read_value
from .money import TOMAN, currency_code, parse_amount
from .people import ContactError, parse_email, parse_phone
from .text import ascii_digits, clean, clean_lines, match_key, persian_letters

MAX_QUANTITY = Decimal(10) ** 9
# Different cells of a column whose meaning is remembered, and their longest length.
REMEMBERED, SHORT = 2_000, 60
_QUOTED_TAGS = re.compile(
    r'\s*"((?:[^"]|"")+)"\s*(?=[,;|\n\u060c\u061b]|$)|([^,;|\n\u060c\u061b]+)'
)
_SCIENTIFIC = re.compile(r"\d[.,]?\d*[eE]\+\d+")
_TAG_MARKS = re.compile(r"[,;|\n\u060c\u061b]")


@dataclass(frozen=True)
class Reading:
    """How the cells of one file are to be read.

    :param kind: ``customers`` or ``purchases``
    :param mapping: index of the column -> field of ``columns.FIELDS[kind]``, or
        ``custom:`` and the key of a custom field
    :param key: by what customers are told apart: ``ref``, ``email``, ``phone``, a
        custom field (``custom:...``), or ``any``: the first of the three that a row has
    :param now: UTC, naive; dates after the day that follows are refused
    :param zone: in which a time without a zone, or a day, is meant
    :param region: ISO code of the country whose national phone numbers are meant
    :param currency: code where the row tells none; ``IRT`` is Toman
    :param currencies: codes that exist
    :param countries: match key of a name or code -> (id, ISO code)
    :param languages: match key of a name or code -> code
    :param owners: match key of a user's name, login or e-mail -> id; of a text that
        stands for more than one user ``None``
    :param segments: match key of a segment's name -> id; 0: nobody can be put there
    :param date_orders: index of the column -> order, where it is not ``date_order``
    :param persian: turn Arabic letters into Persian ones
    :param custom: key -> rule of the custom fields
    :param persian_labels: name choices in problems by their Persian labels
    """

    kind: str
    mapping: Mapping[int, str]
    key: str
    now: datetime
    zone: tzinfo = timezone.utc
    region: str | None = None
    decimal: str = "."
    date_order: str = "dmy"
    currency: str = "EUR"
    currencies: frozenset[str] = frozenset({"EUR"})
    countries: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, int | None] = field(default_factory=dict)
    segments: Mapping[str, int] = field(default_factory=dict)
    date_orders: Mapping[int, str] = field(default_factory=dict)
    persian: bool = False
    custom: Mapping[str, FieldRule] = field(default_factory=dict)
    persian_labels: bool = False


class CellError(ValueError):
    """A cell that cannot be read; ``code`` names why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def clear_value(name: str, values: dict, reading: Reading) -> None:
    """Note that a value becomes empty, where that is possible."""
    rule = reading.custom.get(name.removeprefix(CUSTOM)) if CUSTOM in name else None
    if rule and rule.required:
        raise ValueProblem("value_required")
    if reading.kind != "customers" or name == reading.key:
        raise CellError("clear_impossible")
    if not rule and name not in CLEARED:
        raise CellError("clear_impossible")
    values.setdefault("clear", []).append(CLEARED.get(name, name))


# Cells: (field, cell, values to add to, rules)


def _read_text(name: str, cell: str, values: dict, reading: Reading) -> None:
    text = clean(cell)
    values[name] = persian_letters(text) if reading.persian else text
    _keep_said(name, cell, values)


def _read_lines(name: str, cell: str, values: dict, reading: Reading) -> None:
    text = clean_lines(cell)
    text = persian_letters(text) if reading.persian else text
    values[name] = f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br>")
    _keep_said(name, cell, values)


def _keep_said(name: str, cell: str, values: dict) -> None:
    """Keep a cell as it was beside what was made of it, where the two differ.

    What was exported and comes back changes nothing, also where it is not stored in the
    way in which it would be today.
    """
    if cell != values[name]:
        values.setdefault("said", {})[name] = cell


def _read_code(name: str, cell: str, values: dict, reading: Reading) -> None:
    values[name] = ascii_digits(clean(cell))
    _keep_said(name, cell, values)


def _read_key(name: str, cell: str, values: dict, reading: Reading) -> None:
    text = ascii_digits(clean(cell))
    if _SCIENTIFIC.fullmatch(text):
        raise CellError("key_scientific")
    values[name] = text
    _keep_said(name, cell, values)


def _read_email(name: str, cell: str, values: dict, reading: Reading) -> None:
    values["email"], values["email_normalized"] = parse_email(cell)


def _read_phone(name: str, cell: str, values: dict, reading: Reading) -> None:
    home = values.get("region", reading.region)
    try:
        phone = parse_phone(cell, home)
    except ContactError:
        if home == reading.region:
            raise
        # somebody who lives abroad with a number of the shop's country
        phone = parse_phone(cell, reading.region)
    values["phone"], values["phone_sanitized"] = phone


def _read_country(name: str, cell: str, values: dict, reading: Reading) -> None:
    known = reading.countries.get(match_key(cell))
    if not known:
        raise CellError("country_unknown")
    values["country_id"], values["region"] = known


def _read_language(name: str, cell: str, values: dict, reading: Reading) -> None:
    code = reading.languages.get(match_key(cell).replace("-", "_"))
    if not code:
        raise CellError("language_unknown")
    values["lang"] = code


def _read_owner(name: str, cell: str, values: dict, reading: Reading) -> None:
    owner = reading.owners.get(match_key(cell))
    if not owner:
        raise CellError("owner_unknown")
    values["user_id"] = owner


def _read_segments(name: str, cell: str, values: dict, reading: Reading) -> None:
    keys = [match_key(part) for part in _tag_names(cell)]
    try:
        found = [reading.segments[key] for key in keys if key]
    except KeyError as error:
        raise CellError("segment_unknown") from error
    if chosen := list(filter(None, found)):
        values["segments"] = chosen


def _read_tags(name: str, cell: str, values: dict, reading: Reading) -> None:
    tags: dict[str, str] = {}
    for part in _tag_names(cell):
        text = persian_letters(clean(part)) if reading.persian else clean(part)
        if text:
            tags.setdefault(match_key(text), text)
    if tags:
        values["tags"] = list(tags.values())


def _tag_names(cell: str) -> list[str]:
    """The names in a cell; one in double quotes may have the marks between them."""
    if '"' not in cell:
        return _TAG_MARKS.split(cell)
    found = _QUOTED_TAGS.findall(cell)
    return [quoted.replace('""', '"') or plain for quoted, plain in found]


def _read_past_date(name: str, cell: str, values: dict, reading: Reading) -> None:
    """Stores UTC as text, and as ``<name>_said`` what stood there whatever the zone."""
    try:
        said = parse_date(cell, reading.date_order)
        moment = as_utc(said, reading.zone)
    except OverflowError as error:
        raise CellError("date_year") from error
    if moment > reading.now + timedelta(days=1):
        raise CellError("date_future")
    values[name] = moment.strftime("%Y-%m-%d %H:%M:%S")
    values[f"{name}_said"] = said.isoformat()


def _read_amount(name: str, cell: str, values: dict, reading: Reading) -> None:
    amount, word = parse_amount(cell, reading.decimal)
    if word:
        values["word"] = _known_currency(word, reading)
    values[name] = amount


def _read_quantity(name: str, cell: str, values: dict, reading: Reading) -> None:
    number, word = parse_amount(cell, reading.decimal)
    if word or abs(number) > MAX_QUANTITY:
        raise CellError("quantity_unknown")
    values[name] = number


def _read_currency(name: str, cell: str, values: dict, reading: Reading) -> None:
    values[name] = _known_currency(cell, reading)


def _known_currency(word: str, reading: Reading) -> str:
    code = currency_code(word)
    if code == TOMAN and "IRR" in reading.currencies:
        return code
    if code not in reading.currencies:
        raise CellError("currency_unknown")
    return code


def custom_parser(name: str) -> Callable[[str, str, dict, Reading], None]:
    """A parser, like those of ``PARSERS``, for one column with a custom field.

    What a cell says is remembered: most columns hold few different texts.
    """
    key = name.removeprefix(CUSTOM)
    known: dict[str | tuple[str | None, str], tuple] = {}

    def parse(name: str, cell: str, values: dict, reading: Reading) -> None:
        rule, home, what = reading.custom[key], reading.region, cell
        if rule.type == "phone":  # alone depends on where the customer lives
            home = values.get("region", home)
            what = (home, cell)
        said = known.get(what)
        if said is None:
            said = (as_json(_read_custom(rule, cell, home, reading)),)
            if len(known) < REMEMBERED and len(cell) <= SHORT:
                known[what] = said
        if custom := values.get("custom"):
            custom[key] = said[0]
        else:
            values["custom"] = {key: said[0]}

    return parse


def _read_custom(rule: FieldRule, cell: str, home: str | None, reading: Reading):
    try:
        return read_value(rule, cell, _context(home, reading))
    except ValueProblem:
        if rule.type != "phone" or home == reading.region:
            raise
        # somebody who lives abroad with a number of the shop's country
        return read_value(rule, cell, _context(reading.region, reading))


def _context(region: str | None, reading: Reading) -> ValueContext:
    order, labels = reading.date_order, reading.persian_labels
    return _context_of(region, order, reading.decimal, labels)


@lru_cache(maxsize=300)
def _context_of(
    region: str | None, date_order: str, decimal: str, persian: bool
) -> ValueContext:
    # whether an archived choice was there already is for the database to say
    return ValueContext(region, date_order, decimal, archived=True, persian=persian)


def as_json(value):
    """A stored value, or a detail of a problem, as JSON takes it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


PARSERS = {
    "text": _read_text,
    "lines": _read_lines,
    "code": _read_code,
    "key": _read_key,
    "email": _read_email,
    "phone": _read_phone,
    "country": _read_country,
    "language": _read_language,
    "owner": _read_owner,
    "segments": _read_segments,
    "tags": _read_tags,
    "past_date": _read_past_date,
    "amount": _read_amount,
    "quantity": _read_quantity,
    "currency": _read_currency,
}
