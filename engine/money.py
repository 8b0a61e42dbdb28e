"""Amounts and currencies as people write them.

A Toman is ten Rial and no ISO currency: it is read as Rial times ten, and only where
the file or the person says Toman.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from .text import ascii_digits, match_key

TOMAN = "IRT"
MAX_AMOUNT = Decimal(10) ** 15
# How a pseudo or ISO code is written. A sign that several currencies share stands for
# the best known of them; the reader sees in the preview what was taken.
_WORDS = {
    TOMAN: "irt toman tomans تومان تومن",
    "IRR": "irr rial rials ریال ﷼",
    "USD": "usd us$ $ dollar dollars دلار",
    "EUR": "eur € euro euros یورو",
    "GBP": "gbp £ pound pounds پوند",
    "TRY": "try ₺ tl lira لیر",
    "AED": "aed dirham درهم",
    "INR": "inr ₹ rupee rupees روپیه",
    "JPY": "jpy ¥ yen ین",
    "RUB": "rub ₽ ruble rubles روبل",
    "AFN": "afn afghani افغانی",
    "IQD": "iqd",
}
CODES_BY_WORD = {
    match_key(word): code for code, words in _WORDS.items() for word in words.split()
}

_MINUSES = "-\u2212\u2013"
_NUMBER = re.compile(r"[\d.,٫٬'\u2019\s]*\d[\d.,٫٬'\u2019\s]*")
_SPACES_AND_TICKS = re.compile(r"(?<=\d)[\s'\u2019٬](?=\d{3}(?!\d))")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")


class AmountError(ValueError):
    """An amount that cannot be read; ``code``: amount_unknown, amount_scientific,
    amount_too_large."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def currency_code(text: str) -> str:
    """Upper-case code that a word, sign or code stands for; empty when unknown.

    Any three Latin letters are taken for a code: whether it exists is for the caller.
    """
    key = match_key(text).strip(" .()[]")
    if key in CODES_BY_WORD:
        return CODES_BY_WORD[key]
    return key.upper() if re.fullmatch("[a-z]{3}", key) else ""


def parse_amount(text: str, decimal: str = ".") -> tuple[Decimal, str]:
    """Number in a text, and the word beside it (currency), if any.

    Thousands may be grouped by comma, point, space, apostrophe or ``٬``; negative are a
    minus on either side and parentheses.

    :param decimal: ``.`` or ``,``: the mark that is taken for the decimal one where the
        text leaves it open ("1,234")
    :raises AmountError: see there
    """
    text = ascii_digits(text).replace("\u200f", "").replace("\u200e", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit() and decimal == ".":
        return _limited(text), ""
    number = _NUMBER.search(text)
    if not number:
        raise AmountError("amount_unknown")
    around = text[: number.start()], text[number.end() :]
    word, negative = _word_and_sign(around)
    value = _limited(_plain(number[0].strip(), decimal))
    return (-value if negative else value), word


def _word_and_sign(around: tuple[str, str]) -> tuple[str, bool]:
    """What stands around the digits: currency word, and whether it says negative."""
    before, after = (part.strip() for part in around)
    negative = before.startswith("(") and after.endswith(")")
    if negative:
        before, after = before[1:].strip(), after[:-1].strip()
    minuses = sum(map(before.count, _MINUSES)) + sum(map(after.count, _MINUSES))
    word = re.sub(rf"[{_MINUSES}+\s]", "", before + after)
    if re.match(r"[eE]\W*\d", after + "0") and re.search(r"\d", after):
        raise AmountError("amount_scientific")
    if (
        minuses > 1
        or re.search(r"[\d()]", word)
        or (before and after and word in before)
    ):
        raise AmountError("amount_unknown")
    return word, negative or minuses == 1


def _plain(number: str, decimal: str) -> str:
    """Digits with a point as decimal mark, or none."""
    number = _SPACES_AND_TICKS.sub("", number)
    if "٫" in number:
        whole, _mark, part = number.partition("٫")
        return f"{_whole(whole)}.{part}"
    comma, point = number.rfind(","), number.rfind(".")
    if comma >= 0 and point >= 0:
        mark = max(comma, point)
        return f"{_whole(number[:mark])}.{number[mark + 1 :]}"
    if comma < 0 and point < 0:
        return number
    sign = "," if comma >= 0 else "."
    if number.count(sign) == 1 and (sign == decimal or not _GROUPED.fullmatch(number)):
        return number.replace(sign, ".")
    return _whole(number)


def _whole(number: str) -> str:
    """A whole number without the marks between its groups of three digits."""
    if number.isdigit() or not number:
        return number
    if not _GROUPED.fullmatch(number):
        raise AmountError("amount_unknown")
    return re.sub("[.,]", "", number)


def _limited(number: str) -> Decimal:
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", number):
        raise AmountError("amount_unknown")
    value = Decimal(number)
    if value >= MAX_AMOUNT:
        raise AmountError("amount_too_large")
    return value


def guess_decimal(values: Iterable[str]) -> tuple[str, bool]:
    """Decimal mark of a column, and whether its values prove it or need no proof."""
    doubtful = False
    for value in values:
        number = _NUMBER.search(ascii_digits(value))
        if not number:
            continue
        text = _SPACES_AND_TICKS.sub("", number[0].strip())
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            return (",", True) if comma > point else (".", True)
        if max(comma, point) < 0 or "٫" in text:
            continue
        sign = "," if comma >= 0 else "."
        if text.count(sign) > 1:
            return ("." if sign == "," else ","), True
        if len(text) - text.index(sign) - 1 != 3:
            return sign, True
        doubtful = True
    return ".", not doubtful


def looks_like_amount(text: str) -> bool:
    """Whether a text can be read as an amount."""
    try:
        parse_amount(text)
    except AmountError:
        return False
    return True


def plain_number(value: Decimal) -> str:
    """A number as one text whatever its trailing zeros: ``10``, ``-1.5``."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
