"""Looking after connected channels: what is lost, failing, silent, about to expire."""

from datetime import datetime, timedelta, timezone

import pytest

from engine.channel_watch import (
    TELEGRAM_UPDATES,
    expiry_problem,
    is_silent,
    is_subscribed,
    read_webhook,
    refresh_due,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=timezone.utc).replace(tzinfo=None)
URL = "https://shop.example/mini_crm/webhook/key"
GOOD = {"url": URL, "allowed_updates": list(TELEGRAM_UPDATES)}


def seconds(moment):
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


def read(info, url=URL):
    return read_webhook(info, url, "key", NOW)


@pytest.mark.parametrize(
    ("info", "url", "action"),
    [
        (GOOD, URL, ""),
        ({}, URL, "register"),
        ({**GOOD, "url": "https://old.example/mini_crm/webhook/key"}, URL, "register"),
        ({**GOOD, "allowed_updates": ["message"]}, URL, "register"),
        ({"url": URL}, URL, "register"),
        ({**GOOD, "url": "https://other.example/hook"}, URL, "foreign"),
        (GOOD, "", "foreign"),
        ({"url": ""}, "", ""),
        ({"url": 3, "pending_update_count": "x"}, "", ""),
    ],
)
def test_what_telegram_knows_is_compared_with_what_it_should(info, url, action):
    assert read(info, url).action == action


def test_deliveries_fail_while_an_error_is_fresh_and_something_waits():
    failing = {
        **GOOD,
        "pending_update_count": 3,
        "last_error_date": seconds(NOW - timedelta(minutes=5)),
        "last_error_message": "502 Bad Gateway",
    }
    assert (read(failing).failing, read(failing).error) == (True, "502 Bad Gateway")
    assert not read({**failing, "pending_update_count": 0}).failing
    old = seconds(NOW - timedelta(hours=2))
    assert not read({**failing, "last_error_date": old}).failing


def test_subscription_is_known_by_its_field():
    assert is_subscribed({"data": [{"subscribed_fields": ["messages"]}]})
    for body in ({}, {"data": []}, {"data": ["x"]}, {"data": [{}]}, {"data": None}):
        assert not is_subscribed(body)


def every(hours, count, until):
    return [until - timedelta(hours=hours * n) for n in range(count)]


def test_silence_is_measured_by_the_channel_s_own_gaps():
    # a channel that hears something every hour is silent after a day
    busy = every(1, 30, NOW - timedelta(hours=25))
    assert is_silent(busy, NOW)
    assert not is_silent(every(1, 30, NOW - timedelta(hours=20)), NOW)
    # one that hears something every other day is not
    assert not is_silent(every(48, 30, NOW - timedelta(hours=90)), NOW)
    assert is_silent(every(48, 30, NOW - timedelta(hours=100)), NOW)


def test_channel_that_has_hardly_heard_anything_is_not_silent():
    assert not is_silent([], NOW)
    assert not is_silent(every(1, 19, NOW - timedelta(days=30)), NOW)


@pytest.mark.parametrize(
    ("age", "left", "due"),
    [
        (timedelta(hours=23), timedelta(days=5), False),
        (timedelta(days=50), timedelta(days=9), True),
        (timedelta(days=50), timedelta(days=11), False),
        (timedelta(days=50), timedelta(days=-1), False),
        (timedelta(hours=25), None, True),
    ],
)
def test_token_is_refreshed_when_it_can_and_should_be(age, left, due):
    expires = left if left is None else NOW + left
    assert refresh_due(NOW - age, expires, NOW) is due


def test_expiry_is_told_before_and_after():
    assert expiry_problem(None, NOW) == ""
    assert expiry_problem(NOW + timedelta(days=4), NOW) == ""
    assert expiry_problem(NOW + timedelta(days=2), NOW) == "expiring"
    assert expiry_problem(NOW, NOW) == "token_expired"
