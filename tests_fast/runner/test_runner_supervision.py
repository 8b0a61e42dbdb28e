"""supervision.py: what makes Odoo start anew, and what does not."""

from dataclasses import replace

import pytest

from runner.plan import back_off
from runner.supervision import (
    CRIPPLED_SECONDS,
    LONGEST_PATIENCE,
    LOOK_SECONDS,
    SILENT_SECONDS,
    STABLE_SECONDS,
    STALE_PATIENCE,
    STALE_SECONDS,
    START_SECONDS,
    WAKE_SECONDS,
    Look,
    Watch,
    failures_after,
    look_pause,
    needs_waking,
    next_watch,
    reason_to_restart,
    remember,
)

WELL = {"answered": True, "well": True, "database": True, "beat_age": 30}
CRIPPLED = {**WELL, "well": False}
STALE = {**CRIPPLED, "beat_age": 10**7}
NO_DATABASE = {"answered": True}
SILENT = {}


def play(*phases, watch=None):
    """Look every LOOK_SECONDS: phases are (seconds, what a look finds).

    :returns: (watch at the end, time, reason of the first restart or None, its time)
    """
    watch = watch or Watch(started=0)
    now, reason, when = watch.started, None, None
    for seconds, found in phases:
        end = now + seconds
        while now < end:
            now += LOOK_SECONDS
            watch = remember(watch, Look(at=now, **found))
            if not reason:
                reason = reason_to_restart(watch, now)
                when = now if reason else None
    return watch, now, reason, when


def test_a_healthy_odoo_is_left_alone():
    assert play((86400, WELL))[2] is None


def test_an_odoo_that_hangs_is_started_anew():
    _watch, _now, reason, when = play((300, WELL), (300, SILENT))
    assert "not answered" in reason
    assert when - 300 <= SILENT_SECONDS + LOOK_SECONDS


def test_a_short_silence_is_forgiven():
    assert play((60, WELL), (SILENT_SECONDS - 10, SILENT), (60, WELL))[2] is None


def test_a_slow_start_gets_more_time_than_a_hang():
    assert play((START_SECONDS - 10, SILENT))[2] is None
    assert play((START_SECONDS + 10, SILENT))[2]


def test_dead_threads_are_found_within_seconds_though_the_heartbeat_is_fresh():
    _watch, _now, reason, when = play((300, WELL), (300, CRIPPLED))
    assert "dead" in reason
    assert when - 300 <= CRIPPLED_SECONDS + LOOK_SECONDS


def test_one_crippled_look_at_a_start_is_forgiven():
    assert play((LOOK_SECONDS, CRIPPLED), (60, WELL))[2] is None


def test_a_heartbeat_that_stays_late_is_a_reason():
    _watch, _now, reason, when = play((300, WELL), (600, STALE))
    assert "No scheduled job" in reason
    assert when - 300 <= STALE_PATIENCE + LOOK_SECONDS


def test_a_machine_that_slept_gets_time_for_the_next_beat():
    assert play((300, WELL), (STALE_PATIENCE - 10, STALE), (300, WELL))[2] is None


def test_a_fresh_start_is_not_judged_by_the_silence_before_it():
    assert play((STALE_SECONDS, STALE))[2] is None


def test_a_missing_database_is_no_reason_by_itself():
    """Odoo cannot help it; it is started anew when its threads turn out to be dead."""
    assert play((300, WELL), (3600, NO_DATABASE))[2] is None


def test_fruitless_starts_for_want_of_a_heartbeat_become_rare():
    watch, times = Watch(started=0), []
    for _start in range(12):
        watch, _now, reason, when = play((2 * LONGEST_PATIENCE, STALE), watch=watch)
        assert reason
        times.append(when - watch.started)
        watch = next_watch(watch, 0)
    assert times == sorted(times)
    assert times[0] < 300
    assert LONGEST_PATIENCE <= times[-1] <= LONGEST_PATIENCE + LOOK_SECONDS


def test_a_heartbeat_after_the_start_ends_the_fruitless_ones():
    watch = next_watch(Watch(started=0, fruitless=4), 100)
    assert watch.fruitless == 5
    beaten = remember(watch, Look(at=110, **{**WELL, "beat_age": 3}))
    assert next_watch(beaten, 200).fruitless == 0


def test_jobs_are_woken_until_the_first_beat_of_the_start():
    watch = Watch(started=100)
    old = remember(watch, Look(at=105, **{**WELL, "beat_age": 50}))
    assert needs_waking(old, 105)
    assert look_pause(old, 105) < LOOK_SECONDS
    new = remember(old, Look(at=110, **{**WELL, "beat_age": 2}))
    assert not needs_waking(new, 110)
    assert look_pause(new, 110) == LOOK_SECONDS


def test_jobs_are_not_woken_for_ever():
    assert not needs_waking(Watch(started=0), WAKE_SECONDS)


def test_pauses_grow_while_odoo_does_not_get_well():
    failures, pauses = 0, []
    for _start in range(6):
        failures = failures_after(failures, Watch(started=0), 30)
        pauses.append(back_off(failures))
    assert pauses == sorted(pauses)
    assert pauses[0] < 5 < pauses[-1]


def test_pauses_stay_short_while_each_start_comes_to_work():
    failures = 0
    for _start in range(9):
        failures = failures_after(failures, Watch(started=0, beaten=True), 30)
    assert back_off(failures) == 5


@pytest.mark.parametrize(
    ("well_for", "expected"), [(STABLE_SECONDS, 1), (STABLE_SECONDS - 1, 5)]
)
def test_only_lasting_health_forgets_earlier_failures(well_for, expected):
    watch = replace(Watch(started=0), well_since=100)
    assert failures_after(4, watch, 100 + well_for) == expected
