"""Quiet hours and days in the customer's zone, also where the clocks are changed."""

from datetime import datetime, timedelta

import pytest

from engine.send_gate import Verdict
from engine.send_limits import DAY_MINUTES, day_begin, frequency, quiet, quiet_until

NIGHT = (21 * 60, 9 * 60)
ZONES = ("Asia/Tehran", "Europe/Berlin", "America/New_York", "UTC")


def utc(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-05-04 17:29", None),  # 20:59 in Tehran, 3:30 ahead
        ("2026-05-04 17:30", "2026-05-05 05:30"),
        ("2026-05-04 23:00", "2026-05-05 05:30"),
        ("2026-05-05 05:29", "2026-05-05 05:30"),
        ("2026-05-05 05:30", None),
    ],
)
def test_night_is_the_customer_s(now, until):
    found = quiet(utc(now), "Asia/Tehran", *NIGHT)
    expected = until and Verdict("defer", "quiet_hours", until=utc(until))
    assert found == expected


def test_quiet_hours_by_day_do_not_cross_midnight():
    noon, hours = utc("2026-05-04 12:30"), (12 * 60, 14 * 60)
    assert quiet_until(noon, "UTC", *hours) == utc("2026-05-04 14:00")
    assert quiet_until(utc("2026-05-04 14:00"), "UTC", *hours) is None
    assert quiet_until(utc("2026-05-04 11:59"), "UTC", *hours) is None


def test_same_begin_and_end_is_no_quiet_hour():
    assert quiet(utc("2026-05-04 00:00"), "UTC", 540, 540) is None


@pytest.mark.parametrize("zone", ZONES)
def test_end_of_quiet_hours_is_never_quiet_in_a_whole_year(zone):
    moment, end = utc("2026-01-01 00:07"), utc("2027-01-01 00:00")
    while moment < end:
        until = quiet_until(moment, zone, *NIGHT)
        if until:
            assert moment < until <= moment + timedelta(hours=13)
            assert quiet_until(until, zone, *NIGHT) is None
        moment += timedelta(minutes=37)


def test_hour_that_the_clocks_skip_ends_after_it():
    # in Berlin 02:30 of 29 March 2026 does not exist
    until = quiet_until(utc("2026-03-29 00:00"), "Europe/Berlin", 0, 150)
    assert until == utc("2026-03-29 01:30")


@pytest.mark.parametrize("zone", ZONES)
def test_days_of_a_year_follow_each_other_without_gaps(zone):
    moment = utc("2026-01-01 12:00")
    for _day in range(365):
        begin, following = day_begin(moment, zone), day_begin(moment, zone, days=1)
        assert begin <= moment < following
        assert timedelta(hours=23) <= following - begin <= timedelta(hours=25)
        assert day_begin(following, zone) == following
        assert day_begin(following - timedelta(seconds=1), zone) == begin
        moment += timedelta(minutes=DAY_MINUTES)


def test_room_on_the_day_lets_a_message_pass():
    now = utc("2026-05-04 12:00")
    assert frequency(2, 3, None, now, "UTC", *NIGHT) is None
    assert frequency(99, 0, None, now, "UTC", *NIGHT) is None


def test_full_day_waits_for_the_next_morning_after_the_quiet_hours():
    now = utc("2026-05-04 12:00")
    assert frequency(3, 3, None, now, "Asia/Tehran", *NIGHT) == Verdict(
        "defer", "frequency_cap", until=utc("2026-05-05 05:30")
    )
    assert frequency(3, 3, None, now, "Asia/Tehran", 0, 0).until == utc(
        "2026-05-04 20:30"
    )


def test_message_that_waited_a_day_for_room_is_dropped():
    now = utc("2026-05-04 12:00")
    almost, whole = now - timedelta(hours=23, minutes=59), now - timedelta(hours=24)
    assert frequency(3, 3, almost, now, "UTC", *NIGHT).action == "defer"
    assert frequency(3, 3, whole, now, "UTC", *NIGHT) == Verdict("drop", "too_late")
    assert frequency(2, 3, whole, now, "UTC", *NIGHT) is None
