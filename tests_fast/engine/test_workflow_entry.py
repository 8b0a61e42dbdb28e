from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.workflow_entry import (
    LAST_RUNS,
    MOST_OF_ALL,
    MOST_OF_ONE,
    History,
    is_failing,
    objection,
    turns,
)

HOUR = timedelta(hours=1)
NOW = datetime.fromisoformat("2026-03-01 12:00")
LONG_AGO = NOW - timedelta(days=31)
LATELY = NOW - timedelta(days=29)


@pytest.mark.parametrize(
    ("entry", "history", "expected"),
    [
        (None, History(), ""),
        (None, History(last=LONG_AGO), "entered"),
        ({"policy": "once"}, History(last=LONG_AGO), "entered"),
        ({"policy": "again", "days": 30}, History(last=LONG_AGO), ""),
        ({"policy": "again", "days": 31}, History(last=LONG_AGO), ""),
        ({"policy": "again", "days": 30}, History(last=LATELY), "entered"),
        ({"policy": "always"}, History(last=NOW), ""),
        ({"policy": "always"}, History(active=True, last=NOW), "active"),
        ({"policy": "always"}, History(last=NOW, of_one=MOST_OF_ONE - 1), ""),
        ({"policy": "always"}, History(last=NOW, of_one=MOST_OF_ONE), "too_many"),
        ({"policy": "once"}, History(of_all=MOST_OF_ALL - 1), ""),
        ({"policy": "once"}, History(of_all=MOST_OF_ALL), "too_many"),
        ({"policy": "once"}, History(last=NOW, of_all=MOST_OF_ALL), "entered"),
    ],
)
def test_entry_is_judged_by_policy_then_by_limits(entry, history, expected):
    assert objection(entry, history, NOW) == expected


@pytest.mark.parametrize(
    ("failed", "runs", "expected"),
    [(11, LAST_RUNS, True), (10, LAST_RUNS, False), (19, LAST_RUNS - 1, False)],
)
def test_more_than_half_of_the_last_runs_are_too_many_failures(failed, runs, expected):
    assert is_failing(["failed"] * failed + ["done"] * (runs - failed)) == expected


def test_who_finds_room_in_this_hour_begins_at_once():
    assert turns(3, [], 3, NOW) == [NOW] * 3
    assert turns(1, [NOW - HOUR / 2, NOW - HOUR / 3], 3, NOW) == [NOW]


def test_of_more_than_an_hour_allows_the_others_begin_an_hour_later_each():
    found = turns(5, [], 2, NOW)
    assert found == [NOW, NOW, NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR]


def test_who_comes_later_waits_behind_those_who_are_planned():
    planned = [NOW - HOUR / 2, NOW + HOUR / 2]
    assert turns(2, planned, 2, NOW) == [NOW + HOUR / 2, NOW + HOUR * 1.5]
    assert turns(1, planned, 9, NOW) == [NOW + HOUR / 2]  # the limit was raised


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 200)), max_size=12),
    st.integers(1, 5),
)
def test_no_hour_has_more_starts_than_allowed_whoever_comes_when(comings, most):
    now, planned = NOW, []
    for number, pause in comings:
        now += timedelta(minutes=pause)
        planned += turns(number, planned[-most:], most, now)
    assert planned == sorted(planned)
    for first, last in zip(planned, planned[most:], strict=False):
        assert last - first >= HOUR
