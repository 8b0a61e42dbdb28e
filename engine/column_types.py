"""What type of custom field a column of a file is, by what stands in it."""

import re
from collections.abc import Sequence

from .calendars import looks_like_date
from .field_rules import FieldRule, ValueProblem
from .field_values import read_value
from .links import LinkError, parse_link
from .people import looks_like_email, looks_like_phone
from .text import ascii_digits

_FEW = (
    0.95  # part of the cells that must be of the type; a typo or two may be among them
)
_AMOUNT = re.compile(
    r"[-+]?\d{1,3}(?:[,.٬٫ ]?\d{3})*(?:[.,٫]\d+)?|[-+]?\d+(?:[.,٫]\d+)?"
)
_YES_NO = FieldRule(key="column", type="boolean")


def guess_type(values: Sequence[str], region: str | None = None) -> str:
    """Type of the field that a column would be: a name of ``fields.SLOT_COUNTS``.

    Numbers with a leading zero or of more than 15 digits are codes: text. 0 and 1 alone
    are numbers; yes or no must be words.

    :param values: some cells, empty ones too
    :param region: ISO code of the country whose phone numbers are expected
    """
    cells = [ascii_digits(value).strip() for value in values if value.strip()]
    if not cells:
        return "text"
    for kind, fits in (
        ("boolean", _is_answer),
        ("email", looks_like_email),
        ("url", _is_link),
        ("date", _is_date),
        ("phone", lambda cell: _is_phone(cell, region)),
        ("number", _is_number),
    ):
        if sum(map(fits, cells)) >= _FEW * len(cells):
            return kind
    return "text"


def _is_answer(cell: str) -> bool:
    if cell.isdecimal():
        return False
    try:
        return isinstance(read_value(_YES_NO, cell), bool)
    except ValueProblem:
        return False


def _is_link(cell: str) -> bool:
    if not re.match(r"(?:https?://|www\.)", cell, re.IGNORECASE):
        return False
    try:
        return bool(parse_link(cell))
    except LinkError:
        return False


def _is_date(cell: str) -> bool:
    # 20240131 may be a date; 1.5 and 31 are none
    return len(re.findall(r"\d+|[^\W\d_]+", cell)) >= 3 and looks_like_date(cell)


def _is_phone(cell: str, region: str | None) -> bool:
    digits = sum(map(str.isdecimal, cell))
    marked = cell.startswith(("0", "+", "("))
    return marked and digits >= 8 and looks_like_phone(cell, region)


def _is_number(cell: str) -> bool:
    digits = cell.lstrip("+-")
    if len(digits) > 1 and digits.startswith("0") and digits[1:2].isdecimal():
        return False
    return sum(map(str.isdecimal, cell)) <= 15 and bool(_AMOUNT.fullmatch(cell))
