"""Seeded people: reproducible, of the promised mixture, with numbers that exist."""

import re
from datetime import datetime

import phonenumbers
import pytest

from bench.history import interactions, purchases
from bench.people import made_up_name, people, person

TODAY = datetime.fromisoformat("2026-01-01")
COUNT = 1_500
PERSIAN = re.compile("[\u0600-\u06ff]")


@pytest.fixture(scope="module")
def crowd():
    return list(people(1, 1, COUNT, TODAY))


def test_same_seed_gives_the_same_people_whatever_was_made_before(crowd):
    assert person(1, 1_000, TODAY) == crowd[999]
    assert list(people(1, 100, 50, TODAY)) == crowd[99:149]
    assert person(2, 1_000, TODAY) != crowd[999]
    assert made_up_name("cdnow", "00001") == made_up_name("cdnow", "00001")


def test_sixty_percent_have_persian_names(crowd):
    share = sum(bool(PERSIAN.search(one.name)) for one in crowd) / COUNT
    assert 0.55 < share < 0.65


def test_names_and_places_are_single_lines(crowd):
    for one in crowd:
        for text in filter(
            None, (one.name, one.city, one.street, one.email, *one.tags)
        ):
            assert text == " ".join(text.split())


def test_five_percent_are_second_records_of_an_earlier_original(crowd):
    second = [one for one in crowd if one.duplicate_of]
    assert 0.04 < len(second) / COUNT < 0.06
    for one in second:
        original = crowd[one.duplicate_of - 1]
        assert original.number < one.number
        assert original.duplicate_of is None
        assert one.phone or one.email or not (original.phone or original.email)


def test_phones_are_valid_and_sanitized_as_they_are_typed(crowd):
    with_phone = [one for one in crowd if one.phone]
    assert 0.75 < len(with_phone) / COUNT < 0.9
    for one in with_phone:
        parsed = phonenumbers.parse(one.phone, one.country)
        assert phonenumbers.is_valid_number(parsed), one
        e164 = phonenumbers.PhoneNumberFormat.E164
        assert phonenumbers.format_number(parsed, e164) == one.phone_sanitized


def test_mail_addresses_reach_nobody(crowd):
    addresses = [one.email for one in crowd if one.email]
    assert len(addresses) > COUNT / 2
    assert all(re.fullmatch(r"[\w.]+@\w+\.example", a, re.A) for a in addresses)


def test_history_is_long_tailed_and_lies_in_the_person_s_time(crowd):
    lengths = []
    for one in crowd:
        events, lines = interactions(1, one, TODAY), purchases(1, one, TODAY)
        dates = [event.date for event in events] + [line.date for line in lines]
        assert all(one.created.replace(microsecond=0) <= d <= TODAY for d in dates)
        lengths.append(len(events))
    assert lengths.count(0) > COUNT / 10
    assert max(lengths) > 10 * sum(lengths) / COUNT


def test_refunds_give_back_what_was_paid(crowd):
    refunds = 0
    for one in crowd:
        lines = purchases(1, one, TODAY)
        paid = [line.amount for line in lines if line.amount > 0]
        given_back = [-line.amount for line in lines if line.amount < 0]
        assert all(amount in paid for amount in given_back)
        refunds += len(given_back)
    assert refunds
