"""Whose birthday is in a period: as ranges of dates of birth, in either calendar.

A day that the current year lacks, 29 February or 30 Esfand, is celebrated on the day
before it.
"""

from datetime import date, timedelta
from functools import lru_cache

from persiantools.jdatetime import JalaliDate

PERIODS = ("today", "next_7", "next_30", "this_month", "next_month")
CALENDARS = ("gregorian", "jalali")
FIRST_YEAR = 1850  # the earliest year of birth that a date can have
_GREGORIAN_OF_JALALI = 621
_LAST_DAY = 31
_LEAP_YEARS = {"gregorian": 2024, "jalali": 1403}


def birth_ranges(period: str, today: date, calendar: str) -> list[tuple[date, date]]:
    """Dates of birth of those who have their birthday in a period.

    :param period: of ``PERIODS``; "next_7" is seven days, today the first of them
    :param today: the shop's day
    :param calendar: of ``CALENDARS``: in which birthdays are celebrated
    :return: ranges (first, last), both included, the earliest first; nobody is born
        after the period
    """
    first, last = window(period, today, calendar)
    return list(_ranges(first, last, calendar))


def window(period: str, today: date, calendar: str) -> tuple[date, date]:
    """First and last day of a period, both included."""
    if period in ("this_month", "next_month"):
        year, month, _day = parts_of(today, calendar)
        if period == "next_month":
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        last = _make(*following, 1, calendar) - timedelta(days=1)
        return _make(year, month, 1, calendar), last
    days = {"today": 1, "next_7": 7, "next_30": 30}[period]
    return today, today + timedelta(days=days - 1)


def birthdays_between(
    first: date, last: date, calendar: str
) -> list[tuple[date, date]]:
    """Dates of birth of those who have their birthday from one day to another.

    :param last: included, less than a year after ``first``
    :return: as of ``birth_ranges``
    """
    return list(_ranges(first, last, calendar))


def birthdays_on(
    local_day: date, days_before: int, calendar: str
) -> list[tuple[int, int]]:
    """Month and day, in the calendar, of those who have their birthday in some days.

    :param local_day: the day from which days are counted
    :return: that of the day itself, and on the day before one that the year lacks also
        that one: 28 February has (2, 28) and (2, 29) in a common year
    """
    day = local_day + timedelta(days=days_before)
    _year, month, number = parts_of(day, calendar)
    _month, last = _last_celebrated(day, calendar)
    return [(month, each) for each in range(number, last + 1)]


def birthday_moves(
    period: str, before: date, today: date, calendar: str
) -> list[tuple[date, date]]:
    """Dates of birth of those who come into a period, or fall out of it, with the days.

    :param before: the shop's day until which all is right, some weeks ago at most
    :return: as of ``birth_ranges``: all who were in it on one of the days from
        ``before`` to ``today``, but not on all of them
    """
    if before > today:
        before, today = today, before
    was_first, was_last = window(period, before, calendar)
    first, last = window(period, today, calendar)
    day = timedelta(days=1)
    spans = [
        (was_first, min(first - day, was_last)),
        (max(was_last + day, first), last),
    ]
    if first > was_last:  # and the periods of the days in between
        spans = [(was_first, last)]
    return sorted(
        found
        for beginning, ending in spans
        if beginning <= ending
        for found in _ranges(beginning, ending, calendar)
    )


@lru_cache(maxsize=64)
def _ranges(first, last, calendar):
    parts = [(first, last)]
    turn = _make(parts_of(last, calendar)[0], 1, 1, calendar)
    if first < turn:  # a period over the end of the calendar's year
        parts = [(first, turn - timedelta(days=1)), (turn, last)]
    found = []
    for beginning, ending in parts:
        start = parts_of(beginning, calendar)[1:]
        end = _last_celebrated(ending, calendar)
        found += [
            span
            for year in range(_first_year(calendar), parts_of(last, calendar)[0] + 1)
            if (span := _span(year, start, end, calendar)) and span[0] <= last
        ]
    return tuple(sorted(found))


def _span(year, start, end, calendar):
    """Dates of a year of birth from one (month, day) to another, if any."""
    first = nearest_day(year, *start, calendar)
    if parts_of(first, calendar)[1:] != start:  # the year lacks that day
        first += timedelta(days=1)
    last = nearest_day(year, *end, calendar)
    return (first, last) if first <= last else None


def _last_celebrated(day, calendar):
    """The last (month, day) that is celebrated on a day: itself, or a missing one."""
    year, month, number = parts_of(day, calendar)
    while (
        number < _LAST_DAY
        and nearest_day(year, month, number + 1, calendar) == day
        and _exists(month, number + 1, calendar)
    ):
        number += 1
    return month, number


def _exists(month, day, calendar):
    """Whether any year of the calendar has such a day."""
    return day <= _length(_LEAP_YEARS[calendar], month, calendar)


@lru_cache(maxsize=8192)
def _length(year, month, calendar):
    if calendar == "jalali":
        return JalaliDate.days_in_month(month, year)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return (date(*following, 1) - date(year, month, 1)).days


def nearest_day(year: int, month: int, day: int, calendar: str) -> date:
    """A day of a month, or the last day of the month if it has no such day."""
    return _make(year, month, min(day, _length(year, month, calendar)), calendar)


def _make(year, month, day, calendar):
    if calendar == "jalali":
        return JalaliDate(year, month, day).to_gregorian()
    return date(year, month, day)


def parts_of(day: date, calendar: str) -> tuple[int, int, int]:
    """Year, month and day of a date in a calendar."""
    if calendar == "jalali":
        jalali = JalaliDate(day)
        return jalali.year, jalali.month, jalali.day
    return day.year, day.month, day.day


def _first_year(calendar):
    return FIRST_YEAR - (_GREGORIAN_OF_JALALI if calendar == "jalali" else 0)
