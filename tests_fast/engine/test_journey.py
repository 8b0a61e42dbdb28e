from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import journey
from engine.journey import STAGES, Point

AGES = st.integers(0, 40)
STAY = st.tuples(AGES, AGES, st.booleans()).map(
    lambda stay: (min(stay[:2]), max(stay[:2]), stay[2])
)


def points(stays):
    """Stays (first age, last age, moved) as the points of a curve."""
    for first, last, moved in stays:
        yield Point("purchase", first, 1, 0, 0)
        yield Point("purchase", last, 0, 1, int(moved))


def summed(stays):
    """The same with one point for each age, as the database gives them."""
    ages = {}
    for point in points(stays):
        came, left, moved = ages.get(point.age, (0, 0, 0))
        ages[point.age] = came + point.came, left + point.left, moved + point.moved
    return [Point("purchase", age, *counts) for age, counts in ages.items()]


def expected_median(stays):
    """Straight from the definition, age by age, with exact fractions."""
    still_there = Fraction(1)
    for age in range(41):
        watched = [s for s in stays if s[0] <= age <= s[1]]
        moved = sum(1 for s in watched if s[1] == age and s[2])
        if moved and len(watched) >= journey.WATCHED:
            still_there *= 1 - Fraction(moved, len(watched))
            if still_there <= Fraction(1, 2):
                return age
    return None


@given(st.lists(STAY, max_size=60))
def test_median_is_that_of_the_definition(stays):
    assert journey.median_days(summed(stays)) == expected_median(stays)


@given(st.lists(STAY, max_size=30), st.randoms())
def test_median_does_not_depend_on_the_order_of_the_points(stays, rng):
    shuffled = summed(stays)
    rng.shuffle(shuffled)
    assert journey.median_days(shuffled) == journey.median_days(summed(stays))


def test_those_who_stay_make_the_median_longer():
    moved = [(0, 10, True)] * 10
    assert journey.median_days(summed(moved)) == 10
    assert journey.median_days(summed(moved + [(0, 30, True)] * 5)) == 10
    assert journey.median_days(summed(moved + [(0, 90, False)] * 11)) is None


def test_a_long_stay_is_not_watched_before_the_period():
    # without delayed entry the old one would count as watched at age 3
    young = [(0, 3, True)] * 4
    assert journey.median_days(summed([*young, (50, 60, False)])) is None
    assert journey.median_days(summed([*young, (0, 60, False)])) == 3


def test_a_handful_does_not_decide():
    assert journey.median_days(summed([(0, 1, True)] * (journey.WATCHED - 1))) is None
    assert journey.median_days(summed([(0, 1, True)] * journey.WATCHED)) == 1


@given(
    st.dictionaries(st.sampled_from(STAGES), st.integers(0, 50)),
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from(STAGES)).filter(
            lambda pair: pair[0] != pair[1]
        ),
        st.integers(1, 50),
    ),
)
def test_every_move_is_forward_or_back_and_shares_are_shares(customers, moves):
    rows = journey.stage_figures(customers, moves, customers, {})
    assert [row.stage for row in rows] == list(STAGES)
    assert sum(r.forward + r.back for r in rows) == sum(moves.values())
    for row in rows:
        assert row.stays == row.customers + row.forward + row.back
        for share in (row.conversion, row.drop_off):
            assert share is None or 0 <= share <= 1


@pytest.mark.parametrize(
    ("stage", "conversion", "drop_off"),
    [
        ("awareness", 20 / 90, 10 / 90),
        ("purchase", None, None),
        ("advocacy", None, 0.5),
    ],
)
def test_shares_are_of_all_who_were_there(stage, conversion, drop_off):
    rows = journey.stage_figures(
        {"awareness": 70, "advocacy": 5},
        {
            ("awareness", "purchase"): 15,
            ("awareness", "consideration"): 5,
            ("advocacy", "retention"): 5,
        },
        {"awareness": 10},
        {},
    )
    row = next(row for row in rows if row.stage == stage)
    assert (row.conversion, row.drop_off) == (conversion, drop_off)


def test_stays_that_ended_before_the_period_are_left_out():
    stays = [
        journey.Stays("began", "purchase", 0, 20, 6),
        journey.Stays("ended", "purchase", 0, 8, 6),
        journey.Stays("began", "purchase", 1, 90, 6),
        journey.Stays("ended", "purchase", 1, 2, 6),
        journey.Stays("open", "purchase", 0, 60, 1),
    ]
    assert journey.medians(stays, 0, 30)["purchase"] == 8
    assert journey.medians(stays, 1, None)["purchase"] == 8
    assert journey.medians(stays[2:], 1, None)["purchase"] == 2
    assert journey.medians(stays[2:], 0, 30)["purchase"] is None


def test_where_nobody_knows_who_is_silent_nobody_knows_the_drop_off():
    rows = journey.stage_figures(
        {"purchase": 3}, {("purchase", "awareness"): 1}, None, {}
    )
    row = rows[STAGES.index("purchase")]
    assert (row.silent, row.drop_off, row.back) == (None, None, 1)
