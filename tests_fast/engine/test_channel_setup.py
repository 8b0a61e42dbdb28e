"""What people enter to connect a channel, and what providers answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channel_setup import (
    AddressError,
    clean_token,
    is_bot_token,
    is_public_https,
    meta_problem,
    provider_words,
    read_api_url,
    read_proxy,
    telegram_problem,
)


@given(st.text())
def test_a_cleaned_token_is_safe_in_an_address_and_stays_as_it_is(text):
    token = clean_token(text)
    assert token.isascii()
    assert not set(token) & set(" \n\r\t?#%&\\\"'<>@")
    assert clean_token(token) == token


def test_a_bot_s_token_is_known_by_its_shape():
    assert is_bot_token("123456789:AAF-x_yzzyxyzzyx")
    for token in ("", "hello", "123", "123:", ":AAF-x_yzzyxyzzyx", "a1:AAAAAAAAAAAA"):
        assert not is_bot_token(token)


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        (
            "proxy.example:3128",
            "http://proxy.example:3128",
            "http://proxy.example:3128",
        ),
        ("https://p.example:1/", "https://p.example:1", "https://p.example:1"),
        (
            "socks5h://u:s%40cret@10.0.0.1:1080",
            "socks5h://u:s%40cret@10.0.0.1:1080",
            "socks5h://10.0.0.1:1080",
        ),
        ("http://u:p@[::1]:80", "http://u:p@[::1]:80", "http://[::1]:80"),
    ],
)
def test_a_proxy_is_told_without_its_password(text, address, shown):
    assert read_proxy(text) == (address, shown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy",
        "http://proxy",
        "ftp://p:21",
        "http://p:99999",
        "http://p:1/x",
        "a b:1",
    ],
)
def test_what_is_no_proxy_is_refused(text):
    with pytest.raises(AddressError):
        read_proxy(text)


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    for read in (read_proxy, read_api_url):
        try:
            read(text)
        except AddressError:
            continue


def test_a_provider_s_address_holds_no_password():
    assert read_api_url(" https://bots.example/x/ ") == "https://bots.example/x"
    for text in ("bots.example", "https://u:p@bots.example", "https://x.y/?a=1"):
        with pytest.raises(AddressError):
            read_api_url(text)


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://shop.example", True),
        ("https://shop.example:8443", True),
        ("https://8.8.8.8", True),
        ("http://shop.example", False),
        ("https://shop.example:8069", False),
        ("https://localhost", False),
        ("https://shop.local", False),
        ("https://192.168.1.4", False),
        ("https://[::1]", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_what_providers_can_call_is_told_by_its_address(url, public):
    assert is_public_https(url) is public


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"ok": True, "result": {}}, ""),
        (401, {"ok": False}, "token_invalid"),
        (404, {"ok": False}, "token_invalid"),
        (409, {"ok": False}, "conflict"),
        (429, {"ok": False}, "busy"),
        (400, {"ok": False}, "refused"),
        (502, None, "provider_down"),
        (200, {"some": "page"}, "no_provider"),
        (403, None, "no_provider"),
    ],
)
def test_telegram_s_answers_have_their_codes(status, body, code):
    assert telegram_problem(status, body) == code


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"data": []}, ""),
        (400, {"error": {"code": 190}}, "token_invalid"),
        (400, {"error": {"code": 190, "error_subcode": 463}}, "token_expired"),
        (400, {"error": {"code": 368}}, "policy"),
        (400, {"error": {"code": 4}}, "busy"),
        (403, {"error": {"code": 200}}, "permission"),
        (500, {"error": {"code": 2}}, "provider_down"),
        (400, {"error": {"code": 100}}, "refused"),
        (200, {"error": "odd"}, "no_provider"),
        (200, None, "no_provider"),
        (503, None, "provider_down"),
    ],
)
def test_meta_s_answers_have_their_codes(status, body, code):
    assert meta_problem(status, body) == code


def test_the_provider_s_words_are_told_whatever_it_says():
    assert provider_words({"description": "x" * 900}) == "x" * 500
    assert provider_words({"error": {"message": "No"}}) == "No"
    for body in (None, {}, {"error": 3}, {"description": []}, {"error": {}}):
        assert provider_words(body) == ""
