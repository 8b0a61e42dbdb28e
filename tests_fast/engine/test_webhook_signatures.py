"""Only the provider gets in."""

import hashlib
import hmac
import json

import pytest

from engine.webhook_signatures import meta_ok, telegram_ok

SECRET, OTHER = "app-secret", "رمز دیگر"
BODY = rb'{"text":"\u0633\u0644\u0627\u0645 https:\/\/example.com"}'


def signed(body=BODY, secret=SECRET, algorithm="sha256"):
    digest = hmac.new(secret.encode(), body, algorithm).hexdigest()
    return f"{algorithm}={digest}"


def test_the_signature_is_of_the_bytes_as_they_came():
    assert meta_ok(signed(), BODY, [SECRET])
    assert not meta_ok(signed(), json.dumps(json.loads(BODY)).encode(), [SECRET])
    assert not meta_ok(signed(), BODY.replace(rb"\/", b"/"), [SECRET])
    assert not meta_ok(signed(), BODY + b" ", [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        signed().removeprefix("sha256="),
        signed().upper(),
        signed().replace("sha256", "SHA256"),
        f"sha256={signed().removeprefix('sha256=').upper()}",
        signed(algorithm="sha1"),
        signed(secret=OTHER),
        signed(secret=""),
        signed(body=b""),
        signed()[:-1],
        signed() + " ",
        "sha256=" + hashlib.sha256(BODY).hexdigest(),
        "امضا",
        "\udcff",
    ],
)
def test_anything_else_is_refused(header):
    assert not meta_ok(header, BODY, [SECRET])


def test_each_accepted_secret_will_do():
    assert meta_ok(signed(secret=OTHER), BODY, [SECRET, OTHER])
    assert telegram_ok(OTHER, [SECRET, OTHER])


@pytest.mark.parametrize("secrets", [[], [""], ["", None]])
def test_without_a_secret_nothing_is_accepted(secrets):
    for header in (None, "", signed(secret=""), signed()):
        assert not meta_ok(header, BODY, secrets)
        assert not telegram_ok(header, secrets)


@pytest.mark.parametrize("header", [None, "", "app-secre", "App-Secret", "app-secret "])
def test_only_telegram_s_own_secret_is_accepted(header):
    assert telegram_ok(SECRET, [SECRET])
    assert not telegram_ok(header, [SECRET])
