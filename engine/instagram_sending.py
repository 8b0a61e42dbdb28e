"""What Instagram's messaging is asked to send, and what its answers mean."""

import json
from collections.abc import Sequence

from .chat_items import Media
from .graphemes import may_cut
from .message_split import measure, split_text
from .provider_answers import Outcome, not_provider, retry_after, told, wait
from .provider_calls import Call, Part

MAX_TEXT = 1000  # bytes of UTF-8
MAX_CHOICES = 13
MAX_TITLE = 20  # characters of a quick reply; Instagram cuts off the rest
MAX_PAYLOAD = 1000  # characters
PAUSE = 60  # seconds, when Meta does not say how long
PATH = "me/messages"

# kind of a file: Meta's word
_TYPES = {"photo": "image", "video": "video", "audio": "audio", "voice": "audio"}
_TOKEN = frozenset((102, 190, 463, 467))
_RATES = frozenset((4, 17, 32, 613, 80001, 80002, 80006))
# number: (kind of outcome, reason)
_BY_SUBCODE = {
    33: ("unreachable_person", "invalid"),
    2018001: ("unreachable_person", "invalid"),
    2018276: ("refused", "human_agent"),
    2018278: ("window_closed",),
    2534014: ("unreachable_person", "invalid"),
    2534022: ("window_closed",),
}
_BY_CODE = {
    1: ("uncertain",),
    2: ("uncertain",),
    3: ("account_broken", "permission"),
    10: ("account_broken", "permission"),
    230: ("refused", "profile_consent"),
    368: ("account_broken", "policy"),
    551: ("unreachable_person", "blocked"),
}


# Asked


def split_message(text: str, media: Sequence[Media] = ()) -> list[Part]:
    """A message in parts that Instagram takes, each by one call: a file has no text."""
    files = [Part("", each) for each in media]
    return files + [Part(each) for each in split_text(text, MAX_TEXT, "bytes")]


def send_calls(
    text: str,
    media: Sequence[Media] = (),
    buttons: Sequence[dict] = (),
    reply_to: str | None = None,
    recipient: str = "",
    tag: str = "",
) -> list[Call]:
    """The calls that send a message, in their order.

    :param media: each with an address as ``reference`` where Meta fetches the file
    :param buttons: list of {label, payload}, with the last text. A tagged message has
        none: they are numbered lines of its text, as who sits at a computer sees them.
    :param reply_to: Instagram has no way to say it; the thread shows it all the same
    :param recipient: external id of the identity
    :param tag: HUMAN_AGENT, or empty
    :raises ValueError: for more than 13 buttons, buttons without a text, a file without
        an address
    """
    if len(buttons) > MAX_CHOICES:
        raise ValueError(f"more than {MAX_CHOICES} choices")
    if buttons and not text.strip():
        raise ValueError("choices need a text")
    if buttons and tag:
        lines = [f"{n}. {each['label']}" for n, each in enumerate(buttons, 1)]
        text, buttons = "\n".join((text, *lines)), ()
    messages = [_message(part) for part in split_message(text, media)]
    if buttons:
        messages[-1]["quick_replies"] = [_quick_reply(each) for each in buttons]
    kind = {"messaging_type": "RESPONSE"}
    if tag:
        kind = {"messaging_type": "MESSAGE_TAG", "tag": tag}
    return [
        Call("POST", PATH, {"recipient": {"id": recipient}, **kind, "message": message})
        for message in messages
    ]


def _message(part: Part) -> dict:
    if part.media is None:
        return {"text": part.text}
    if not part.media.reference:
        raise ValueError("a file needs an address")
    kind = _TYPES.get(part.media.kind, "file")
    payload = {"url": part.media.reference}
    return {"attachment": {"type": kind, "payload": payload}}


def _quick_reply(button: dict) -> dict:
    if not 1 <= len(button["payload"]) <= MAX_PAYLOAD:
        raise ValueError(f"a payload has 1 to {MAX_PAYLOAD} characters")
    return {
        "content_type": "text",
        "title": _title(button["label"]),
        "payload": button["payload"],
    }


def _title(label: str) -> str:
    """A label within the limit, which counts UTF-16 units to be on the safe side."""
    label = label.strip()
    if measure(label, "utf16") <= MAX_TITLE:
        return label
    end = len(label)
    while end and (
        measure(label[:end], "utf16") >= MAX_TITLE or not may_cut(label, end)
    ):
        end -= 1
    return f"{label[:end].rstrip()}…"


# Answered


def read_answer(status: int, body: dict | None, headers: dict) -> Outcome:
    """What an answer of the Graph API means; never raises.

    :param status: of HTTP
    :param body: its JSON object, or ``None``
    :param headers: with names in lower case
    """
    body = body if isinstance(body, dict) else {}
    error = body.get("error")
    if not isinstance(error, dict):
        return _without_error(status, body, headers)
    code, subcode = (
        value if type(value) is int else 0
        for value in (error.get("code"), error.get("error_subcode"))
    )
    detail = told(error.get("message"))
    if status == 429 or code in _RATES:
        return wait(_pause(headers), detail)
    return _by_code(status, code, subcode, detail)


def _without_error(status: int, body: dict, headers: dict) -> Outcome:
    if status == 429:
        return wait(_pause(headers))
    if status >= 300:
        return not_provider(status)
    mid = body.get("message_id")
    if not isinstance(mid, str) or not mid:
        return Outcome("uncertain")
    return Outcome("accepted", external_id=mid)


def _by_code(status: int, code: int, subcode: int, detail: str) -> Outcome:
    """An error of Meta; its numbers say more than the status."""

    def outcome(kind: str, reason: str = "") -> Outcome:
        return Outcome(kind, reason=reason, detail=detail)

    if code in _TOKEN:
        return outcome("account_broken", "token")
    if code == 10 and "outside" in detail.lower():
        return outcome("window_closed")
    known = _BY_SUBCODE.get(subcode) or _BY_CODE.get(code)
    if known:
        return outcome(*known)
    if 200 <= code < 300:
        return outcome("account_broken", "permission")
    return outcome("uncertain") if status >= 500 else outcome("refused", "refused")


def _pause(headers: dict) -> float:
    """Seconds that Meta wants us to wait; it tells minutes, in a header of JSON."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage") or "{}")
    except (ValueError, TypeError, RecursionError):
        usage = {}
    minutes = [
        entry.get("estimated_time_to_regain_access")
        for entries in (usage.values() if isinstance(usage, dict) else ())
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    ]
    known = [value for value in minutes if type(value) is int and value > 0]
    return max(known) * 60 if known else retry_after(headers) or PAUSE
