"""Dates as people write them: Gregorian and Jalali, digits or month names, any script.

Which of day, month and year comes first cannot be known from one date ("03/04/2026"):
``guess_order`` looks at a whole column, and the reader is told.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from persiantools.jdatetime import JalaliDate

from .text import ascii_digits, match_key

ORDERS = ("ymd", "dmy", "mdy")
JALALI_YEARS = range(1200, 1500)
GREGORIAN_YEARS = range(1850, 2200)

_JALALI_MONTHS = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman"
    " esfand",
)
JALALI_MONTHS = tuple(_JALALI_MONTHS[0].split())  # their Persian names, in order
_GREGORIAN_MONTHS = (
    "january february march april may june july august september october november"
    " december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "ژانویه فوریه مارس آپریل می جون جولای آگوست سپتامبر اکتبر نوامبر دسامبر",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
_MONTHS = {
    match_key(name): number
    for names in _JALALI_MONTHS + _GREGORIAN_MONTHS
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
_JALALI_NAMES = {match_key(n) for names in _JALALI_MONTHS for n in names.split()}

_TIME = re.compile(
    r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(
    r"(\d{1,4})?[\s,/.-]*([^\W\d_]+)[\s,/.-]*(\d{1,4})(?:[\s,/.-]+(\d{4}))?"
)


class DateError(ValueError):
    """A date that cannot be read; ``code``: date_unknown, date_short_year, date_year,
    date_impossible."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=20_000)
def parse_date(text: str, order: str = "dmy") -> date | datetime:
    """A date, or a date and time when the text has a time.

    Years 1200-1499 are Jalali. A time with a zone comes back aware, without one naive.

    :param order: of day, month and year when digits leave it open; a year of four
        digits in the first place is read as year, month, day whatever the order
    :raises DateError: see there
    """
    text = ascii_digits(text).replace("\u200c", " ").strip()
    clock = _TIME.search(text)
    day = _parse_day(text[: clock.start()] if clock else text, order)
    return _with_time(day, clock) if clock else day


def _parse_day(text: str, order: str) -> date:
    if match := _COMPACT.fullmatch(text):
        return _make_date(*map(int, match.groups()))
    if match := _NUMBERS.fullmatch(text):
        return _from_numbers(match.groups(), order)
    if match := _WORDS.fullmatch(text):
        return _from_words(*match.groups())
    raise DateError("date_unknown")


def _from_numbers(parts: tuple[str, ...], order: str) -> date:
    if len(parts[0]) == 4:
        order = "ymd"
    elif order == "ymd":
        order = "dmy"
    by_letter = dict(zip(order, parts, strict=True))
    if len(by_letter["y"]) != 4:
        short = all(len(part) <= 2 for part in parts)
        raise DateError("date_short_year" if short else "date_unknown")
    return _make_date(int(by_letter["y"]), int(by_letter["m"]), int(by_letter["d"]))


def _from_words(first: str | None, word: str, second: str, third: str | None) -> date:
    """``31 January 2026``, ``January 31, 2026``, ``2026 January 31``."""
    name = match_key(word)
    if name not in _MONTHS:
        raise DateError("date_unknown")
    numbers = [number for number in (first, second, third) if number]
    years = [number for number in numbers if len(number) == 4]
    if len(numbers) != 2 or len(years) != 1:
        raise DateError("date_short_year" if not years else "date_unknown")
    numbers.remove(years[0])
    year = int(years[0])
    if (name in _JALALI_NAMES) != (year in JALALI_YEARS):
        raise DateError("date_impossible")
    return _make_date(year, _MONTHS[name], int(numbers[0]))


def _make_date(year: int, month: int, day: int) -> date:
    if year not in JALALI_YEARS and year not in GREGORIAN_YEARS:
        raise DateError("date_year")
    try:
        if year in JALALI_YEARS:
            return JalaliDate(year, month, day).to_gregorian()
        return date(year, month, day)
    except ValueError as error:
        raise DateError("date_impossible") from error


def _with_time(day: date, clock: re.Match) -> datetime:
    hour, minute, second, half, zone = clock.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise DateError("date_impossible")
        hours = hours % 12 + (12 if half in "pP" else 0)
    try:
        moment = datetime.combine(day, time(hours, int(minute), int(second or 0)))
    except ValueError as error:
        raise DateError("date_impossible") from error
    if not zone:
        return moment
    if zone == "Z":
        return moment.replace(tzinfo=timezone.utc)
    sign = -1 if zone[0] == "-" else 1
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if offset >= timedelta(days=1):
        raise DateError("date_impossible")
    return moment.replace(tzinfo=timezone(sign * offset))


def to_jalali(day: date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian date in the Jalali calendar."""
    jalali = JalaliDate(day)
    return jalali.year, jalali.month, jalali.day


def as_utc(said: date | datetime, zone: tzinfo) -> datetime:
    """A day or time as naive UTC; a day is its first moment in the zone.

    :param zone: of a time that names none
    :raises OverflowError: at the ends of the calendar
    """
    if not isinstance(said, datetime):
        said = datetime.combine(said, time())
    if said.tzinfo is None:
        said = said.replace(tzinfo=zone)
    return said.astimezone(timezone.utc).replace(tzinfo=None)


def guess_order(values: Iterable[str], default: str = "dmy") -> tuple[str, bool]:
    """Order of day, month and year in a column, and whether its values prove it.

    :param default: when nothing in the column tells
    """
    seen = False
    for value in values:
        match = _NUMBERS.match(ascii_digits(value).strip())
        if not match:
            continue
        first, second, _third = match.groups()
        if len(first) == 4:
            return "ymd", True
        if int(first) > 12:
            return "dmy", True
        if int(second) > 12:
            return "mdy", True
        seen = True
    return default, not seen


def looks_like_date(text: str) -> bool:
    """Whether a text can be read as a date in some order."""
    for order in ORDERS:
        try:
            parse_date(text, order)
        except (DateError, OverflowError):
            continue
        return True
    return False
