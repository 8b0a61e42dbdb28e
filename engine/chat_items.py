"""What providers tell, in one form: a webhook's body becomes a list of these.

Parsers of a provider (``engine.telegram``, ``engine.instagram``) make them, the inbox
worker acts on them. Times are UTC without a time zone. ``sequence`` puts what a
provider dates to the same second in order: Telegram's message id, Instagram's
milliseconds within the second.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Sender:
    """The person on the other side, as far as the provider tells.

    :param external_id: his id within this channel (Telegram: of the chat, which for
        private chats is the person's; Instagram: IGSID)
    :param language: ISO 639-1, or empty
    """

    external_id: str
    name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True)
class Media:
    """A file to be fetched later.

    :param kind: photo, video, audio, voice, document, sticker, animation, ...
    :param reference: Telegram ``file_id`` or an address
    """

    kind: str
    reference: str
    name: str = ""
    mime: str = ""
    size: int = 0


@dataclass(frozen=True)
class SharedContact:
    """A phone number that was shared; ``own``: the provider says it is the sender's."""

    phone: str
    name: str = ""
    own: bool = False


@dataclass(frozen=True)
class Message:
    """A message of the customer, or of the shop by another program (``echo``).

    :param external_id: unique within the channel
    :param date: ``None`` when the provider does not say: it is when it was received
        (a pressed button of Telegram)
    :param kind: text, photo, video, audio, voice, document, sticker, location, contact,
        story_reply, story_mention, share, postback, unsupported, ...: open list.
        referral and optin: he has come by a link or agreed, and written nothing.
        What is known has a label in static/src/thread/thread_text.js
    :param payload: what a button carried
    :param reply_to: external id of the message that it answers
    :param referral: where he came from (start parameter, ad, story), or empty
    :param opens_window: whether it lets the shop answer for 24 hours
    """

    sender: Sender
    external_id: str
    date: datetime | None
    sequence: int = 0
    kind: str = "text"
    text: str = ""
    media: tuple[Media, ...] = ()
    contact: SharedContact | None = None
    payload: str = ""
    reply_to: str = ""
    referral: str = ""
    echo: bool = False
    opens_window: bool = True
    callback_id: str = ""


@dataclass(frozen=True)
class Edited:
    """A message has another text now; ``message`` is it as it is after the edit.

    Instagram tells neither when the message was sent nor its files: its date is that of
    the edit, and it has only the new text.
    """

    message: Message
    edited_at: datetime


@dataclass(frozen=True)
class Deleted:
    """A message was taken back by its author."""

    sender: Sender
    external_id: str
    date: datetime


@dataclass(frozen=True)
class Reaction:
    """An emoji on a message; empty: it was taken off."""

    sender: Sender
    external_id: str
    emoji: str
    date: datetime


@dataclass(frozen=True)
class Seen:
    """The customer has read (or his phone received) the shop's messages so far.

    :param external_id: of the last message seen; empty: all up to ``date``
    :param state: read or delivered
    """

    sender: Sender
    date: datetime
    external_id: str = ""
    state: str = "read"


@dataclass(frozen=True)
class Reachable:
    """The customer has blocked the shop, or let it in again."""

    sender: Sender
    date: datetime
    reachable: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing to do: kept raw only. ``why`` is a word for people who look into it."""

    why: str


@dataclass(frozen=True)
class Poison:
    """An item that does not make sense: it goes to the dead letters.

    :param item: its JSON value as it came, cut off 32 levels deep. ``json.dumps`` of it
        is a body that the parser reads again; ``None`` for a body that is no JSON.
    :param error: what is wrong with it, in English, for the list of dead letters
    """

    item: object
    error: str
    details: dict = field(default_factory=dict)


Item = Message | Edited | Deleted | Reaction | Seen | Reachable | Ignored | Poison
