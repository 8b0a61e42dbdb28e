"""What a webhook says and how it is signed: Standard Webhooks 1.0.

https://www.standardwebhooks.com: receivers have libraries for it in every language.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

PREFIX = "whsec_"
LARGEST = 65_536  # bytes of a body

# How long after each failed try comes the next; after the last one it is given up.
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
# Nothing changes by itself: the address is wrong, forbidden, or wants no more.
FINAL = ("url", "scheme", "user", "host", "port", "private", "too_large", "gone")


def encode(body: Any) -> bytes:
    """JSON, the same bytes for the same content."""
    return json.dumps(
        body, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()


def make_secret(random_bytes: bytes) -> str:
    """A secret as receivers enter it: ``whsec_`` and base64.

    :param random_bytes: 24 to 64
    """
    return PREFIX + base64.b64encode(random_bytes).decode()


def headers(
    event_key: str, body: bytes, now: int, secrets: list[str]
) -> dict[str, str]:
    """Headers that tell and prove what a body is.

    :param event_key: the same in each try
    :param now: seconds since 1970 of this try: receivers refuse old ones
    :param secrets: the one in use first, then those just replaced; each signs
    """
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": event_key,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(
            _signature(event_key, body, now, secret) for secret in secrets
        ),
    }


def _signature(event_key: str, body: bytes, now: int, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_key}.{now}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def problem_of(status: int) -> str:
    """Why an answer with this HTTP status is no success: a code, or empty."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirect"
    return "gone" if status == 410 else "status"


def next_try(tries: int, problem: str, now: datetime) -> datetime | None:
    """When a call is tried again after a failed try; ``None``: it is given up.

    :param tries: made so far, at least 1
    """
    if problem in FINAL or tries > len(DELAYS):
        return None
    return now + DELAYS[tries - 1]
