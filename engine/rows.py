"""One row of a customers' or purchases' file: from cells to checked values.

The result is plain data that fits into JSON. What cannot be read becomes a problem (a
code with the field and the cell), never an exception: a row reports all of them.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .calendars import DateError
from .clearing import is_clear_word
from .columns import CUSTOM, FIELDS, KEYS, REQUIRED
from .field_values import ValueProblem
from .money import TOMAN, AmountError, plain_number
from .people import ContactError
from .row_cells import PARSERS, CellError, Reading, as_json, clear_value, custom_parser
from .text import clean, unguard

__all__ = ["CellError", "Reading", "Row", "row_reader"]

SHOWN = 120  # characters of a cell that a problem repeats


@dataclass(frozen=True)
class Row:
    """What a row says.

    :param values: field -> value that fits into JSON; empty cells are left out;
        ``custom``: key -> stored value of the custom fields; ``clear``: columns, and
        custom fields, that become empty
    :param key: what must not occur twice in a file of customers (``ref:17``); for a
        purchase its fingerprint
    :param problems: dicts with ``code``, ``field``, ``column`` (index or ``None``),
        ``value``, of custom fields also ``details``; with any of them ``values`` and
        ``key`` are not complete
    """

    values: dict
    key: str
    problems: tuple[dict, ...] = ()


def row_reader(reading: Reading, width: int) -> Callable[[Sequence[str]], Row]:
    """A function that reads a row of cells by these rules.

    :param width: number of columns; a row with more filled cells has a problem
    """
    types = FIELDS[reading.kind]
    order = sorted(reading.mapping.items(), key=lambda item: item[1] != "country")
    plan = [
        (
            index,
            name,
            PARSERS[types[name].type] if name in types else custom_parser(name),
            _reading_of(index, reading),
        )
        for index, name in order
    ]
    finish = _finish_customer if reading.kind == "customers" else _finish_purchase

    def read(cells: Sequence[str]) -> Row:
        values: dict = {}
        problems: list[dict] = []
        for index, name, parse, rules in plan:
            cell = cells[index]
            if not cell or cell.isspace():
                continue
            try:
                text = unguard(cell) if cell[0] == "'" else cell
                if is_clear_word(text):
                    clear_value(name, values, reading)
                else:
                    parse(name, text, values, rules)
            except (CellError, DateError, AmountError, ContactError) as error:
                problems.append(_problem(error.code, name, index, cell))
            except ValueProblem as error:
                details = {n: as_json(v) for n, v in error.details.items()}
                problem = _problem(error.code, name, index, cell)
                problems.append({**problem, "details": details})
        if len(cells) > width and any(map(str.strip, cells[width:])):
            problems.append(_problem("cells_beyond", "", None, cells[width]))
        return finish(values, problems, reading)

    return read


def _reading_of(index: int, reading: Reading) -> Reading:
    """The rules for one column, whose dates may be written in an order of their own."""
    order = reading.date_orders.get(index, reading.date_order)
    return (
        replace(reading, date_order=order) if order != reading.date_order else reading
    )


def _problem(code: str, name: str, column: int | None, value: str = "") -> dict:
    shown = clean(value)
    shown = shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
    return {"code": code, "field": name, "column": column, "value": shown}


# Rows


def _customer_key(values: dict, reading: Reading) -> str:
    """What the customer is recognised by: ``ref:17``; empty when the row lacks it."""
    if reading.key.startswith(CUSTOM):
        value = values.get("custom", {}).get(reading.key.removeprefix(CUSTOM))
        return "" if value is None else f"{CUSTOM}{_key_text(value)}"
    for name in KEYS if reading.key == "any" else (reading.key,):
        if value := values.get(_KEY_VALUES[name]):
            return f"{name}:{value}"
    return ""


def _key_text(value) -> str:
    """The value of a custom field as a key: numbers without needless decimals."""
    return (
        plain_number(Decimal(repr(value))) if isinstance(value, float) else str(value)
    )


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
    if "first_name" in values or "last_name" in values:
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
