from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from engine.birthdays import (
    CALENDARS,
    PERIODS,
    birth_ranges,
    birthday_moves,
    window,
)

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def in_ranges(birth, period, today, calendar):
    ranges = birth_ranges(period, today, calendar)
    return any(first <= birth <= last for first, last in ranges)


@settings(deadline=None)
@given(days, days, st.sampled_from(PERIODS), st.sampled_from(CALENDARS))
def test_ranges_are_the_dates_celebrated_in_the_period(birth, today, period, calendar):
    first, last = window(period, today, calendar)
    years = {year_of(day, calendar) for day in (first, last)}
    party = any(first <= celebrated(birth, y, calendar) <= last for y in years)
    assert in_ranges(birth, period, today, calendar) == (party and birth <= last)


def year_of(day, calendar):
    return JalaliDate(day).year if calendar == "jalali" else day.year


def celebrated(birth, year, calendar):
    """The day of a year on which a birthday is celebrated: the last there is."""
    made, born = date, birth
    if calendar == "jalali":
        made, born = JalaliDate, JalaliDate(birth)
    for day in range(born.day, 0, -1):
        try:
            found = made(year, born.month, day)
        except ValueError:
            continue
        return found.to_gregorian() if calendar == "jalali" else found
    raise AssertionError("a month has days")


@settings(deadline=None)
@given(
    days,
    days,
    st.integers(0, 31),
    st.sampled_from(PERIODS),
    st.sampled_from(CALENDARS),
)
def test_who_comes_and_goes_while_days_pass_is_among_the_moves(
    birth, before, passed, period, calendar
):
    seen = {
        in_ranges(birth, period, before + timedelta(days=n), calendar)
        for n in range(passed + 1)
    }
    today = before + timedelta(days=passed)
    for two in ((before, today), (today, before)):
        moves = birthday_moves(period, *two, calendar)
        moved = any(first <= birth <= last for first, last in moves)
        assert moved or len(seen) == 1


def test_month_that_goes_on_moves_nobody():
    march = date(2026, 3, 10), date(2026, 3, 11)
    assert birthday_moves("this_month", *march, "gregorian") == []
    moved = birthday_moves("next_7", *march, "gregorian")
    assert (date(1990, 3, 10),) * 2 in moved
    assert (date(1990, 3, 17),) * 2 in moved
    assert len({day.timetuple()[1:3] for span in moved for day in span}) == 2


@pytest.mark.parametrize(
    ("today", "born", "calendar"),
    [
        (date(2026, 2, 28), date(2000, 2, 29), "gregorian"),
        (date(2028, 2, 29), date(2000, 2, 29), "gregorian"),
        (JalaliDate(1404, 12, 29).to_gregorian(), JalaliDate(1375, 12, 30), "jalali"),
        (JalaliDate(1403, 12, 30).to_gregorian(), JalaliDate(1375, 12, 30), "jalali"),
    ],
)
def test_day_that_a_year_lacks_is_celebrated_the_day_before(today, born, calendar):
    born = born.to_gregorian() if isinstance(born, JalaliDate) else born
    assert in_ranges(born, "today", today, calendar)
    assert not in_ranges(born, "today", today + timedelta(days=1), calendar)


def test_day_before_a_leap_day_has_only_its_own():
    assert not in_ranges(date(2000, 2, 29), "today", date(2028, 2, 28), "gregorian")


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ((12, 19), False),
        ((12, 20), True),
        ((1, 10), True),
        ((1, 18), True),
        ((1, 19), False),
    ],
)
def test_30_days_go_over_the_end_of_the_year(born, found):
    birth = date(1990, *born)
    assert in_ranges(birth, "next_30", date(2026, 12, 20), "gregorian") is found


@pytest.mark.parametrize(
    ("month", "day", "found"),
    [(12, 24, False), (12, 25, True), (1, 2, True), (1, 3, False)],
)
def test_7_days_go_over_nowruz(month, day, found):
    today = JalaliDate(1404, 12, 25).to_gregorian()  # 1404 has 29 days of Esfand
    birth = JalaliDate(1370, month, day).to_gregorian()
    assert in_ranges(birth, "next_7", today, "jalali") is found


def test_month_is_that_of_the_calendar():
    today = date(2026, 3, 20)  # 29 Esfand 1404
    assert window("this_month", today, "jalali")[0] == date(2026, 2, 20)
    assert window("next_month", today, "jalali")[0] == date(2026, 3, 21)
    assert window("next_month", date(2026, 12, 5), "gregorian") == (
        date(2027, 1, 1),
        date(2027, 1, 31),
    )
