"""What a message of Telegram holds: text, a file, a place, a shared phone number."""

import re
from dataclasses import dataclass

from . import provider_json as json_of
from .chat_items import Media, SharedContact
from .provider_json import Odd

_INTERNATIONAL = re.compile(r"[1-9]\d{6,14}")


@dataclass(frozen=True)
class Content:
    """See ``chat_items.Message`` for each of these."""

    kind: str
    text: str = ""
    media: tuple[Media, ...] = ()
    contact: SharedContact | None = None
    payload: str = ""


def read_content(raw: dict, person: int) -> Content | None:
    """What a message holds, or ``None`` for what is not known.

    :param raw: a ``Message`` of the Bot API
    :param person: id of its sender
    :raises Odd: for what makes no sense
    """
    for key, read in _READERS.items():
        if raw.get(key) is not None:
            return read(raw, key, person)
    return None


def _text(raw: dict, key: str, _person: int) -> Content:
    return Content("text", json_of.words(raw, key))


def _file(raw: dict, key: str, _person: int) -> Content:
    found = _media(key, json_of.section(raw, key))
    return Content(key, json_of.words(raw, "caption"), (found,))


def _media(kind: str, raw: dict) -> Media:
    return Media(
        kind=kind,
        reference=json_of.name_of(raw, "file_id"),
        name=json_of.note(raw, "file_name"),
        mime=json_of.note(raw, "mime_type", 100),
        size=json_of.size(raw, "file_size"),
    )


def _photo(raw: dict, key: str, _person: int) -> Content:
    largest = _largest(json_of.items(raw, key))
    return Content(key, json_of.words(raw, "caption"), (_media("photo", largest),))


def _largest(sizes: list) -> dict:
    """One photo comes in several sizes."""
    if not sizes or not all(isinstance(each, dict) for each in sizes):
        raise Odd("photo: sizes are expected")
    return max(
        sizes,
        key=lambda each: (
            json_of.size(each, "width") * json_of.size(each, "height"),
            json_of.size(each, "file_size"),
        ),
    )


def _paid_media(raw: dict, key: str, _person: int) -> Content:
    found = []
    for each in json_of.items(json_of.section(raw, key), key):
        if not isinstance(each, dict):
            raise Odd("paid_media: objects are expected")
        if each.get("photo") is not None:
            found.append(_media("photo", _largest(json_of.items(each, "photo"))))
        elif each.get("video") is not None:
            found.append(_media("video", json_of.section(each, "video")))
    return Content(key, json_of.words(raw, "caption"), tuple(found))


def _sticker(raw: dict, key: str, _person: int) -> Content:
    sticker = json_of.section(raw, key)
    return Content(key, json_of.note(sticker, "emoji"), (_media(key, sticker),))


def _contact(raw: dict, key: str, person: int) -> Content:
    """A phone number: the sender's own only if Telegram says whose it is.

    What was forwarded may be long out of date, even if it is one's own.
    """
    contact = json_of.section(raw, key)
    phone = json_of.words(contact, "phone_number").strip()
    if not phone or len(phone) > 64:
        raise Odd("phone_number: a phone number is expected")
    own = type(contact.get("user_id")) is int and contact["user_id"] == person
    if raw.get("forward_origin") is not None or raw.get("forward_date") is not None:
        own = False
    if own and _INTERNATIONAL.fullmatch(phone):
        phone = f"+{phone}"  # Telegram writes own numbers with the country, without +
    names = (json_of.note(contact, "first_name"), json_of.note(contact, "last_name"))
    name = " ".join(filter(None, names))
    shared = SharedContact(phone, name, own=own)
    return Content(key, f"{name} {phone}".strip(), contact=shared)


def _location(raw: dict, key: str, _person: int) -> Content:
    return Content("location", _place(json_of.section(raw, key)))


def _place(location: dict) -> str:
    """Latitude and longitude in degrees, as every map takes them."""
    degrees = (location.get("latitude"), location.get("longitude"))
    for value, most in zip(degrees, (90, 180), strict=True):
        if type(value) not in (int, float) or not -most <= value <= most:
            raise Odd("location: degrees are expected")
    return "{:.6f},{:.6f}".format(*degrees)


def _venue(raw: dict, key: str, _person: int) -> Content:
    venue = json_of.section(raw, key)
    lines = (
        json_of.note(venue, "title"),
        json_of.note(venue, "address"),
        _place(json_of.section(venue, "location")),
    )
    return Content("location", "\n".join(filter(None, lines)))


def _poll(raw: dict, key: str, _person: int) -> Content:
    poll = json_of.section(raw, key)
    return Content(key, _list(poll, "question", "options"))


def _checklist(raw: dict, key: str, _person: int) -> Content:
    checklist = json_of.section(raw, key)
    return Content(key, _list(checklist, "title", "tasks"))


def _list(of: dict, title: str, entries: str) -> str:
    """A title and its entries, a line each."""
    lines = [json_of.words(of, title)]
    for entry in json_of.items(of, entries):
        if not isinstance(entry, dict):
            raise Odd(f"{entries}: objects are expected")
        lines.append(f"- {json_of.words(entry, 'text')}")
    return "\n".join(lines)


def _dice(raw: dict, key: str, _person: int) -> Content:
    dice = json_of.section(raw, key)
    value = json_of.whole(dice, "value", 0, 1_000)
    return Content(key, f"{json_of.note(dice, 'emoji')} {value}".strip())


def _game(raw: dict, key: str, _person: int) -> Content:
    return Content(key, json_of.note(json_of.section(raw, key), "title"))


def _web_app(raw: dict, key: str, _person: int) -> Content:
    """What a page of the bot has sent back: a button with an answer."""
    sent = json_of.section(raw, key)
    return Content(
        "postback",
        json_of.note(sent, "button_text"),
        payload=json_of.words(sent, "data"),
    )


def _bare(raw: dict, key: str, _person: int) -> Content:
    """Something to be told of without its contents."""
    json_of.section(raw, key)
    return Content(key)


# In this order: an animation comes as a document too, a venue as a location.
_READERS = {
    "text": _text,
    "animation": _file,
    "photo": _photo,
    "video": _file,
    "video_note": _file,
    "voice": _file,
    "audio": _file,
    "document": _file,
    "sticker": _sticker,
    "contact": _contact,
    "venue": _venue,
    "location": _location,
    "paid_media": _paid_media,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "game": _game,
    "web_app_data": _web_app,
    "story": _bare,
    "invoice": _bare,
    "successful_payment": _bare,
    "gift": _bare,
    "unique_gift": _bare,
    "giveaway": _bare,
    "giveaway_winners": _bare,
}

# What is told under another name: a place with words, a button with an answer.
_OTHER_NAMES = {"venue": "location", "web_app_data": "postback"}
# Every kind that read_content gives.
KINDS = frozenset(_OTHER_NAMES.get(key, key) for key in _READERS)
