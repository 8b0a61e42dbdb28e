"""Settings of the score: merged, checked, the same for engine and oracle."""

import copy
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_scoring import NOW, TOLERANCE, details, events, facts_of, oracle, purchases

from engine import scoring
from engine.score_settings import DEFAULTS, SettingProblem, merged

weights = st.fixed_dictionaries(
    {key: st.integers(1, 100).map(lambda w: w / 100) for key in scoring.WEIGHTS}
)
counts = st.fixed_dictionaries(
    {key: st.integers(1, 2000) for key in scoring.FULL_COUNTS}
)


def for_oracle(settings):
    """The same settings as the oracle wants them."""
    weigh, full = settings["weights"], settings["full_counts"]
    return {
        "full_spent": 500,
        "full_order": 70,
        "custom_fields": 3,
        "weights": {
            factor: (weigh[factor], {part: weigh[f"{factor}.{part}"] for part in parts})
            for factor, parts in scoring.FACTORS.items()
        },
        "full": {
            "interactions": full["engagement.interactions"],
            "purchases": full["purchases.count"],
            "days": full["loyalty.since"],
            "repeats": full["loyalty.repeat"],
        },
        "half_life": settings["half_life"],
    }


@given(events, purchases, details, weights, counts, st.integers(1, 3650))
def test_any_settings_give_what_the_oracle_gives(
    happened, bought, given_details, weigh, full, half_life
):
    changes = {"weights": weigh, "full_counts": full, "half_life": half_life}
    shop = for_oracle(merged(DEFAULTS, changes))
    judged = oracle.judge(happened, bought, given_details, shop, NOW)
    settings = scoring.Settings(500.0, 70.0, 3, weigh, full, half_life)
    score = scoring.score(facts_of(judged, given_details), settings)
    assert abs(score.exact - judged["points"]["total"]) <= TOLERANCE
    assert score.score == judged["score"]
    assert score.factors == judged["parts"]


@given(events, purchases, details, weights)
def test_tenths_of_the_parts_add_up_to_their_factor(
    happened, bought, given_details, weigh
):
    judged = oracle.judge(
        happened, bought, given_details, for_oracle(copy.deepcopy(DEFAULTS)), NOW
    )
    settings = scoring.Settings(500.0, 70.0, 3, weigh)
    score = scoring.score(facts_of(judged, given_details), settings)
    for factor, names in scoring.FACTORS.items():
        parts = {f"{factor}.{n}": score.parts[f"{factor}.{n}"] for n in names}
        told = scoring.tenths(parts, score.exact_factors[factor])
        exact = float(score.exact_factors[factor])
        assert abs(math.fsum(told.values()) - exact) <= 0.0501
        assert round(math.fsum(told.values()), 1) == pytest.approx(exact, abs=0.0501)
        for key, part in parts.items():
            assert abs(told[key] - part.points) < 0.2


def test_only_what_is_given_changes():
    after = merged(DEFAULTS, {"half_life": 60, "full_counts": {"loyalty.since": 365}})
    assert after["half_life"] == 60
    assert after["full_counts"] == {**scoring.FULL_COUNTS, "loyalty.since": 365}
    assert after["weights"] == scoring.WEIGHTS
    assert merged(DEFAULTS, {}) == DEFAULTS


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"halflife": 3}, "unknown", "halflife"),
        ({"weights": {"luck": 1}}, "unknown", "luck"),
        ({"weights": 3}, "number", "weights"),
        ({"weights": {"loyalty": "much"}}, "number", "loyalty"),
        ({"weights": {"loyalty": True}}, "number", "loyalty"),
        ({"weights": {"loyalty": math.nan}}, "number", "loyalty"),
        ({"weights": {"loyalty": -0.1}}, "range", "loyalty"),
        ({"weights": {"loyalty": 1.1}}, "range", "loyalty"),
        ({"full_counts": {"loyalty.since": 0}}, "range", "loyalty.since"),
        ({"full_counts": {"loyalty.since": 1.5}}, "whole", "loyalty.since"),
        ({"half_life": 0}, "range", "half_life"),
        ({"half_life": 4000}, "range", "half_life"),
        ({"full_spent": -1}, "range", "full_spent"),
        ({"full_order": math.inf}, "number", "full_order"),
        ({"weights": dict.fromkeys(scoring.FACTORS, 0)}, "zero", ""),
        (
            {"weights": {"loyalty.since": 0, "loyalty.repeat": 0}},
            "zero",
            "loyalty",
        ),
    ],
)
def test_what_cannot_be_is_named(changes, code, key):
    with pytest.raises(SettingProblem) as problem:
        merged(DEFAULTS, changes)
    assert (problem.value.code, problem.value.key) == (code, key)
