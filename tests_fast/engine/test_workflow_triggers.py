"""Triggers of workflows against what events tell."""

import pytest

from engine.workflow_kinds import TRIGGERS
from engine.workflow_triggers import BY_TIME, EVENTS, Happened, pulls


def said(text, channel="telegram", **data):
    return Happened("message_received", {"channel": channel, **data}, text)


def heard(**settings):
    return {"kind": "message_received", **settings}


def scored(old, new):
    return Happened("score_changed", {"score": [old, new]})


def test_every_trigger_is_pulled_by_events_by_time_or_by_hand():
    by_events = {kind for kinds in EVENTS.values() for kind in kinds}
    assert by_events | set(BY_TIME) | {"by_hand"} == set(TRIGGERS)


@pytest.mark.parametrize(
    ("words", "match", "text", "expected"),
    [
        ((), "word", "anything", True),
        (("price",), "word", "What is the PRICE, please?", True),
        (("price",), "word", "priceless", False),
        (("how much",), "word", "And how   much is it?", True),
        (("قیمت",), "word", "سلام، قيمت چنده؟", True),
        (("قیمت",), "word", "بی‌قیمت", False),
        (("کد ۱۲",), "word", "كد 12 را دارم", True),
        (("price",), "whole", "Price!", True),
        (("price",), "whole", "the price", False),
        (("قیمت",), "whole", "«قيمت»", True),
        (("/start",), "start", "/start ad-7", True),
        (("hello",), "start", "Hello there", True),
        (("hello",), "start", "Oh hello", False),
        (("سلام",), "start", "سلام، خوبی؟", True),
        (("price", "قیمت"), "word", "قیمت؟", True),
        (("price",), "word", "", False),
    ],
)
def test_words_are_found_in_both_scripts(words, match, text, expected):
    assert pulls(heard(words=list(words), match=match), said(text)) is expected


def test_a_message_of_another_channel_pulls_nothing():
    assert pulls(heard(channels=["telegram"]), said("x"))
    assert not pulls(heard(channels=["instagram", "email"]), said("x"))
    assert pulls(heard(channels=[]), said("x", channel="email"))


def test_a_machines_answer_pulls_nothing():
    assert not pulls(heard(), said("I am on holiday", "email", automated=True))


@pytest.mark.parametrize("text", ["stop", "STOP!", "لغو", "انصراف"])
def test_who_stops_messages_gets_none_for_it(text):
    assert not pulls(heard(), said(text))
    assert not pulls(heard(words=[text]), said(text))


@pytest.mark.parametrize(
    ("trigger", "old", "new", "expected"),
    [
        ({}, 40, 45, True),
        ({}, 40, 40, False),
        ({"by": 10}, 40, 49, False),
        ({"by": 10}, 40, 50, True),
        ({"by": 10}, 50, 40, True),
        ({"by": 10, "direction": "down"}, 40, 50, False),
        ({"by": 10, "direction": "up"}, 40, 50, True),
        ({"crosses": 50}, 49, 50, True),
        ({"crosses": 50}, 50, 60, False),
        ({"crosses": 50}, 50, 49, True),
        ({"crosses": 50, "direction": "down"}, 50, 49, True),
        ({"crosses": 50, "direction": "up"}, 60, 40, False),
        ({"crosses": 50, "by": 20}, 45, 55, False),
        ({"crosses": 50, "by": 20}, 40, 60, True),
        ({}, None, 40, False),
    ],
)
def test_scores_move_by_so_much_or_across_a_line(trigger, old, new, expected):
    trigger = {"kind": "score_changed", **trigger}
    assert pulls(trigger, scored(old, new)) is expected


@pytest.mark.parametrize(
    ("trigger", "type_", "data", "expected"),
    [
        ({"kind": "customer_created"}, "customer_created", {}, True),
        ({"kind": "customer_created"}, "field_updated", {}, False),
        ({"kind": "tag_added", "tag": 7}, "tag_added", {"tag_id": 7}, True),
        ({"kind": "tag_added", "tag": 7}, "tag_added", {"tag_id": 8}, False),
        (
            {"kind": "segment_entered", "segment": 3},
            "segment_changed",
            {"segment_id": 3, "to": "in"},
            True,
        ),
        (
            {"kind": "segment_left", "segment": 3},
            "segment_changed",
            {"segment_id": 3, "to": "in"},
            False,
        ),
        (
            {"kind": "segment_left", "segment": 3},
            "segment_changed",
            {"segment_id": 3, "to": "out"},
            True,
        ),
        (
            {"kind": "segment_entered", "segment": 3},
            "segment_changed",
            {"segment_id": 4, "to": "in"},
            False,
        ),
        (
            {"kind": "field_updated", "fields": ["city", "points"]},
            "field_updated",
            {"points": [1, 2]},
            True,
        ),
        (
            {"kind": "field_updated", "fields": ["city"]},
            "field_updated",
            {"points": [1, 2]},
            False,
        ),
        ({"kind": "task_completed"}, "task_completed", {"activity_type_id": 4}, True),
        (
            {"kind": "task_completed", "activity_type": 5},
            "task_completed",
            {"activity_type_id": 4},
            False,
        ),
        (
            {"kind": "task_completed", "activity_type": 4},
            "task_completed",
            {"activity_type_id": 4},
            True,
        ),
    ],
)
def test_an_event_pulls_what_asks_for_it(trigger, type_, data, expected):
    assert pulls(trigger, Happened(type_, data)) is expected


def test_a_purchase_has_to_be_large_enough():
    trigger = {"kind": "purchase_made", "at_least": 100}
    assert pulls(trigger, Happened("purchase_made", amount=100.0))
    assert not pulls(trigger, Happened("purchase_made", amount=99.99))
    assert pulls({"kind": "purchase_made"}, Happened("purchase_made", amount=0.0))
