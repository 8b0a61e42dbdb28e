import re

import pytest
from conditions_kit import FIELDS, english, persian, rows, trees, words
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.conditions import (
    All,
    ConditionProblem,
    Either,
    Leaf,
    Not,
    leaves,
    parse,
    problems,
    reads,
    sentence,
    time_edges,
    topic,
    write,
    write_text,
)
from engine.conditions_tree import MAX_DEPTH, levels

slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
INACTIVE = [
    "|",
    ("last_contacted_at", "<", "today -30d"),
    "&",
    ("last_contacted_at", "=", False),
    ("customer_since", "<", "today -30d"),
]


def fits(tree):
    """Whether a tree keeps to the limits; deeper ones are refused."""
    return levels(tree) <= MAX_DEPTH


@slow
@given(trees)
def test_what_is_written_is_read_as_the_same(tree):
    assume(fits(tree))
    assert parse(write(tree)) == tree
    assert parse(write_text(tree)) == tree


@slow
@given(trees)
def test_conditions_of_allowed_fields_have_no_problem(tree):
    assert problems(tree, FIELDS) == []


@slow
@given(trees)
def test_reads_forgets_no_field(tree):
    topics = reads(tree)
    for _path, leaf in leaves(tree, within=False):
        if leaf.name == "event_ids":
            assert any(found.startswith("events") for found in topics)
        else:
            assert topic(leaf.name) in topics


@slow
@given(trees, st.sampled_from(["en", "fa"]))
def test_every_condition_has_a_sentence_without_technical_names(tree, lang):
    said = sentence(tree, words(ENGLISH if lang == "en" else PERSIAN))
    assert said
    names = {leaf.name for _path, leaf in leaves(tree) if "_" in leaf.name}
    typed = [
        leaf.value for _path, leaf in leaves(tree) if leaf.field == "city"
    ]  # people may type anything
    for text in typed:
        said = said.replace(str(text), "").replace(str(text).strip("%"), "")
    assert not [name for name in names if name in said]
    assert not re.search(r"purchase_made|call_logged|%\(|today [-+=]|now -", said)


ENGLISH, PERSIAN = english(), persian()


@pytest.mark.parametrize(
    ("domain", "said", "in_persian"),
    [
        (INACTIVE, "no contact for 30 days", "30 روز بدون ارتباط"),
        (
            [("crm_score", ">=", 80), ("total_purchases", ">=", 5)],
            "score at least 80 and bought 5 times or more",
            "امتیاز دست‌کم 80 و 5 بار خرید یا بیشتر",
        ),
        (
            [("customer_since", ">=", "today -7d")],
            "new in the last 7 days",
            "در 7 روز گذشته آشنا شده",
        ),
        (
            [("event_ids", "not any", [("type", "=", "purchase_made")])],
            "has never bought",
            "هرگز خریدی نکرده",
        ),
        (
            [
                (
                    "event_ids",
                    "not any",
                    [("type", "=", "purchase_made"), ("date", ">=", "today -90d")],
                )
            ],
            "did not buy in the last 90 days",
            "در 90 روز گذشته خریدی نکرده",
        ),
        (
            ["!", "|", ("crm_score", "<", 5), ("city", "=", "Yazd")],
            "not (score below 5 or city is “Yazd”)",
            "نه (امتیاز کمتر از 5 یا شهر برابر «Yazd»)",
        ),
        ([], "all customers", "همهٔ مشتریان"),
    ],
)
def test_known_conditions_read_naturally(domain, said, in_persian):
    assert sentence(parse(domain), words(ENGLISH)) == said
    assert sentence(parse(domain), words(PERSIAN)) == in_persian


def test_deleted_record_is_said_to_be_deleted():
    nobody = words(ENGLISH, record=lambda model, number: None)
    said = sentence(parse([("category_id", "in", [7])]), nobody)
    assert said == "has the tag something deleted"


@pytest.mark.parametrize(
    ("domain", "topics"),
    [
        ([("crm_score", ">", 1), ("city", "=", "x")], {"profile", "field:city"}),
        (
            [("category_id", "in", [1]), ("segment_ids", "in", [1])],
            {"tags", "segments"},
        ),
        ([("purchase_ids", "any", [("amount", ">", 1)])], {"purchases"}),
        ([("birthday_period", "=", "today")], {"birthday"}),
        ([("custom_date_1.month_number", "=", 1)], {"field:custom_date_1"}),
        (
            [("event_ids", "any", [("type", "in", ["a", "b"])])],
            {"events:a", "events:b"},
        ),
        ([("event_ids", "any", [("type", "!=", "a")])], {"events"}),
        ([("event_ids", "any", ["|", ("type", "=", "a"), ("x", "=", 1)])], {"events"}),
        ([("event_ids", "any", ["!", ("type", "=", "a")])], {"events"}),
        ([], set()),
    ],
)
def test_reads_tells_the_topics(domain, topics):
    assert reads(parse(domain)) == topics


def test_time_edges_tell_what_time_moves():
    tree = parse(
        [
            *INACTIVE,
            ("city", "=", "today"),
            ("custom_date_1", ">=", "2026-01-31"),
            ("birthday_period", "in", ["today", "next_7"]),
            ("last_contacted_at", ">", "now -3H"),
            (
                "event_ids",
                "any",
                [("type", "=", "call_logged"), ("date", ">=", "today -90d")],
            ),
        ]
    )
    assert [
        (e.kind, e.field, e.value, e.column, e.daily) for e in time_edges(tree)
    ] == [
        ("field", "last_contacted_at", "today -30d", None, True),
        ("field", "customer_since", "today -30d", None, True),
        ("birthday", "birthday_period", "today", None, True),
        ("birthday", "birthday_period", "next_7", None, True),
        ("field", "last_contacted_at", "now -3H", None, False),
        ("rows", "event_ids", "today -90d", "date", True),
    ]
    assert time_edges(tree)[-1].filter == All((Leaf("type", "=", "call_logged"),))


def test_edges_of_alternatives_are_not_narrowed_by_each_other():
    inner = ["|", ("type", "=", "call_logged"), ("date", ">=", "today -90d")]
    [edge] = time_edges(parse([("event_ids", "any", inner)]))
    assert edge.filter == All()


def test_edges_of_rows_are_narrowed_by_nothing_that_time_moves():
    called = Leaf("type", "=", "call_logged")
    inner = [
        ("type", "=", "call_logged"),
        ("date", ">=", "today -3d"),
        "|",
        ("date", ">=", "today -2d"),
        ("amount", ">", 3),
    ]
    edges = time_edges(parse([("event_ids", "any", inner)]))
    assert [edge.value for edge in edges] == ["today -3d", "today -2d"]
    assert {edge.filter for edge in edges} == {All((called,))}


@pytest.mark.parametrize(
    ("value", "forward"),
    [
        ("today -30d", True),
        ("today =1d", True),
        ("today =monday", True),
        ("-3H", True),
        ("today =1m", False),
        ("today =2026y", False),
        ("now =3H", False),
    ],
)
def test_edges_tell_whether_they_may_move_back(value, forward):
    [edge] = time_edges(parse([("last_contacted_at", ">=", value)]))
    assert edge.forward is forward


def test_groups_of_one_kind_are_one_group():
    both = parse(["&", ("a", "=", 1), "&", ("b", "=", 1), ("c", "=", 1)])
    assert both == parse([("a", "=", 1), ("b", "=", 1), ("c", "=", 1)])
    assert len(both.children) == 3
    assert parse(["!", "!", ("a", "=", 1)]) == Not(Not(Leaf("a", "=", 1)))
    assert parse([(0, "=", 1)]) == Either()
    assert parse([(1, "=", 1)]) == parse("[]") == parse("") == All()


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        (("crm_score", ">=", "80"), "number_expected"),
        (("crm_score", ">=", True), "number_expected"),
        (("crm_score", "ilike", "8"), "operator_unfit"),
        (("crm_score", "in", 8), "list_missing"),
        (("crm_score", "=", [8]), "list_unfit"),
        (("crm_score", "in", []), "list_empty"),
        (("crm_score", ">", False), "empty_unfit"),
        (("birthday_period", "=", False), "empty_unfit"),
        (("birthday_period", "=", "yesterday"), "choice_unknown"),
        (("crm_health", "=", "blue"), "choice_unknown"),
        (("category_id", "in", [0]), "record_expected"),
        (("category_id", "in", [2**31]), "record_expected"),
        (("category_id", "=", "VIP"), "record_expected"),
        (("city", "=", 5), "text_expected"),
        (("city", "ilike", ""), "text_empty"),
        (("city", "=ilike", "x\\"), "text_backslash"),
        (("custom_boolean_1", "=", 1), "boolean_expected"),
        (("custom_text_9", "=", "x"), "field_gone"),
        (("password", "=", "x"), "field_unknown"),
        (("category_id.name", "=", "x"), "field_path"),
        (("city.month_number", "=", 1), "field_path"),
        (("custom_date_1.month_number.x", "=", 1), "field_path"),
        (("custom_date_1.month_number", "=", 13), "part_range"),
        (("custom_date_1.month_number", "=", True), "part_range"),
        (("custom_date_1", "<", "now -1d"), "day_unreadable"),
        (("custom_date_1", "<", "today -1H"), "day_unreadable"),
        (("custom_date_1", "<", "2026-02-30"), "day_unreadable"),
        (("last_contacted_at", "<", "today -3H"), "date_unreadable"),
        (("last_contacted_at", "<", "today -999999999d"), "date_unreadable"),
        (("last_contacted_at", "<", "today =32d"), "date_unreadable"),
        (("last_contacted_at", "<", 5), "date_expected"),
        (("event_ids", "=", 5), "operator_unfit"),
        (("event_ids", "any", [("partner_id", "=", 5)]), "field_unknown"),
    ],
)
def test_problems_tell_what_does_not_fit(leaf, code):
    [problem] = problems(parse([("city", "=", "x"), leaf]), FIELDS)
    assert problem.code == code
    assert problem.path[0] == 2


@given(rows)
def test_problems_within_rows_tell_both_numbers(leaf):
    inner = [*write(leaf.value), ("secret", "=", 1)]
    try:
        tree = parse([("city", "=", "x"), ("event_ids", leaf.operator, inner)])
    except ConditionProblem as problem:
        assume(problem.code != "too_many")  # with the two that are added here
        raise
    path = problems(tree, FIELDS)[-1].path
    assert len(path) == 2 and path[0] == 2


@settings(deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["&", "|", "!", ("city", "=", "x")]),
    lambda below: st.lists(below, max_size=4),
))  # fmt: skip
def test_nothing_but_a_problem_is_raised(given_):
    try:
        tree = parse(given_)
    except ConditionProblem as problem:
        assert problem.code
    else:
        problems(tree, FIELDS)
