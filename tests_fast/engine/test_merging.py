"""Which value a merged customer gets, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import merging
from engine.merging import Candidate, decide, differs, fullest, merge_keys, suggest

VALUES = st.one_of(
    st.none(), st.just(""), st.booleans(), st.integers(0, 3), st.sampled_from("ab")
)
CANDIDATES = st.lists(
    st.builds(
        lambda value, verified, changed: (value, verified, changed),
        VALUES,
        st.booleans(),
        st.sampled_from(["", "2026-01-01", "2026-01-02"]),
    ),
    min_size=2,
    max_size=5,
).map(lambda rows: [Candidate(n, *row) for n, row in enumerate(rows, 1)])


def of(*values):
    """Candidates 1, 2, ... with these values; (value, verified, changed) or a value."""
    return [
        Candidate(n, *(value if isinstance(value, tuple) else (value,)))
        for n, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("name", "candidates", "whose", "reason"),
    [
        ("city", of("a", "a"), 1, "same"),
        ("city", of(None, ""), 1, "same"),
        ("city", of("", "a"), 2, "filled"),
        ("city", of("a", "b"), 1, "survivor"),
        ("city", of(None, "a", "b"), 2, "filled"),
        ("name", of("Sara", "Sara Ahmadi"), 2, "longest"),
        ("name", of("Sara", "Nima"), 1, "survivor"),
        ("phone", of("1", ("2", True)), 2, "verified"),
        ("phone", of(("1", True), ("2", True)), 1, "survivor"),
        (
            "city",
            of(("a", False, "2026-01-01"), ("b", False, "2026-01-02")),
            2,
            "newest",
        ),
        ("city", of("a", ("b", False, "2026-01-02")), 2, "newest"),
        ("vip", of(False, True), 1, "survivor"),
        ("number", of(0, 5), 1, "survivor"),
        ("number", of(None, 0), 2, "filled"),
    ],
)
def test_suggestion_and_its_reason(name, candidates, whose, reason):
    suggestion = suggest(name, candidates)
    assert (suggestion.partner_id, suggestion.reason) == (whose, reason)


def test_as_odoo_does_it_the_survivors_own_stands():
    suggestion = suggest("name", of("Sara", "Sara Ahmadi"), survivor_first=True)
    assert (suggestion.partner_id, suggestion.reason) == (1, "survivor")


@given(CANDIDATES, st.booleans())
def test_a_suggestion_is_somebodys_value_and_never_empty_without_need(
    candidates, survivor_first
):
    suggestion = suggest("city", candidates, survivor_first=survivor_first)
    own = {c.partner_id: c.value for c in candidates}
    assert own[suggestion.partner_id] is suggestion.value
    assert suggestion.reason in merging.REASONS
    if any(merging.is_filled(c.value) for c in candidates):
        assert merging.is_filled(suggestion.value)


@given(CANDIDATES)
def test_a_choice_outweighs_every_suggestion_empty_ones_too(candidates):
    for candidate in candidates:
        decided = decide("city", candidates, candidate.partner_id)
        assert (decided.value, decided.reason) == (candidate.value, "chosen")
    with pytest.raises(ValueError, match="none of those"):
        decide("city", candidates, 99)


def test_zero_and_no_are_values_and_differ():
    assert differs(of(0, False))
    assert differs(of(None, 0))
    assert not differs(of(None, ""))


def test_the_fullest_address_is_taken_as_a_whole():
    assert fullest({"street": of("a", "b"), "city": of(None, "c")}) == 2
    assert fullest({"street": of("a", "b"), "city": of("d", "c")}) == 1
    assert fullest({"street": of(None, ""), "city": of(None, None)}) is None


def test_json_is_merged_key_by_key_the_survivor_first():
    assert merge_keys([{"a": 1, "c": None}, None, {"a": 2, "b": 0, "c": 3}]) == {
        "a": 1,
        "b": 0,
        "c": 3,
    }
