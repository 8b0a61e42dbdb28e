"""The gate: every rule as a row, and every kind of event against the window."""

import json
from datetime import datetime, timedelta

import pytest
from chat_kit import body_of, fixture_files
from hypothesis import given
from hypothesis import strategies as st

from engine import instagram
from engine.chat_items import Message
from engine.send_gate import HUMAN_AGENT, Facts, Verdict, decide

NOW = datetime.fromisoformat("2026-11-20 12:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SEND = Verdict("send")
TAGGED = Verdict("send", tag=HUMAN_AGENT)
CLOSED = Verdict("defer", "window_closed")
OPTED_OUT = Verdict("drop", "opted_out")


def facts(**values):
    """A person answers in a connected Telegram chat, but for what is given."""
    defaults = {
        "purpose": "answer",
        "by_person": True,
        "channel_type": "telegram",
        "channel_state": "live",
    }
    return Facts(**{**defaults, **values})


def instagram_facts(age, **values):
    """The same on Instagram, so long after the customer's last message."""
    return facts(channel_type="instagram", window_opened_at=NOW - age, **values)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, SEND),
        ({"consent": "in"}, SEND),
        ({"purpose": "automated", "by_person": False}, SEND),
        ({"purpose": "campaign"}, Verdict("drop", "no_consent")),
        ({"purpose": "campaign", "consent": "in"}, SEND),
        ({"purpose": "campaign", "consent": "out"}, OPTED_OUT),
        ({"purpose": "automated", "consent": "out"}, OPTED_OUT),
        ({"identity_state": "blocked"}, Verdict("drop", "blocked")),
        ({"identity_state": "invalid"}, Verdict("drop", "invalid")),
        ({"channel_state": "draft"}, Verdict("defer", "channel_draft")),
        ({"channel_state": "broken"}, Verdict("defer", "channel_broken")),
        ({"channel_state": "off"}, Verdict("defer", "channel_off")),
        ({"paused_until": NOW + HOUR}, Verdict("defer", "paused", NOW + HOUR)),
        ({"paused_until": NOW}, SEND),
        ({"channel_type": "email"}, SEND),
        # what never changes comes before what passes
        (
            {"consent": "out", "channel_state": "off", "paused_until": NOW + HOUR},
            OPTED_OUT,
        ),
    ],
)
def test_each_rule_gives_its_verdict(values, verdict):
    assert decide(facts(**values), NOW) == verdict


@pytest.mark.parametrize(
    ("written", "by_person", "verdict"),
    [
        (None, True, OPTED_OUT),
        (NOW - 2 * HOUR, True, OPTED_OUT),
        (NOW - HOUR, True, OPTED_OUT),  # the word itself
        (NOW - HOUR + SECOND, True, SEND),
        (NOW - HOUR + SECOND, False, OPTED_OUT),
    ],
)
def test_after_an_opt_out_only_a_person_answers_who_has_written_since(
    written, by_person, verdict
):
    out = facts(
        consent="out",
        opted_out_at=NOW - HOUR,
        last_received_at=written,
        by_person=by_person,
    )
    assert decide(out, NOW) == verdict


@pytest.mark.parametrize(
    ("age", "values", "verdict"),
    [
        (SECOND, {}, SEND),
        (DAY - SECOND, {}, SEND),
        (DAY - SECOND, {"by_person": False, "purpose": "automated"}, SEND),
        (DAY, {}, CLOSED),
        (DAY, {"human_agent": True}, TAGGED),
        (7 * DAY - SECOND, {"human_agent": True}, TAGGED),
        (7 * DAY, {"human_agent": True}, CLOSED),
        (DAY, {"human_agent": True, "by_person": False}, CLOSED),
        (DAY, {"human_agent": True, "purpose": "automated"}, CLOSED),
        (
            DAY,
            {"human_agent": True, "purpose": "campaign", "consent": "in"},
            CLOSED,
        ),
    ],
)
def test_instagram_lets_answer_for_a_day_and_people_for_a_week(age, values, verdict):
    assert decide(instagram_facts(age, **values), NOW) == verdict


def test_who_has_never_written_on_instagram_is_not_written_to():
    assert decide(facts(channel_type="instagram", human_agent=True), NOW) == CLOSED


# Recorded events by which a customer lets the shop answer; no other does.
OPENING = frozenset(
    [
        "ad_referral",
        "audio",
        "batch",
        "batch_with_poison",
        "card",
        "ephemeral",
        "escaped_unicode",
        "file",
        "image",
        "images_with_text",
        "postback",
        "postback_referral",
        "product_referral",
        "quick_reply",
        "reel",
        "reply",
        "share",
        "standby_postback",
        "standby_text",
        "story_reply",
        "text",
        "unknown_attachment",
        "unsupported",
        "unsupported_type",
        "video",
        "without_timestamp",
    ]
)


@pytest.mark.parametrize("path", fixture_files("instagram"), ids=lambda path: path.stem)
@pytest.mark.parametrize("open_for", [None, HOUR, 23 * HOUR, 25 * HOUR, 8 * DAY])
def test_only_words_and_buttons_of_the_customer_open_the_window(path, open_for):
    fixture = json.loads(path.read_text())
    items = instagram.read_body(body_of(fixture), fixture["account_id"])
    dates = [i.date for i in items if isinstance(i, Message) and i.opens_window]
    now = max(dates, default=NOW) + SECOND
    before = now - open_for if open_for else None
    opened = facts(
        channel_type="instagram", window_opened_at=max(dates, default=before)
    )
    was_open = open_for in (HOUR, 23 * HOUR)
    expected = SEND if path.stem in OPENING or was_open else CLOSED
    assert decide(opened, now) == expected


def test_the_table_of_opening_events_names_recorded_ones():
    assert {path.stem for path in fixture_files("instagram")} > OPENING


PAST = st.none() | st.timedeltas(-9 * DAY, timedelta()).map(NOW.__add__)


@given(
    st.builds(
        Facts,
        purpose=st.sampled_from(["answer", "automated", "campaign"]),
        by_person=st.booleans(),
        channel_type=st.sampled_from(["telegram", "instagram", "email", "phone"]),
        channel_state=st.sampled_from(["live", "live", "off", "broken", "draft"]),
        identity_state=st.sampled_from(["reachable", "reachable", "blocked"]),
        consent=st.sampled_from(["in", "out", "unknown"]),
        opted_out_at=PAST,
        last_received_at=PAST,
        window_opened_at=PAST,
        human_agent=st.booleans(),
    )
)
def test_whatever_is_sent_is_allowed_by_each_rule(given_facts):
    verdict = decide(given_facts, NOW)
    if verdict.action != "send":
        assert verdict.reason
        return
    assert given_facts.identity_state == "reachable"
    assert given_facts.channel_state == "live"
    if given_facts.purpose == "campaign":
        assert given_facts.consent == "in"
    if given_facts.consent == "out":
        assert given_facts.by_person
        assert given_facts.purpose == "answer"
    if given_facts.channel_type == "instagram":
        age = NOW - given_facts.window_opened_at
        assert age < 7 * DAY
        assert bool(verdict.tag) == (age >= DAY)
    if verdict.tag:
        assert given_facts.by_person
        assert given_facts.human_agent


def test_an_unknown_purpose_is_an_error():
    with pytest.raises(ValueError, match="purpose"):
        decide(facts(purpose="newsletter"), NOW)
