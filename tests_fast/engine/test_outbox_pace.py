import pytest

from engine.outbox_pace import MAX_ATTEMPTS, RATES, Pace, back_off


def test_back_off_grows_and_is_spread_by_chance():
    for attempts in range(1, MAX_ATTEMPTS):
        soonest, latest = back_off(attempts, 0.0), back_off(attempts, 1.0)
        assert soonest < back_off(attempts, 0.5) < latest
        assert latest < back_off(attempts + 1, 0.0)


@pytest.mark.parametrize("kind", sorted(RATES))
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_together_keep_within_the_rate_of_an_account(kind, workers):
    paces, calls = [Pace(workers) for _ in range(workers)], 0
    for tick in range(1_000):  # ten seconds
        for pace in paces:
            allowed = pace.allowed(1, kind, tick / 100)
            pace.take(1, allowed)
            calls += allowed
    assert 9.5 * RATES[kind] <= calls <= 10.5 * RATES[kind]


def test_first_calls_begin_at_once_but_not_a_second_of_them():
    pace = Pace()
    assert 1 <= pace.allowed(1, "telegram", 0.0) < RATES["telegram"]


def test_accounts_do_not_slow_each_other_down():
    pace = Pace()
    pace.take(1, pace.allowed(1, "telegram", 0.0))
    assert pace.allowed(1, "telegram", 0.0) == 0
    assert pace.allowed(2, "telegram", 0.0) > 0


def test_wait_is_until_a_call_may_begin():
    pace = Pace(2)
    pace.take(1, pace.allowed(1, "telegram", 0.0))
    wait = pace.wait(1, "telegram")
    assert pace.allowed(1, "telegram", wait * 0.9) == 0
    assert pace.allowed(1, "telegram", wait + 1e-6) == 1
