"""One row of a customers' or purchases' file: from cells to checked values.

The result is plain data that fits into JSON. What cannot be read becomes a problem (a
code with the field and the cell), never an exception: a row reports all of them.
"""

import hashlib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache

from .calendars import DateError, as_utc, parse_date
from .columns import CUSTOM, FIELDS, KEYS, REQUIRED
from .field_values import FieldRule, ValueContext, ValueProblem, read_value
from .money import TOMAN, AmountError, currency_code, parse_amount, plain_number
from .people import ContactError, parse_email, parse_phone
from .text import ascii_digits, clean, clean_lines, match_key, persian_letters, unguard

SHOWN = 120  # characters of a cell that a problem repeats
MAX_QUANTITY = Decimal(10) ** 9
_TAG_MARKS = re.compile(r"[,;|\n\u060c\u061b]")
_QUOTED_TAGS = re.compile(
    r'\s*"((?:[^"]|"")+)"\s*(?=[,;|\n\u060c\u061b]|$)|([^,;|\n\u060c\u061b]+)'
)


@dataclass(frozen=True)
class Reading:
    """How the cells of one file are to be read.

    :param kind: ``customers`` or ``purchases``
    :param mapping: index of the column -> field of ``columns.FIELDS[kind]``, or
        ``custom:`` and the key of a custom field
    :param key: by what customers are told apart: ``ref``, ``email``, ``phone``, or
        ``any``: the first of these that the row has
    :param now: UTC, naive; dates after the day that follows are refused
    :param zone: in which a time without a zone, or a day, is meant
    :param region: ISO code of the country whose national phone numbers are meant
    :param currency: code where the row tells none; ``IRT`` is Toman
    :param currencies: codes that exist
    :param countries: match key of a name or code -> (id, ISO code)
    :param languages: match key of a name or code -> code
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
    persian: bool = False
    custom: Mapping[str, FieldRule] = field(default_factory=dict)
    persian_labels: bool = False


@dataclass(frozen=True)
class Row:
    """What a row says.

    :param values: field -> value that fits into JSON; empty cells are left out;
        ``custom``: key -> stored value of the custom fields
    :param key: what must not occur twice in a file of customers (``ref:17``); for a
        purchase its fingerprint
    :param problems: dicts with ``code``, ``field``, ``column`` (index or ``None``),
        ``value``, of custom fields also ``details``; with any of them ``values`` and
        ``key`` are not complete
    """

    values: dict
    key: str
    problems: tuple[dict, ...] = ()


class CellError(ValueError):
    """A cell that cannot be read; ``code`` names why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def row_reader(reading: Reading, width: int) -> Callable[[Sequence[str]], Row]:
    """A function that reads a row of cells by these rules.

    :param width: number of columns; a row with more filled cells has a problem
    """
    types = FIELDS[reading.kind]
    order = sorted(reading.mapping.items(), key=lambda item: item[1] != "country")
    plan = [
        (index, name, _PARSERS[types[name].type] if name in types else _read_custom)
        for index, name in order
    ]
    finish = _finish_customer if reading.kind == "customers" else _finish_purchase

    def read(cells: Sequence[str]) -> Row:
        values: dict = {}
        problems: list[dict] = []
        for index, name, parse in plan:
            cell = cells[index]
            if not cell or cell.isspace():
                continue
            try:
                text = unguard(cell) if cell[0] == "'" else cell
                parse(name, text, values, reading)
            except (CellError, DateError, AmountError, ContactError) as error:
                problems.append(_problem(error.code, name, index, cell))
            except ValueProblem as error:
                details = {n: _as_json(v) for n, v in error.details.items()}
                problem = _problem(error.code, name, index, cell)
                problems.append({**problem, "details": details})
        if len(cells) > width and any(map(str.strip, cells[width:])):
            problems.append(_problem("cells_beyond", "", None, cells[width]))
        return finish(values, problems, reading)

    return read


def _problem(code: str, name: str, column: int | None, value: str = "") -> dict:
    shown = clean(value)
    shown = shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
    return {"code": code, "field": name, "column": column, "value": shown}


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
    if re.fullmatch(r"\d[.,]?\d*[eE]\+\d+", text):
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


def _read_custom(name: str, cell: str, values: dict, reading: Reading) -> None:
    rule = reading.custom[name.removeprefix(CUSTOM)]
    home = values.get("region", reading.region)
    try:
        stored = read_value(rule, cell, _context(home, reading))
    except ValueProblem:
        if rule.type != "phone" or home == reading.region:
            raise
        # somebody who lives abroad with a number of the shop's country
        stored = read_value(rule, cell, _context(reading.region, reading))
    values.setdefault("custom", {})[rule.key] = _as_json(stored)


def _context(region: str | None, reading: Reading) -> ValueContext:
    order, labels = reading.date_order, reading.persian_labels
    return _context_of(region, order, reading.decimal, labels)


@lru_cache(maxsize=300)
def _context_of(
    region: str | None, date_order: str, decimal: str, persian: bool
) -> ValueContext:
    # whether an archived choice was there already is for the database to say
    return ValueContext(region, date_order, decimal, archived=True, persian=persian)


def _as_json(value):
    """A stored value, or a detail of a problem, as JSON takes it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


_PARSERS = {
    "text": _read_text,
    "lines": _read_lines,
    "code": _read_code,
    "key": _read_key,
    "email": _read_email,
    "phone": _read_phone,
    "country": _read_country,
    "language": _read_language,
    "tags": _read_tags,
    "past_date": _read_past_date,
    "amount": _read_amount,
    "quantity": _read_quantity,
    "currency": _read_currency,
}


# Rows


def _customer_key(values: dict, reading: Reading) -> str:
    """What the customer is recognised by: ``ref:17``; empty when the row lacks it."""
    for name in KEYS if reading.key == "any" else (reading.key,):
        if value := values.get(_KEY_VALUES[name]):
            return f"{name}:{value}"
    return ""


_KEY_VALUES = {"ref": "ref", "email": "email_normalized", "phone": "phone_sanitized"}


def _check_key(key: str, problems: list[dict], reading: Reading) -> None:
    """Add a problem when the row has no key, unless its cell is the problem already."""
    names = set(KEYS) if reading.key == "any" else {reading.key}
    if not key and not names & {problem["field"] for problem in problems}:
        column = next((i for i, f in reading.mapping.items() if f in names), None)
        name = reading.mapping[column] if column is not None else ""
        problems.append(_problem("key_missing", name, column))


def _shown_name(values: dict) -> str:
    """What a customer without a name is called."""
    names = ("company_name", "email", "phone", "ref")
    return next((values[name] for name in names if values.get(name)), "")


def _finish_customer(values: dict, problems: list[dict], reading: Reading) -> Row:
    values.pop("region", None)
    values.pop("since_said", None)
    parts = [values.pop("first_name", ""), values.pop("last_name", "")]
    if full := " ".join(filter(None, parts)):
        values.setdefault("name", full)
    key = _customer_key(values, reading)
    _check_key(key, problems, reading)
    if problems:
        return Row(values, key, tuple(problems))
    if "name" not in values:
        values["shown_name"] = _shown_name(values)
    return Row(values, key)


def _finish_purchase(values: dict, problems: list[dict], reading: Reading) -> Row:
    values.pop("said", None)
    values["customer"] = _customer_key(values, reading)
    _check_key(values["customer"], problems, reading)
    failed = {problem["field"] for problem in problems}
    for name in REQUIRED["purchases"]:
        if name not in values and name not in failed:
            column = next((i for i, f in reading.mapping.items() if f == name), None)
            problems.append(_problem(f"{name}_missing", name, column))
    word, told = values.pop("word", ""), values.get("currency", "")
    if word and told and word != told:
        problems.append(
            _problem("currency_conflict", "currency", None, f"{word} {told}")
        )
    if problems:
        return Row({"customer": values["customer"]}, "", tuple(problems))
    _settle_amount(values, word or told or reading.currency)
    if "name" not in values:
        values["shown_name"] = _shown_name(values)
    return Row(values, _fingerprint(values))


def _settle_amount(values: dict, currency: str) -> None:
    """Amount, currency and quantity as plain text; Toman as ten Rial."""
    amount = values["amount"]
    if currency == TOMAN:
        amount, currency = amount * 10, "IRR"
    values["amount"] = plain_number(amount)
    values["currency"] = currency
    values["quantity"] = plain_number(values.get("quantity", Decimal(1)))


def _fingerprint(values: dict) -> str:
    """What makes a purchase the same in another file: its reference, else a hash.

    Equal rows of one file are told apart by counting them (docs/architecture.md, A13).
    """
    said = values.pop("date_said")
    if reference := values.get("reference"):
        return f"ref:{reference}"
    parts = [values["customer"], said, values["amount"], values["currency"]]
    text = "\x1f".join([*parts, values["quantity"]])
    return hashlib.sha256(text.encode()).hexdigest()[:40]
