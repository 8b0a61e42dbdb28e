"""Webhooks of Instagram messaging: a body of up to a thousand events becomes items.

Of a body that cannot be taken as a whole, everything else is: an event that makes no
sense is a ``Poison`` of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from . import provider_json as json_of
from .chat_items import (
    Deleted,
    Edited,
    Ignored,
    Item,
    Message,
    Poison,
    Reaction,
    Seen,
    Sender,
)
from .instagram_content import STORY_MENTION, read_content, referral_of
from .provider_json import Odd

MILLISECONDS = 1_000
MAX_EVENTS = 10_000  # of one body; Meta sends 1,000 at most
# Where an entry has its events; the second: another app has the conversation.
_CONVERSATIONS = ("messaging", "standby")
_LISTS = (*_CONVERSATIONS, "changes")
# Some clients send the name of a reaction and no emoji.
_REACTIONS = {
    "love": "❤️",
    "smile": "😆",
    "wow": "😮",
    "sad": "😢",
    "angry": "😠",
    "like": "👍",
    "dislike": "👎",
}


@dataclass(frozen=True)
class _Event:
    """One event of a conversation.

    :param customer: whom the conversation is with
    :param by_shop: the shop did it, here or by another program
    :param sequence: milliseconds within the second
    """

    raw: dict
    customer: Sender
    by_shop: bool
    date: datetime
    sequence: int

    @property
    def milliseconds(self) -> int:
        """Since 1970: when it was, as Meta tells it."""
        return json_of.timestamp(self.date) * MILLISECONDS + self.sequence


def read_body(body: bytes, account_id: str) -> list[Item]:
    """What one webhook tells, in the order in which it stands there; never raises.

    An event alone is read as well: so it is kept as a dead letter.

    :param body: of a request of Meta
    :param account_id: the shop's account; events of others are ``Ignored``. Empty: of
        any account
    """
    value = None
    try:
        value = json_of.read_json(body)
        if not isinstance(value, dict):
            raise Odd("a webhook is an object")
        if "object" not in value and "sender" in value:
            return [_read_or_poison(value, {}, account_id)]
        kind = json_of.words(value, "object")
        if not kind:
            raise Odd("object: a text is expected")
        if kind != "instagram":
            return [Ignored(f"object: {json_of.note(value, 'object', 40)}")]
        entries = json_of.items(value, "entry")
        if _count(entries) > MAX_EVENTS:
            raise Odd(f"more than {MAX_EVENTS} events")
    except Odd as odd:
        return [Poison(json_of.shallow(value), str(odd))]
    found = [item for entry in entries for item in _read_entry(entry, account_id)]
    return found or [Ignored("empty")]


def _count(entries: list) -> int:
    """Number of entries and of events in them."""
    lists = (
        entry[key]
        for entry in entries
        if isinstance(entry, dict)
        for key in _LISTS
        if isinstance(entry.get(key), list)
    )
    return len(entries) + sum(map(len, lists))


def _read_entry(entry, account_id: str) -> list[Item]:
    found: list[Item] = []
    try:
        if not isinstance(entry, dict):
            raise Odd("an entry is an object")
        if account_id and json_of.name_of(entry, "id") != account_id:
            return [Ignored("other account")]
    except Odd as odd:
        return [Poison(json_of.shallow(entry), str(odd))]
    account = account_id or str(entry.get("id", ""))
    for key in _CONVERSATIONS:
        try:
            events = json_of.items(entry, key)
        except Odd as odd:
            found.append(Poison(json_of.shallow(entry), str(odd)))
            continue
        found += [_read_or_poison(event, entry, account) for event in events]
    found += _changes(entry)
    return found or [Ignored("empty")]


def _changes(entry: dict) -> list[Item]:
    """Comments and mentions under posts: no conversation."""
    changes = entry.get("changes")
    if changes is None:
        return []
    fields = [
        json_of.note(change, "field", 40)
        for change in (changes if isinstance(changes, list) else ())
        if isinstance(change, dict)
    ]
    return [Ignored(f"change: {name}" if name else "change") for name in fields or [""]]


def _read_or_poison(raw, entry: dict, account: str) -> Item:
    try:
        if not isinstance(raw, dict):
            raise Odd("an event is an object")
        kind = next((key for key in _READERS if raw.get(key) is not None), None)
        if kind is None:
            others = set(raw) - {"sender", "recipient", "timestamp"}
            names = {"keys": ", ".join(sorted(others))}
            return Ignored(f"unknown: {json_of.note(names, 'keys', 80)}")
        return _READERS[kind](_event(raw, kind, entry, account))
    except Odd as odd:
        return Poison(json_of.shallow(raw), str(odd), {"account": account[:64]})


def _event(raw: dict, kind: str, entry: dict, account: str) -> _Event:
    """Who and when. Echoes come with sender and recipient swapped."""
    part = json_of.section(raw, kind)
    sender = json_of.name_of(json_of.section(raw, "sender"), "id")
    by_shop = json_of.flag(part, "is_echo") or sender == account
    if by_shop:
        sender = json_of.name_of(json_of.section(raw, "recipient"), "id")
        if sender == account:
            raise Odd("sender and recipient are the account itself")
    if raw.get("timestamp") is None:
        date, sequence = json_of.moment(entry, "time", MILLISECONDS)
    else:
        date, sequence = json_of.moment(raw, "timestamp", MILLISECONDS)
    return _Event(raw, Sender(sender), by_shop, date, sequence)


# Kinds of events


def _read_message(event: _Event) -> Item:
    raw = event.raw["message"]
    mid = json_of.name_of(raw, "mid")
    if json_of.flag(raw, "is_deleted"):
        return Deleted(event.customer, mid, event.date)
    content = read_content(raw)
    return Message(
        sender=event.customer,
        external_id=mid,
        date=event.date,
        sequence=event.sequence,
        kind=content.kind,
        text=content.text,
        media=content.media,
        payload=content.payload,
        reply_to=content.reply_to,
        referral=content.referral,
        echo=event.by_shop,
        opens_window=not event.by_shop and content.kind != STORY_MENTION,
    )


def _read_edit(event: _Event) -> Item:
    raw = event.raw["message_edit"]
    message = Message(
        sender=event.customer,
        external_id=json_of.name_of(raw, "mid"),
        date=event.date,
        sequence=event.sequence,
        text=json_of.words(raw, "text"),
        echo=event.by_shop,
        opens_window=False,
    )
    return Edited(message, event.date)


def _read_postback(event: _Event) -> Item:
    """A pressed button. Where another app has the conversation it has no ``mid``."""
    raw = event.raw["postback"]
    return Message(
        sender=event.customer,
        external_id=_mid(raw, event, "postback"),
        date=event.date,
        sequence=event.sequence,
        kind="postback",
        text=json_of.words(raw, "title"),
        payload=json_of.words(raw, "payload"),
        referral=referral_of(raw),
        echo=event.by_shop,
        opens_window=not event.by_shop,
    )


def _mid(raw: dict, event: _Event, kind: str) -> str:
    if raw.get("mid") is not None:
        return json_of.name_of(raw, "mid")
    return f"{kind}:{event.customer.external_id}:{event.milliseconds}"


def _read_reaction(event: _Event) -> Item:
    raw = event.raw["reaction"]
    mid = json_of.name_of(raw, "mid")
    if event.by_shop:
        return Ignored("own reaction")
    emoji = ""
    if json_of.words(raw, "action") != "unreact":
        name = json_of.words(raw, "reaction")
        emoji = json_of.words(raw, "emoji") or _REACTIONS.get(name, "✨")
    return Reaction(event.customer, mid, emoji[:40], event.date)


def _read_seen(event: _Event) -> Item:
    return _seen(event, event.raw["read"], "read")


def _read_delivery(event: _Event) -> Item:
    return _seen(event, event.raw["delivery"], "delivered")


def _seen(event: _Event, raw: dict, state: str) -> Item:
    """Up to a message, or (as Messenger tells it) up to a time."""
    if event.by_shop:
        return Ignored("seen by the shop")
    mids = json_of.items(raw, "mids")
    mid = {"mid": mids[-1] if mids else raw.get("mid")}
    if mid["mid"] is not None:
        name = json_of.name_of(mid, "mid")
        return Seen(event.customer, event.date, name, state)
    date = event.date
    if raw.get("watermark") is not None:
        date, _rest = json_of.moment(raw, "watermark", MILLISECONDS)
    return Seen(event.customer, date, state=state)


def _read_referral(event: _Event) -> Item:
    """He has followed a link into the conversation, and written nothing yet."""
    return _arrival(event, "referral", referral_of(event.raw))


def _read_optin(event: _Event) -> Item:
    raw = event.raw["optin"]
    return _arrival(event, "optin", json_of.note(raw, "ref"))


def _arrival(event: _Event, kind: str, referral: str) -> Item:
    return Message(
        sender=event.customer,
        external_id=_mid(event.raw[kind], event, kind),
        date=event.date,
        sequence=event.sequence,
        kind=kind,
        payload=json_of.words(event.raw[kind], "payload"),
        referral=referral,
        echo=event.by_shop,
        opens_window=False,
    )


# A message may carry a referral, so it comes first.
_READERS = {
    "message": _read_message,
    "message_edit": _read_edit,
    "postback": _read_postback,
    "reaction": _read_reaction,
    "read": _read_seen,
    "delivery": _read_delivery,
    "referral": _read_referral,
    "optin": _read_optin,
}
