"""A bucket lets through what flows in, and says how long to wait for more."""

from hypothesis import given
from hypothesis import strategies as st

from engine.token_bucket import Limiter


def test_a_minute_s_requests_may_come_at_once_and_no_more():
    limiter = Limiter()
    assert [limiter.wait("a", 3, 100) for _n in range(3)] == [0.0] * 3
    assert limiter.wait("a", 3, 100) == 20.0
    assert limiter.wait("b", 3, 100) == 0.0
    assert limiter.wait("a", 3, 120) == 0.0


@given(
    st.integers(1, 100),
    st.lists(st.floats(0, 10, allow_nan=False), min_size=1, max_size=300),
)
def test_never_more_than_a_bucket_and_what_flows_in(per_minute, pauses):
    limiter, now, taken = Limiter(), 0.0, 0
    for pause in pauses:
        now += pause
        taken += limiter.wait("a", per_minute, now) == 0.0
    assert taken <= per_minute + now * per_minute / 60 + 1e-6


def test_who_has_gone_is_forgotten():
    limiter = Limiter()
    for number in range(100):
        limiter.wait(str(number), 10, 0)
    limiter.wait("a", 10, 200)
    assert len(limiter._buckets) == 1
