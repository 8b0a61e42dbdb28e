"""rule_topics.py: which conditions an event concerns, and when time does."""

import pytest

from engine.conditions import parse
from engine.rule_topics import (
    EVERYTHING,
    UNTOLD_CUSTOMER,
    UNTOLD_FIGURES,
    event_topics,
    timing,
)

COLUMNS = {"favourite": "custom_text_1", "birth_date": "custom_date_1"}


def topics(kind, changed=None):
    return event_topics(kind, changed, COLUMNS, "custom_date_1")


@pytest.mark.parametrize(
    "kind", ["customer_created", "customers_merged", UNTOLD_CUSTOMER]
)
def test_who_comes_or_is_merged_concerns_everything(kind):
    assert topics(kind) == {EVERYTHING}


def test_figures_that_no_event_tells_concern_only_what_reads_figures():
    assert topics(UNTOLD_FIGURES) == {"profile"}


@pytest.mark.parametrize("name", ["active", "company_id", "user_id", "parent_id"])
def test_whoever_is_seen_by_others_now_concerns_everything(name):
    assert EVERYTHING in topics("field_updated", [name])


def test_a_changed_field_concerns_what_reads_it_and_the_figures():
    found = topics("field_updated", ["city"])
    assert found == {"events", "events:field_updated", "profile", "field:city"}


def test_a_custom_field_is_read_by_its_column_and_told_by_its_key():
    assert "field:custom_text_1" in topics("field_updated", ["favourite"])


def test_the_birth_date_concerns_the_birthday():
    assert "birthday" in topics("field_updated", ["birth_date"])
    assert "birthday" not in topics("field_updated", ["favourite"])


@pytest.mark.parametrize("kind", ["purchase_made", "purchase_refunded"])
def test_a_purchase_concerns_purchases_and_figures(kind):
    assert {"purchases", "profile", f"events:{kind}"} <= topics(kind)


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("tag_added", "tags"),
        ("tag_removed", "tags"),
        ("segment_changed", "segments"),
    ],
)
def test_what_rules_have_done_concerns_no_figure(kind, topic):
    assert topics(kind) == {"events", f"events:{kind}", topic}


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("[]", None),
        ("[('city', '=', 'today')]", None),
        ("[('customer_since', '>', '2026-01-31')]", None),
        ("[('customer_since', '>', 'today -7d')]", "day"),
        ("[('last_contacted_at', '<', '-3H')]", "hour"),
        ("[('birthday_period', '=', 'today')]", "day"),
        ("[('purchase_ids', 'any', [('date', '>=', 'today -90d')])]", "day"),
        (
            "['|', ('customer_since', '>', 'today -7d'),"
            " ('event_ids', 'any', [('date', '>=', '-1H')])]",
            "hour",
        ),
    ],
)
def test_time_concerns_relative_dates_only(domain, expected):
    assert timing(parse(domain)) == expected
