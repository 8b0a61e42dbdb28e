from datetime import datetime, timedelta

import pytest

from engine.workflow_entry import (
    LAST_RUNS,
    MOST_OF_ALL,
    MOST_OF_ONE,
    History,
    is_failing,
    objection,
)

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
