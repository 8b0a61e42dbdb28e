"""The engine's score against an oracle that was written from the formula alone."""

import importlib.util
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import scoring

ORACLE = Path(__file__).parents[2] / "tests" / "score" / "oracle.py"
NOW = datetime.fromisoformat("2026-06-01 12:00:00")
TOLERANCE = Decimal(
    "2e-9"
)  # last digit of 9 decimals, reached by another order of sums


def load_oracle():
    """The oracle, by its path: tests/ itself can be imported inside Odoo only."""
    spec = importlib.util.spec_from_file_location("oracle", ORACLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = load_oracle()


def days_ago(days):
    return NOW - timedelta(days=days)


moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda m: NOW - timedelta(minutes=m))
events = st.lists(
    st.tuples(st.sampled_from(["in", "out", "call"]), moments), max_size=30
)
amounts = st.integers(0, 500_000).map(lambda cents: cents / 100)
purchases = st.lists(
    st.one_of(
        st.tuples(st.just("purchase"), moments, amounts),
        st.tuples(st.just("refund"), moments, amounts.map(lambda amount: -amount)),
    ),
    max_size=15,
)
details = st.fixed_dictionaries(
    {"basic": st.integers(0, 6), "custom": st.integers(0, 5), "created": moments}
)
settings = st.fixed_dictionaries(
    {
        "full_spent": st.integers(1, 10**9),
        "full_order": st.integers(1, 10**7),
        "custom_fields": st.integers(0, 5),
    }
)


def facts_of(judged, given_details):
    """Facts for the engine from the counters that the oracle counted."""
    last = judged["last_contacted_at"]
    return scoring.Facts(
        interactions=judged["total_interactions"],
        asked=judged["asked"],
        answered=judged["answered"],
        contact_age=(NOW - last) / timedelta(days=1) if last else None,
        purchases=judged["total_purchases"],
        spent=judged["total_spent"],
        average=judged["average_order_value"],
        basic_filled=given_details["basic"],
        custom_filled=given_details["custom"],
        customer_age=(NOW - judged["customer_since"]) / timedelta(days=1),
    )


@given(events, purchases, details, settings)
def test_score_and_parts_equal_the_oracle(happened, bought, given_details, shop):
    judged = oracle.judge(happened, bought, given_details, shop, NOW)
    score = scoring.score(facts_of(judged, given_details), scoring.Settings(**shop))
    assert abs(score.exact - judged["points"]["total"]) <= TOLERANCE
    for factor, points in score.exact_factors.items():
        assert abs(points - judged["points"][factor]) <= TOLERANCE
    assert score.score == judged["score"]
    assert score.stars == judged["stars"]
    assert score.factors == judged["parts"]


@given(events, purchases, details, settings)
def test_score_stays_in_bounds_and_parts_add_up(happened, bought, given_details, shop):
    judged = oracle.judge(happened, bought, given_details, shop, NOW)
    score = scoring.score(facts_of(judged, given_details), scoring.Settings(**shop))
    assert 0 <= score.score <= 100
    assert sum(score.factors.values()) == score.score
    for key, part in score.parts.items():
        assert 0 <= part.value <= 1, key
        assert part.points <= part.most + 1e-9, key


def worked_example():
    """The customer whose score docs/architecture.md works out to the digit."""
    facts = scoring.Facts(
        interactions=12,
        asked=4,
        answered=2,
        contact_age=30.0,
        purchases=3,
        spent=300.0,
        average=100.0,
        basic_filled=3,
        custom_filled=2,
        customer_age=365.0,
    )
    return facts, scoring.Settings(1000.0, 200.0, custom_fields=4)


def test_worked_example_comes_out_to_the_digit():
    score = scoring.score(*worked_example())
    assert round(score.exact, 3) == Decimal("57.806")
    assert [round(p, 3) for p in score.exact_factors.values()] == [
        Decimal("21.828"),
        Decimal("20.978"),
        10,
        5,
    ]
    assert (score.score, list(score.factors.values())) == (58, [22, 21, 10, 5])
    assert (score.stars, scoring.health(score.score)) == (2, "yellow")


def test_equal_remainders_go_to_the_factor_that_stands_first():
    exact = dict.fromkeys(scoring.FACTORS, Decimal("10.5"))
    assert list(scoring.shared_out(42, exact).values()) == [11, 11, 10, 10]


def test_a_part_without_value_leaves_its_weight_to_its_sisters():
    facts, shop = worked_example()
    unasked = scoring.score(scoring.replace(facts, asked=0, answered=0), shop)
    assert unasked.parts["engagement.response"].most == 0
    assert unasked.parts["engagement.recency"].most == pytest.approx(40 * 0.5 / 0.8)
    undefined = scoring.score(facts, scoring.Settings(1000.0, 200.0))
    assert undefined.parts["completeness.basic"].most == pytest.approx(20)


def test_weights_count_in_proportion_to_their_sisters():
    facts, shop = worked_example()
    doubled = {key: 2 * weight for key, weight in scoring.WEIGHTS.items()}
    other = scoring.Settings(1000.0, 200.0, 4, doubled)
    assert scoring.score(facts, other) == scoring.score(facts, shop)


def test_all_weight_on_the_response_rate_gives_nothing_before_the_first_ask():
    weights = dict.fromkeys(scoring.WEIGHTS, 0.0)
    weights |= {"engagement": 1.0, "engagement.response": 1.0}
    shop = scoring.Settings(1000.0, 200.0, 0, weights)
    assert (
        scoring.score(scoring.Facts(interactions=9, contact_age=0.0), shop).score == 0
    )


@given(events, purchases, details, settings)
def test_every_gain_is_what_the_score_would_rise_by(
    happened, bought, given_details, shop
):
    judged = oracle.judge(happened, bought, given_details, shop, NOW)
    facts, settings_of = facts_of(judged, given_details), scoring.Settings(**shop)
    gains = scoring.gains(facts, settings_of)
    assert gains == sorted(gains, key=lambda row: -row[1])
    assert all(points >= 0.5 for _code, points in gains)
    if "basic" in dict(gains):
        better = {**given_details, "basic": given_details["basic"] + 1}
        after = oracle.judge(happened, bought, better, shop, NOW)["points"]["total"]
        rise = float(after - judged["points"]["total"])
        assert dict(gains)["basic"] == pytest.approx(rise, abs=1e-6)


def test_nothing_would_help_who_has_everything():
    facts = scoring.Facts(99, 9, 9, 0.0, 20, 9e6, 9e5, 6, 1, 999.0)
    assert scoring.gains(facts, scoring.Settings(1000.0, 200.0, 1)) == []


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "red"),
        (49, "red"),
        (50, "yellow"),
        (79, "yellow"),
        (80, "green"),
        (100, "green"),
    ],
)
def test_health_bands(score, band):
    assert scoring.health(score) == band
