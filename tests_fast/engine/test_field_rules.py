import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.field_rules import FieldRule, Option, ValueProblem, check_rule
from engine.field_values import read_value

TEXT = FieldRule("x", "text")


def code(kind, **rules):
    """Code of what is wrong with a definition; ``None`` when it is sound."""
    try:
        check_rule(FieldRule("x", kind, **rules))
    except ValueProblem as problem:
        return problem.code
    return None


@pytest.mark.parametrize(
    ("kind", "rules", "problem"),
    [
        ("text", {}, None),
        ("text", {"pattern": r"[A-Z]{2}-\d+", "min_length": 4, "max_length": 9}, None),
        ("number", {"minimum": 0, "maximum": 5}, None),
        ("date", {"earliest": date(1900, 1, 1)}, None),
        ("select", {"options": (Option("a", ("A",)), Option("b", ("B",)))}, None),
        ("colour", {}, "rule_type"),
        ("number", {"pattern": "a"}, "rule_unfit"),
        ("text", {"minimum": 0}, "rule_unfit"),
        ("text", {"options": (Option("a", ("A",)),)}, "rule_unfit"),
        ("number", {"minimum": 6, "maximum": 5}, "rule_order"),
        ("number", {"minimum": float("nan")}, "rule_number"),
        ("number", {"maximum": 10**400}, "rule_number"),
        ("number", {"maximum": True}, "rule_number"),
        ("number", {"maximum": "5"}, "rule_number"),
        ("date", {"earliest": "2026-01-01"}, "rule_date"),
        ("date", {"earliest": date(1, 1, 1)}, "rule_date"),
        (
            "date",
            {"earliest": date(2026, 1, 2), "latest": date(2026, 1, 1)},
            "rule_order",
        ),
        ("text", {"min_length": 5, "max_length": 4}, "rule_order"),
        ("text", {"max_length": -1}, "rule_length"),
        ("text", {"max_length": 4_001}, "rule_length"),
        ("text", {"max_length": 1.5}, "rule_length"),
        ("text", {"pattern": "a" * 501}, "rule_pattern_long"),
        ("text", {"pattern": "("}, "rule_pattern"),
        ("text", {"pattern": "\ud800"}, "rule_pattern"),
        ("text", {"pattern": "(?=a)"}, "rule_pattern_look"),
        ("text", {"pattern": "(?<!a)b"}, "rule_pattern_look"),
        ("text", {"pattern": r"(a)\1"}, "rule_pattern_back"),
        ("text", {"pattern": "((a{99}){99}){99}"}, "rule_pattern_large"),
        ("text", {"pattern": r"(\pL{100}){10}"}, "rule_pattern_large"),
        ("select", {"options": (Option("", ("A",)),)}, "rule_option_empty"),
        (
            "select",
            {"options": (Option("a", ("A",)), Option("A", ("B",)))},
            "rule_option_twice",
        ),
        (
            "select",
            {"options": (Option("a", ("Same",)), Option("b", ("same",)))},
            "rule_option_label",
        ),
        (
            "select",
            {"options": (Option("a", ("b",)), Option("b", ("B",)))},
            "rule_option_label",
        ),
    ],
)
def test_a_definition_is_sound_or_says_what_is_wrong(kind, rules, problem):
    assert code(kind, **rules) == problem


def test_an_archived_option_may_leave_its_label_to_a_new_one():
    options = (Option("old", ("Gold",), active=False), Option("new", ("Gold",)))
    assert code("select", options=options) is None
    assert read_value(FieldRule("x", "select", options=options), "gold") == "new"


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_is_refused(pattern):
    try:
        check_rule(FieldRule("x", "text", pattern=pattern))
    except ValueProblem as problem:
        assert problem.code.startswith("rule_pattern")


# Patterns and texts that keep a backtracking engine busy beyond any bound.
_TAILS = ("a" * 4_000, "a" * 3_999 + "!", "ab" * 2_000, "۱" * 4_000)
_EVIL = (
    r"(a+)+$",
    r"(a|aa)+$",
    r"(a|a?)+b",
    r"([a-zA-Z]+)*$",
    r"(.*a){20}",
    r"(.*)*=.*",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(\w+\s?)*!",
    r"(a?){100}a{100}",
    r"(x+x+)+y",
)
EVIL = [(pattern, text) for pattern in _EVIL for text in _TAILS]


def test_evil_patterns_are_answered():
    assert len(EVIL) == 40
    took = []
    for pattern, text in EVIL:
        began = time.perf_counter()
        try:
            read_value(FieldRule("x", "text", pattern=pattern), text)
        except ValueProblem as problem:
            assert problem.code == "text_pattern"
        took.append(time.perf_counter() - began)
    # shown by pytest -s; times depend on the machine
    print(f"40 evil patterns: the slowest took {max(took) * 1000:.1f} ms")  # noqa: T201
