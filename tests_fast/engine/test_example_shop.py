from datetime import datetime, timedelta

import pytest

from engine.example_shop import CUSTOMERS, customers

NOW = datetime.fromisoformat("2026-03-21 09:30")


@pytest.fixture(params=[("fa", "IRR"), ("en", "EUR")])
def shop(request):
    language, currency = request.param
    return customers(language, currency, NOW)


def test_there_are_sixty_different_people(shop):
    assert len(shop) == CUSTOMERS
    assert len({one.name for one in shop}) == CUSTOMERS
    assert len({one.email for one in shop if one.email}) > 30
    assert all(one.email or one.phone for one in shop)


def test_nothing_happens_before_the_first_contact_or_after_now(shop):
    for one in shop:
        moments = [date for _kind, date, _text in one.talk]
        moments += [line.date for line in one.purchases]
        for moment in moments:
            assert one.since - timedelta(seconds=1) <= moment <= NOW


def test_conversations_stand_in_their_order(shop):
    for one in shop:
        dates = [date for _kind, date, _text in one.talk]
        assert len(dates) < 2 or dates[-1] == max(dates)


def test_fewer_than_thirty_buy(shop):
    """From 30 on their purchases would decide what earns full marks."""
    buyers = sum(bool(one.purchases) for one in shop)
    assert 20 < buyers < 30


def test_nobody_returns_more_than_was_bought(shop):
    assert any(line.amount < 0 for one in shop for line in one.purchases)
    assert all(sum(p.amount for p in one.purchases) >= 0 for one in shop)


def test_the_same_moment_gives_the_same_shop():
    assert customers("fa", "IRR", NOW) == customers("fa", "IRR", NOW)


def test_a_persian_shop_has_persian_customers_and_prices_without_cents():
    for one in customers("fa", "IRR", NOW):
        assert not one.name.isascii()
        assert all(line.amount % 1_000_000 == 0 for line in one.purchases)


def test_addresses_reach_nobody(shop):
    assert all(one.email.endswith(".example") for one in shop if one.email)
    assert all(one.phone.startswith("0900 000 ") for one in shop if one.phone)


def test_people_write_by_every_channel_and_some_wait_for_an_answer(shop):
    talking = [one for one in shop if one.talk]
    assert {one.channel for one in talking} == {"telegram", "instagram", "email"}
    assert all(one.email for one in talking if one.channel == "email")
    waiting = [one for one in shop if one.waiting_since]
    assert 3 <= len(waiting) <= 20
    for one in waiting:
        unanswered = [date for kind, date, _text in one.talk if "received" in kind]
        assert one.waiting_since in unanswered
        sent = [date for kind, date, _text in one.talk if kind == "message_sent"]
        assert all(date <= one.waiting_since for date in sent)
