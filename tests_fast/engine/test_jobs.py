"""jobs.py: which scheduled job needs help."""

from hypothesis import given
from hypothesis import strategies as st

from engine.jobs import FIRST_PAUSE, LONGEST_PAUSE, SOON, repair_needed

TOMORROW = 80_000
numbers = st.floats(0, 10**7)


@given(st.integers(0, 99), numbers, numbers)
def test_a_job_switched_off_is_switched_on_whatever_else(failures, due_in, since):
    assert repair_needed(False, failures, due_in, since) == "switched_off"


@given(numbers, numbers)
def test_a_job_without_failures_keeps_its_turn(due_in, since):
    assert repair_needed(True, 0, due_in, since) is None


@given(st.integers(1, 99), st.floats(-(10**7), SOON), numbers)
def test_a_job_that_is_due_soon_needs_no_help(failures, due_in, since):
    assert repair_needed(True, failures, due_in, since) is None


@given(st.integers(1, 10**6))
def test_no_pause_is_longer_than_the_longest(failures):
    assert repair_needed(True, failures, TOMORROW, LONGEST_PAUSE) == "waiting"


def test_pauses_double_with_each_failure():
    for failures, pause in ((1, 1), (2, 2), (3, 4), (4, 8)):
        seconds = FIRST_PAUSE * pause
        assert repair_needed(True, failures, TOMORROW, seconds - 1) is None
        assert repair_needed(True, failures, TOMORROW, seconds) == "waiting"


def test_a_job_that_never_ran_is_helped_at_once():
    assert repair_needed(True, 1, TOMORROW, None) == "waiting"
