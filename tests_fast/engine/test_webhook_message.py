"""What a webhook says, how it is signed, and when it is tried again."""

import base64
import subprocess
from datetime import datetime, timedelta

from engine.webhook_message import (
    DELAYS,
    encode,
    headers,
    make_secret,
    next_try,
    problem_of,
)

NOW = datetime.fromisoformat("2026-01-01")


def signature_by_openssl(key, content):
    """Base64 of the HMAC that another implementation makes."""
    made = subprocess.run(
        [
            *("openssl", "dgst", "-sha256", "-binary", "-mac", "HMAC"),
            *("-macopt", f"hexkey:{key.hex()}"),
        ],
        input=content,
        check=True,
        capture_output=True,
    )
    return base64.b64encode(made.stdout).decode()


def test_published_example_is_signed_as_published():
    # of the specification's own test suite
    told = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        1614265330,
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert told["webhook-signature"] == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_signature_is_what_another_implementation_makes_of_each_secret():
    keys = [bytes(range(32)), bytes(range(32, 64))]
    body = encode({"name": "سارا"})
    told = headers("e1", body, 1_700_000_000, [make_secret(key) for key in keys])
    signed = b"e1.1700000000." + body
    assert told["webhook-signature"].split(" ") == [
        f"v1,{signature_by_openssl(key, signed)}" for key in keys
    ]
    assert (told["webhook-id"], told["webhook-timestamp"]) == ("e1", "1700000000")


def test_same_content_gives_the_same_bytes():
    assert encode({"b": 1, "a": "سلام"}) == '{"a":"سلام","b":1}'.encode()
    assert encode({"b": 1, "a": 2}) == encode({"a": 2, "b": 1})


def test_tries_go_from_a_minute_to_a_day_and_end():
    waits = [next_try(tries, "timeout", NOW) - NOW for tries in range(1, 7)]
    assert waits == list(DELAYS) == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=24))
    assert next_try(7, "timeout", NOW) is None


def test_what_does_not_change_by_itself_is_not_tried_again():
    for problem in ("url", "private", "port", "gone"):
        assert next_try(1, problem, NOW) is None


def test_only_2xx_is_success():
    problems = {
        200: "",
        204: "",
        299: "",
        301: "redirect",
        404: "status",
        410: "gone",
        500: "status",
    }
    assert {status: problem_of(status) for status in problems} == problems
