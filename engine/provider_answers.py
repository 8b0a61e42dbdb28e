"""What a provider's answer to a sent message means, in one form for both providers."""

import math
import re
from dataclasses import dataclass
from datetime import datetime

MAX_DETAIL = 200  # characters
TOO_LARGE = (413, 414, 431)  # HTTP: content, address, headers
MAX_WAIT = 86_400  # seconds; a longer one is looked at again after that
# What looks like a token of a Telegram bot or of Meta, or like a login in an address.
_TOKEN = re.compile(
    r"\d{5,}:[\w-]{20,}|\b(?:EA|IG)[A-Za-z0-9_-]{20,}|access_token=[^\s&]+"
    r"|(?<=://)[^\s/@]+(?=@)"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    :param kind: one of:

        - accepted: the provider has taken it; ``external_id``, ``date`` (UTC; ``None``:
          it does not say), ``sequence`` (Telegram's number of the message)
        - wait: surely not taken, again after ``seconds``; ``scope`` says whether the
          chat or the whole account waits
        - unreachable_person: ``reason`` blocked or invalid; nothing reaches him
        - window_closed: Instagram; not before the customer writes
        - refused: this message is not taken, others may be; ``reason``, ``detail``
        - account_broken: nothing of this channel is taken; ``reason`` token,
          permission, policy, conflict or not_provider (something between us and the
          provider has answered)
        - retry_plain: once more without buttons and without an answered message
        - moved: once more to ``chat_id``
        - uncertain: nobody knows whether it was taken
    :param reason: a code that rooms put into words
    :param detail: what the provider says, one line, without anything like a token
    """

    kind: str
    external_id: str = ""
    date: datetime | None = None
    sequence: int = 0
    seconds: int = 0
    scope: str = ""
    reason: str = ""
    detail: str = ""
    chat_id: str = ""


def wait(seconds, detail: str = "", scope: str = "account") -> Outcome:
    """Again after some seconds: at least one, at most a day.

    :param seconds: a number
    """
    bounded = min(max(1, math.ceil(seconds)), MAX_WAIT)
    return Outcome("wait", seconds=bounded, scope=scope, detail=detail)


def not_provider(status: int) -> Outcome:
    """An error that is not in the provider's own form.

    A gate, a filter or a wrong address has answered: the message went nowhere. What an
    HTTP 5xx of such a thing means, nobody knows. A gate that finds the request too
    large lets others through (RFC 9110 15.5.14, 15.5.15; RFC 6585 5).
    """
    if status in TOO_LARGE:
        return Outcome("refused", reason="too_large", detail=f"HTTP {status}")
    if status >= 500:
        return Outcome("uncertain", detail=f"HTTP {status}")
    return Outcome("account_broken", reason="not_provider", detail=f"HTTP {status}")


def told(text) -> str:
    """What a provider says, as it may be shown and logged."""
    if not isinstance(text, str):
        return ""
    line = _TOKEN.sub("***", " ".join(text[:2_000].split()))
    printable = "".join(each if each.isprintable() else "" for each in line)
    return printable[:MAX_DETAIL]


def retry_after(headers: dict) -> float | None:
    """Seconds of the header Retry-After, or ``None``.

    :param headers: with names in lower case
    """
    text = str(headers.get("retry-after", "")).strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
