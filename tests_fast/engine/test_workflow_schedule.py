"""When workflows go on: fixed clocks, in zones where days and clocks are awkward."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate
from workflow_kit import moment

from engine.birthdays import birth_ranges
from engine.workflow_schedule import (
    after,
    birthdays_between,
    birthdays_on,
    local_day,
    next_allowed,
    next_schedule,
    read_clock,
    until_clock,
    until_date,
)

ZONES = ("Asia/Tehran", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
MINUTE = timedelta(minutes=1)
zones = st.sampled_from(ZONES)
moments = st.datetimes(moment("2024-01-01"), moment("2030-12-31"))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def utc(local, zone, fold=0):
    """UTC of a local "YYYY-MM-DD HH:MM"."""
    said = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return said.astimezone(timezone.utc).replace(tzinfo=None)


def shown(found, zone):
    """Local "YYYY-MM-DD HH:MM" of UTC."""
    local = found.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    return local.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("now", "at", "weekdays", "then"),
    [
        # 2 March 2026 is a Monday
        ("2026-03-02 00:10", "09:00", (), "2026-03-02 09:00"),
        ("2026-03-02 23:50", "09:00", (), "2026-03-03 09:00"),
        ("2026-03-02 00:10", "00:10", (), "2026-03-03 00:10"),
        ("2026-03-02 00:10", "00:11", (0,), "2026-03-02 00:11"),
        ("2026-03-02 23:50", "23:55", (0,), "2026-03-02 23:55"),
        # the hour has passed on the only day of the week
        ("2026-03-02 23:50", "09:00", (0,), "2026-03-09 09:00"),
        ("2026-03-02 00:10", "09:00", (5, 6), "2026-03-07 09:00"),
        ("2026-03-08 23:50", "00:10", (0,), "2026-03-09 00:10"),
        ("2026-02-28 23:50", "09:00", (6,), "2026-03-01 09:00"),
        ("2026-12-31 23:50", "09:00", (), "2027-01-01 09:00"),
    ],
)
def test_clock_time_is_the_next_of_an_allowed_local_day(zone, now, at, weekdays, then):
    found = until_clock(utc(now, zone), zone, read_clock(at), weekdays)
    assert shown(found, zone) == then


@pytest.mark.parametrize(
    ("zone", "now", "at", "then"),
    [
        # clocks go from 02:00 to 03:00
        ("Europe/Berlin", "2026-03-28 23:50", "02:30", "2026-03-29 03:30"),
        ("America/New_York", "2026-03-07 23:50", "02:30", "2026-03-08 03:30"),
        # and back: 02:30 comes twice
        ("Europe/Berlin", "2026-10-24 23:50", "02:30", "2026-10-25 02:30"),
        # Tehran had its last summer time in 2022, from midnight
        ("Asia/Tehran", "2022-03-21 23:50", "00:30", "2022-03-22 01:30"),
        # Samoa never had 30 December 2011
        ("Pacific/Apia", "2011-12-29 23:50", "09:00", "2011-12-31 09:00"),
    ],
)
def test_clock_time_survives_days_on_which_clocks_change(zone, now, at, then):
    found = until_clock(utc(now, zone), zone, read_clock(at))
    assert shown(found, zone) == then


def test_weekday_that_a_zone_has_never_had_is_the_one_of_the_next_week():
    now = utc("2011-12-29 23:50", "Pacific/Apia")
    found = until_clock(now, "Pacific/Apia", time(9), [4])
    assert shown(found, "Pacific/Apia") == "2012-01-06 09:00"


def test_clock_time_that_comes_twice_counts_once():
    zone = "Europe/Berlin"
    first = utc("2026-10-25 02:30", zone)
    assert until_clock(first - MINUTE, zone, time(2, 30)) == first
    later = until_clock(first, zone, time(2, 30))
    assert shown(later, zone) == "2026-10-26 02:30"


@given(moments, zones, clocks, st.sets(st.integers(0, 6), min_size=1).map(sorted))
def test_clock_time_is_soon_and_on_an_allowed_day(now, zone, at, weekdays):
    found = until_clock(now, zone, at, weekdays)
    assert now < found <= now + timedelta(days=8)
    assert local_day(found, zone).weekday() in weekdays


@pytest.mark.parametrize(
    ("zone", "now", "duration", "then"),
    [
        ("UTC", "2026-03-02 10:00", (90, "minutes"), "2026-03-02 11:30"),
        ("Europe/Berlin", "2026-03-28 12:00", (24, "hours"), "2026-03-29 13:00"),
        ("Europe/Berlin", "2026-03-28 12:00", (1, "days"), "2026-03-29 12:00"),
        ("Europe/Berlin", "2026-10-20 12:00", (1, "weeks"), "2026-10-27 12:00"),
        ("Europe/Berlin", "2026-03-28 02:30", (1, "days"), "2026-03-29 03:30"),
        ("Pacific/Kiritimati", "2026-12-31 23:50", (2, "days"), "2027-01-02 23:50"),
    ],
)
def test_days_keep_the_local_hour_and_hours_are_hours(zone, now, duration, then):
    amount, unit = duration
    found = after(utc(now, zone), {"amount": amount, "unit": unit}, zone)
    assert shown(found, zone) == then


@given(
    moments,
    zones,
    st.integers(1, 60),
    st.sampled_from(["minutes", "hours", "days", "weeks"]),
)
def test_duration_ends_later_than_it_begins(now, zone, amount, unit):
    found = after(now, {"amount": amount, "unit": unit}, zone)
    assert abs(found - now - timedelta(**{unit: amount})) <= timedelta(hours=1)
    assert found > now


def jalali(text):
    """The Gregorian date of "YYYY-MM-DD" in the Jalali calendar."""
    return JalaliDate(*map(int, text.split("-"))).to_gregorian()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("said", "now", "at", "days", "then"),
    [
        ("2026-03-05", "2026-03-02 23:50", "09:00", 0, "2026-03-05 09:00"),
        ("2026-03-05", "2026-03-02 00:10", "09:00", -3, "2026-03-02 09:00"),
        ("2026-03-05", "2026-03-02 23:50", "09:00", -2, "2026-03-03 09:00"),
        ("2026-03-05", "2026-03-05 23:50", "09:00", 1, "2026-03-06 09:00"),
        ("2026-12-30", "2026-12-31 23:50", "00:10", 2, "2027-01-01 00:10"),
        ("2026-03-05", "2026-03-06 00:10", "09:00", 0, None),
        ("2020-03-05", "2026-03-05 00:10", "09:00", 0, None),
        # today, and the hour is over: at once
        ("2026-03-05", "2026-03-05 23:50", "09:00", 0, "2026-03-05 23:50"),
    ],
)
def test_date_is_waited_for_until_it_has_passed(zone, said, now, at, days, then):
    found = until_date(
        date.fromisoformat(said), utc(now, zone), zone, read_clock(at), days
    )
    assert (found and shown(found, zone)) == then


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("said", "calendar", "now", "days", "then"),
    [
        ("1990-03-05", "gregorian", "2026-03-02 23:50", 0, "2026-03-05"),
        ("1990-03-05", "gregorian", "2026-03-06 00:10", 0, "2027-03-05"),
        ("1990-01-03", "gregorian", "2026-12-30 23:50", -3, "2026-12-31"),
        ("1990-12-30", "gregorian", "2027-01-01 00:10", 5, "2027-01-04"),
        ("1988-02-29", "gregorian", "2026-02-27 23:50", 0, "2026-02-28"),
        ("1988-02-29", "gregorian", "2028-02-28 00:10", 0, "2028-02-29"),
        ("1988-02-29", "gregorian", "2026-02-01 00:10", 1, "2026-03-01"),
        ("1990-06-01", "gregorian", "2026-06-02 00:10", 365, "2027-06-01"),
        ("1990-06-01", "gregorian", "2026-05-31 00:10", -365, "2026-06-01"),
        # 30 Esfand 1403; 1404 has 29 days in Esfand, its last is 20 March 2026
        ("2025-03-20", "jalali", "2026-03-19 23:50", 0, "2026-03-20"),
        ("2025-03-20", "jalali", "2026-03-22 00:10", 0, "2027-03-20"),
        # 5 Farvardin, from 25 Esfand on
        ("1990-03-25", "jalali", "2026-03-16 23:50", 0, "2026-03-25"),
        # not before the date itself
        ("2030-05-05", "gregorian", "2026-01-01 00:10", 0, "2030-05-05"),
    ],
)
def test_anniversary_is_the_next_in_its_calendar(zone, said, calendar, now, days, then):
    found = until_date(
        date.fromisoformat(said),
        utc(now, zone),
        zone,
        time(9, 0),
        days,
        yearly=True,
        calendar=calendar,
    )
    assert shown(found, zone) == f"{then} 09:00"


def test_anniversary_of_today_is_next_year_when_today_does_not_count():
    now = utc("2026-03-05 10:00", "Asia/Tehran")
    found = until_date(
        date(1990, 3, 5), now, "Asia/Tehran", time(9), yearly=True, today_counts=False
    )
    assert shown(found, "Asia/Tehran") == "2027-03-05 09:00"
    once = until_date(date(2026, 3, 5), now, "Asia/Tehran", time(9), today_counts=False)
    assert once is None


@pytest.mark.parametrize("said", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
@pytest.mark.parametrize("days", [-365, 365])
def test_ends_of_the_calendar_are_no_error(said, calendar, days):
    for yearly in (True, False):
        until_date(
            said, moment("2026-01-01"), "Asia/Tehran", time(9), days, yearly, calendar
        )


@given(
    st.dates(date(1930, 1, 1), date(2035, 1, 1)),
    moments,
    zones,
    clocks,
    st.integers(-365, 365),
    st.sampled_from(["gregorian", "jalali"]),
)
def test_anniversary_is_never_missed_nor_in_the_past(
    said, now, zone, at, days, calendar
):
    found = until_date(said, now, zone, at, days, True, calendar)
    assert found >= now
    if said < local_day(now, zone) - timedelta(days=800):
        assert found - now < timedelta(days=368)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("now", "every", "settings", "then"),
    [
        ("2026-03-02 00:10", "day", {}, "2026-03-02 09:00"),
        ("2026-03-02 23:50", "day", {"weekdays": (4,)}, "2026-03-03 09:00"),
        ("2026-03-02 23:50", "week", {"weekdays": (0, 2)}, "2026-03-04 09:00"),
        ("2026-01-31 23:50", "month", {"day": 31}, "2026-02-28 09:00"),
        ("2026-02-28 23:50", "month", {"day": 31}, "2026-03-31 09:00"),
        ("2028-02-01 00:10", "month", {"day": 30}, "2028-02-29 09:00"),
        ("2026-12-31 23:50", "month", {"day": 1}, "2027-01-01 09:00"),
        ("2026-12-01 23:50", "month", {"day": 1}, "2027-01-01 09:00"),
        # 1 Farvardin 1405; 31 Mehr is no day, 30 Mehr 1405 is 22 October 2026
        (
            "2026-03-20 23:50",
            "month",
            {"day": 1, "calendar": "jalali"},
            "2026-03-21 09:00",
        ),
        (
            "2026-10-01 00:10",
            "month",
            {"day": 31, "calendar": "jalali"},
            "2026-10-22 09:00",
        ),
    ],
)
def test_schedule_comes_at_its_local_time(zone, now, every, settings, then):
    found = next_schedule(utc(now, zone), zone, every, time(9), **settings)
    assert shown(found, zone) == then


@given(moments, zones, clocks, st.integers(1, 31))
def test_monthly_schedule_comes_once_in_each_month(now, zone, at, day):
    months = []
    for _turn in range(14):
        now = next_schedule(now, zone, "month", at, day=day)
        months.append(local_day(now, zone).replace(day=1))
    assert len(set(months)) == 14
    assert (months[-1] - months[0]).days // 30 == 13


@pytest.mark.parametrize(
    ("day", "before", "calendar", "keys"),
    [
        (date(2026, 3, 1), 0, "gregorian", [(3, 1)]),
        (date(2026, 2, 28), 0, "gregorian", [(2, 28), (2, 29)]),
        (date(2028, 2, 28), 0, "gregorian", [(2, 28)]),
        (date(2028, 2, 28), 1, "gregorian", [(2, 29)]),
        (date(2026, 12, 25), 10, "gregorian", [(1, 4)]),
        (date(2026, 4, 30), 0, "gregorian", [(4, 30)]),
        (date(2026, 3, 20), 0, "jalali", [(12, 29), (12, 30)]),
        (date(2025, 3, 20), 0, "jalali", [(12, 30)]),
        (date(2026, 3, 16), 9, "jalali", [(1, 5)]),
    ],
)
def test_birthdays_of_a_day_are_its_own_and_those_that_the_year_lacks(
    day, before, calendar, keys
):
    assert birthdays_on(day, before, calendar) == keys


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
def test_every_birthday_is_on_one_day_of_a_year(calendar):
    start = date(2026, 1, 1) if calendar == "gregorian" else jalali("1405-01-01")
    keys = [
        key
        for n in range(365)
        for key in birthdays_on(start + timedelta(days=n), 0, calendar)
    ]
    assert len(keys) == len(set(keys)) == 366


def test_birthdays_between_days_are_those_of_segments():
    today = date(2026, 3, 15)
    week = birthdays_between(today, today + timedelta(days=6), "jalali")
    assert week == birth_ranges("next_7", today, "jalali")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("now", "quiet", "then"),
    [
        ("2026-03-02 20:59", ("21:00", "09:00"), "2026-03-02 20:59"),
        ("2026-03-02 21:00", ("21:00", "09:00"), "2026-03-03 09:00"),
        ("2026-03-02 23:50", ("21:00", "09:00"), "2026-03-03 09:00"),
        ("2026-03-03 00:10", ("21:00", "09:00"), "2026-03-03 09:00"),
        ("2026-03-03 09:00", ("21:00", "09:00"), "2026-03-03 09:00"),
        ("2026-12-31 23:50", ("23:00", "00:30"), "2027-01-01 00:30"),
        ("2026-03-02 13:30", ("13:00", "15:00"), "2026-03-02 15:00"),
        ("2026-03-02 23:50", ("13:00", "15:00"), "2026-03-02 23:50"),
        ("2026-03-02 23:50", ("00:00", "00:00"), "2026-03-02 23:50"),
    ],
)
def test_quiet_hours_end_on_the_customers_clock(zone, now, quiet, then):
    found = next_allowed(utc(now, zone), zone, *map(read_clock, quiet))
    assert shown(found, zone) == then


quiet_times = st.sampled_from(
    [time(0), time(1, 30), time(2), time(2, 30), time(3), time(9), time(21)]
)
around_changes = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from(
        [
            moment("2026-03-28 22:00"),
            moment("2026-10-24 22:00"),
            moment("2026-03-08 04:00"),
            moment("2026-11-01 04:00"),
        ]
    ),
    st.integers(0, 360),
)


@given(around_changes, st.sampled_from(ZONES[1:3]), quiet_times, quiet_times)
def test_allowed_moment_is_the_first_also_when_clocks_change(
    now, zone, quiet_from, quiet_to
):
    def is_quiet(then):
        local = then.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).time()
        if quiet_from <= quiet_to:
            return quiet_from <= local < quiet_to
        return not quiet_to <= local < quiet_from

    assume(quiet_from not in (time(1, 30), time(2, 30)))  # see the next test
    expected = now
    while is_quiet(expected):
        expected += MINUTE
    assert next_allowed(now, zone, quiet_from, quiet_to) == expected


def test_quiet_hours_that_have_begun_stay_when_clocks_go_back():
    zone = "Europe/Berlin"
    begun = utc("2026-10-25 02:40", zone)
    found = next_allowed(begun, zone, time(2, 30), time(9))
    assert shown(found, zone) == "2026-10-25 09:00"


@pytest.mark.parametrize("text", ["9:77", "24:00", "", "nine"])
def test_clock_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"time data|unconverted"):
        read_clock(text)


def test_local_day_is_the_customers():
    now = moment("2026-03-02 10:30")
    assert local_day(now, "Pacific/Kiritimati") == date(2026, 3, 3)
    assert local_day(now, "America/New_York") == date(2026, 3, 2)
