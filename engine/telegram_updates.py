"""Updates of Telegram's Bot API: a body becomes items.

Private chats only: a bot of a shop that somebody has put into a group must not make
customers of the group's members.
"""

import re
from datetime import datetime

from . import provider_json as json_of
from .chat_items import (
    Edited,
    Ignored,
    Item,
    Message,
    Poison,
    Reachable,
    Reaction,
    Sender,
)
from .provider_json import Odd
from .telegram_content import Content, read_content

MAX_CHAT = 2**63 - 1
MAX_MESSAGE = 2**31 - 1  # ids of messages are the order within a second: 32 bits
_START = re.compile(r"/start(?:@\w+)? ([A-Za-z0-9_-]{1,64})")
_LANGUAGE = re.compile(r"([a-z]{2})(?:-.*)?", re.IGNORECASE | re.DOTALL)
# A custom emoji has no character of its own, nor has Telegram's paid star.
_OTHER_REACTIONS = {"paid": "⭐", "custom_emoji": "✨"}
# What a private chat tells and nobody has written; see "service messages" of the API.
_SERVICE = frozenset(
    [
        "boost_added",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "chat_shared",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "direct_message_price_changed",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "gift_upgrade_sent",
        "giveaway_completed",
        "giveaway_created",
        "message_auto_delete_timer_changed",
        "paid_message_price_changed",
        "passport_data",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "users_shared",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "write_access_allowed",
    ]
)


def read_body(body: bytes) -> list[Item]:
    """What one update tells; never raises.

    :param body: of a request of Telegram, or one update of ``getUpdates``
    :returns: one item; what is wrong with an update makes it a ``Poison``
    """
    update = None
    try:
        update = json_of.read_json(body)
        if not isinstance(update, dict):
            raise Odd("an update is an object")
        return [_read_update(update)]
    except Odd as odd:
        return [Poison(json_of.shallow(update), str(odd))]


def _read_update(update: dict) -> Item:
    kinds = [key for key in update if key != "update_id"]
    known = [key for key in kinds if key in _READERS]
    if known:
        return _READERS[known[0]](json_of.section(update, known[0]))
    for key in kinds:
        if key in _OUTSIDE:
            return Ignored(_OUTSIDE[key])
    return Ignored(f"unknown: {_names(kinds)}" if kinds else "empty")


def _names(keys) -> str:
    """Some keys of a stranger, for people who look into it."""
    return json_of.note({"keys": ", ".join(keys)}, "keys", 80)


# Who and where


def _private_chat(of: dict) -> int | None:
    """The id of the private chat that something is of, ``None`` for other chats."""
    chat = json_of.section(of, "chat")
    if json_of.words(chat, "type") != "private":
        return None
    return json_of.whole(chat, "id", -MAX_CHAT, MAX_CHAT)


def _sender(chat: int, person: dict) -> Sender:
    names = (json_of.note(person, "first_name"), json_of.note(person, "last_name"))
    language = _LANGUAGE.fullmatch(json_of.note(person, "language_code"))
    return Sender(
        external_id=str(chat),
        name=" ".join(filter(None, names)),
        username=json_of.note(person, "username"),
        language=language[1].lower() if language else "",
    )


def _message_name(chat: int, number: int) -> str:
    """External id of a message: Telegram counts anew in each chat."""
    return f"{chat}:{number}"


def _message_number(of: dict) -> int:
    return json_of.whole(of, "message_id", 1, MAX_MESSAGE)


# Messages


def _read_message(raw: dict) -> Item:
    chat = _private_chat(raw)
    if chat is None:
        return Ignored("group")
    person = json_of.section(raw, "from")
    if json_of.flag(person, "is_bot"):
        return Ignored("bot")
    content = read_content(raw, _person(person))
    if content is None:
        service = [key for key in raw if key in _SERVICE]
        if service:
            return Ignored(f"service: {service[0]}")
        content = Content("unsupported")
    date, _rest = json_of.moment(raw, "date")
    return _message(raw, chat, _sender(chat, person), date, content)


def _person(person: dict) -> int:
    return json_of.whole(person, "id", 1, MAX_CHAT)


def _message(raw: dict, chat: int, sender: Sender, date, content: Content) -> Message:
    number = _message_number(raw)
    start = _START.fullmatch(content.text) if content.kind == "text" else None
    return Message(
        sender=sender,
        external_id=_message_name(chat, number),
        date=date,
        sequence=number,
        kind=content.kind,
        text=content.text,
        media=content.media,
        contact=content.contact,
        payload=content.payload,
        reply_to=_reply_to(raw, chat),
        referral=start[1] if start else "",
    )


def _reply_to(raw: dict, chat: int) -> str:
    """External id of the message that this one answers, if that is of this chat."""
    replied = raw.get("reply_to_message")
    if not isinstance(replied, dict):
        return ""
    number = replied.get("message_id")
    if type(number) is not int or not 1 <= number <= MAX_MESSAGE:
        return ""
    return _message_name(chat, number)


def _read_edited(raw: dict) -> Item:
    message = _read_message(raw)
    if not isinstance(message, Message):
        return message
    if raw.get("edit_date") is None:
        return Edited(message, message.date)
    return Edited(message, json_of.moment(raw, "edit_date")[0])


# Everything else


def _read_callback(raw: dict) -> Item:
    """A pressed button: Telegram does not say when."""
    if raw.get("message") is None:
        return Ignored("inline")
    message = json_of.section(raw, "message")
    chat = _private_chat(message)
    if chat is None:
        return Ignored("group")
    name = json_of.name_of(raw, "id")
    payload = json_of.words(raw, "data")
    return Message(
        sender=_sender(chat, json_of.section(raw, "from")),
        external_id=f"callback:{name}",
        date=None,
        kind="postback",
        text=_label(message, payload) or json_of.words(raw, "game_short_name"),
        payload=payload,
        reply_to=_message_name(chat, _message_number(message)),
        callback_id=name,
    )


def _label(message: dict, payload: str) -> str:
    """What stood on the button that was pressed."""
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and button.get("callback_data") == payload:
                return json_of.note(button, "text")
    return ""


def _read_my_member(raw: dict) -> Item:
    chat = _private_chat(raw)
    if chat is None:
        return Ignored("group")
    status = json_of.words(json_of.section(raw, "new_chat_member"), "status")
    if status not in ("kicked", "member"):
        return Ignored("member")
    sender = _sender(chat, json_of.section(raw, "from"))
    return Reachable(sender, _date(raw), reachable=status == "member")


def _date(raw: dict) -> datetime:
    return json_of.moment(raw, "date")[0]


def _read_reaction(raw: dict) -> Item:
    chat = _private_chat(raw)
    if chat is None:
        return Ignored("group")
    if raw.get("user") is None:
        return Ignored("anonymous")
    return Reaction(
        sender=_sender(chat, json_of.section(raw, "user")),
        external_id=_message_name(chat, _message_number(raw)),
        emoji="".join(map(_emoji, json_of.items(raw, "new_reaction")))[:40],
        date=_date(raw),
    )


def _emoji(reaction) -> str:
    if not isinstance(reaction, dict):
        raise Odd("new_reaction: objects are expected")
    kind = json_of.words(reaction, "type")
    return _OTHER_REACTIONS.get(kind) or json_of.words(reaction, "emoji")


_READERS = {
    "message": _read_message,
    "edited_message": _read_edited,
    "callback_query": _read_callback,
    "my_chat_member": _read_my_member,
    "message_reaction": _read_reaction,
}
# Kinds of updates that are no conversation with a customer, and what we call them.
_OUTSIDE = {
    **dict.fromkeys(
        [
            "channel_post",
            "edited_channel_post",
            "chat_member",
            "chat_join_request",
            "chat_boost",
            "removed_chat_boost",
            "message_reaction_count",
        ],
        "group",
    ),
    **dict.fromkeys(
        [
            "business_connection",
            "business_message",
            "edited_business_message",
            "deleted_business_messages",
        ],
        "business",
    ),
    **dict.fromkeys(("inline_query", "chosen_inline_result"), "inline"),
    **dict.fromkeys(("poll", "poll_answer"), "poll"),
    **dict.fromkeys(
        ("shipping_query", "pre_checkout_query", "purchased_paid_media"), "payment"
    ),
}
