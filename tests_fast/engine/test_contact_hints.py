import time

import pytest

from engine.contact_hints import MOST, emails_in, phones_in, shared_phone

MOBILE = "+989121234567"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call me: 0912 123 4567.", [MOBILE]),
        ("شماره‌ام ۰۹۱۲۱۲۳۴۵۶۷ است", [MOBILE]),
        ("+98 (912) 123-4567 or 00989121234567", [MOBILE]),
        ("+442083661177 and 09121234567", ["+442083661177", MOBILE]),
        ("Order 20261126123456789 of 2026-11-26", []),
        ("a09121234567", []),
        ("12345", []),
        ("", []),
    ],
)
def test_phone_numbers_are_found_in_a_text(text, found):
    assert phones_in(text, "IR") == found


def test_national_numbers_need_a_country():
    assert phones_in("0912 123 4567", None) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I am Sara@Example.com.", ["sara@example.com"]),
        ("<sara@example.com>, sara@example.com", ["sara@example.com"]),
        ("@sara on Instagram", []),
        ("a@b", []),
    ],
)
def test_addresses_are_found_in_a_text(text, found):
    assert emails_in(text) == found


def test_no_more_than_some_are_looked_at():
    numbers = " ".join(f"+98912123{n:04}" for n in range(50))
    assert len(phones_in(numbers, None)) == MOST


@pytest.mark.parametrize("letter", ["1", "1 ", "a@", "@", "+1-", "a.", "(", "۱"])
def test_no_text_takes_long(letter):
    began = time.perf_counter()
    phones_in(letter * 100_000, "IR")
    emails_in(letter * 100_000)
    assert time.perf_counter() - began < 1


def test_a_shared_number_is_read_or_nothing():
    assert shared_phone("+989121234567", None) == ("+98 912 123 4567", MOBILE)
    assert shared_phone("0912 123 4567", "IR")[1] == MOBILE
    assert shared_phone("hello", "IR") is None
