"""What a message of Instagram holds: text, files, an answer to a story, a referral."""

from dataclasses import dataclass

from . import provider_json as json_of
from .chat_items import Media
from .provider_json import Odd

STORY_MENTION = "story_mention"
# Meta's words for files, and ours; whatever else it sends keeps its name.
_KINDS = {
    "image": "photo",
    "file": "document",
    "unsupported_type": "unsupported",
}
# Names of attachments that Meta documents, in our words, and what else a message is.
KINDS = frozenset(
    [
        "audio",
        "document",
        "ephemeral",
        "fallback",
        "ig_post",
        "ig_reel",
        "location",
        "photo",
        "reel",
        "share",
        "story",
        STORY_MENTION,
        "story_reply",
        "template",
        "text",
        "unsupported",
        "video",
    ]
)
# Cards with links instead of files.
_CARDS = frozenset(("fallback", "template", "location"))


@dataclass(frozen=True)
class Content:
    """See ``chat_items.Message`` for each of these."""

    kind: str
    text: str = ""
    media: tuple[Media, ...] = ()
    payload: str = ""
    reply_to: str = ""
    referral: str = ""


def read_content(raw: dict) -> Content:
    """What a message holds.

    :param raw: the part ``message`` of an event
    :raises json_of.Odd: for what makes no sense
    """
    kinds, media, lines = [], [], [json_of.words(raw, "text")]
    for attachment in json_of.items(raw, "attachments"):
        kind, found, line = _attachment(attachment)
        kinds.append(kind)
        media += found
        lines.append(line)
    reply_to, story = _reply(raw)
    referral = referral_of(raw)
    if story is not None:
        kinds.insert(0, "story_reply")
        media += _files("story", story)
        referral = referral or _story(story)
    text = "\n".join(filter(None, lines))
    return Content(
        kind=_kind(raw, kinds, text),
        text=text,
        media=tuple(media),
        payload=_quick_reply(raw),
        reply_to=reply_to,
        referral=referral,
    )


def _kind(raw: dict, kinds: list[str], text: str) -> str:
    if STORY_MENTION in kinds:
        return STORY_MENTION
    if kinds:
        return kinds[0]
    if json_of.flag(raw, "is_unsupported") or not text.strip():
        return "unsupported"
    return "text"


def _attachment(raw) -> tuple[str, list[Media], str]:
    """(kind, its file, a line of text) of an attachment."""
    if not isinstance(raw, dict):
        raise Odd("attachments: objects are expected")
    name = json_of.note(raw, "type", 40)
    if not name:
        raise Odd("attachments: a type is expected")
    kind = _KINDS.get(name, name)
    payload = json_of.section_or_none(raw, "payload") or {}
    title = json_of.note(payload, "title", 1_000) or json_of.note(raw, "title", 1_000)
    if kind in _CARDS:
        link = json_of.note(payload, "url", 2_048) or json_of.note(raw, "url", 2_048)
        return kind, [], "\n".join(filter(None, (title, link)))
    return kind, _files(kind, payload), title


def _files(kind: str, payload: dict) -> list[Media]:
    address = json_of.words(payload, "url").strip()
    return [Media(kind, address)] if address else []


def _reply(raw: dict) -> tuple[str, dict | None]:
    """(mid of the message that it answers, the story that it answers)."""
    reply = json_of.section_or_none(raw, "reply_to")
    if reply is None:
        return "", None
    mid = json_of.name_of(reply, "mid") if reply.get("mid") is not None else ""
    return mid, json_of.section_or_none(reply, "story")


def _story(story: dict) -> str:
    number = json_of.note(story, "id", 100)
    return f"story:{number}" if number else "story"


def _quick_reply(raw: dict) -> str:
    reply = json_of.section_or_none(raw, "quick_reply")
    return json_of.words(reply, "payload") if reply else ""


def referral_of(raw: dict) -> str:
    """Where a customer came from: the link's own word, else the ad, product or kind."""
    referral = json_of.section_or_none(raw, "referral")
    if referral is None:
        return ""
    product = referral.get("product")
    for word in (
        json_of.note(referral, "ref"),
        _prefixed("ad", json_of.note(referral, "ad_id", 100)),
        _prefixed(
            "product",
            json_of.note(product, "id", 100) if isinstance(product, dict) else "",
        ),
        json_of.note(referral, "source", 100),
        json_of.note(referral, "type", 100),
    ):
        if word:
            return word
    return "referral"


def _prefixed(kind: str, number: str) -> str:
    return f"{kind}:{number}" if number else ""
