"""Updates of Telegram's Bot API as it writes them; pure functions of their values.

Times are whole seconds since 1970. What is left out here, Telegram leaves out as well.
"""


def user(person):
    """A person as ``from`` (dict)."""
    first, _, last = person.name.partition(" ")
    found = {"id": int(person.id), "is_bot": False, "first_name": first}
    found |= {"last_name": last} if last else {}
    found |= {"username": person.username} if person.username else {}
    return found | {"language_code": person.language}


def chat(person):
    """The private chat with a person (dict)."""
    found = {**user(person), "type": "private"}
    del found["is_bot"], found["language_code"]
    return found


def message(person, number, date, **content):
    """A message of a customer (dict).

    :param int number: the message's id in its chat
    :param content: text, photo, contact, ...
    """
    return {
        "message_id": number,
        "from": user(person),
        "chat": chat(person),
        "date": int(date),
        **content,
    }


def update(number, kind, content):
    """An update: what is posted to the webhook (dict)."""
    return {"update_id": number, kind: content}


def contact(person, phone, *, own=True):
    """A shared phone number; of himself, or of somebody from his address book."""
    first, _, last = person.name.partition(" ")
    if not own:
        return {"phone_number": phone, "first_name": "Aunt", "user_id": 4_242_424_242}
    found = {"phone_number": phone, "first_name": first, "user_id": int(person.id)}
    return found | ({"last_name": last} if last else {})


def photo(file_id, size):
    """A picture in its two sizes, the larger one last (list)."""
    small = {"file_id": f"{file_id}-s", "file_unique_id": f"u{file_id}s"}
    large = {"file_id": file_id, "file_unique_id": f"u{file_id}"}
    return [
        small | {"width": 90, "height": 90, "file_size": min(size, 1_000)},
        large | {"width": 800, "height": 800, "file_size": size},
    ]


def document(file_id, name, mime, size):
    """A file that was sent as a file (dict)."""
    found = {"file_id": file_id, "file_unique_id": f"u{file_id}"}
    return found | {"file_name": name, "mime_type": mime, "file_size": size}


def edited(original, text, date):
    """A message with another text (dict)."""
    return {**original, "text": text, "edit_date": int(date)}


def callback(query_id, person, pressed, data):
    """A pressed button (dict).

    :param dict pressed: the message of the bot with the button
    """
    return {
        "id": query_id,
        "from": user(person),
        "message": pressed,
        "chat_instance": f"{int(person.id) * 31}",
        "data": data,
    }


def membership(person, bot, date, *, blocked):
    """The customer has blocked the bot, or let it in again (dict)."""
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    kicked = {"until_date": 0}
    return {
        "chat": chat(person),
        "from": user(person),
        "date": int(date),
        "old_chat_member": {"user": bot, "status": before}
        | (kicked if before == "kicked" else {}),
        "new_chat_member": {"user": bot, "status": after}
        | (kicked if after == "kicked" else {}),
    }


def reaction(person, number, date, before, after):
    """Emojis on a message (dict); it comes only to who has asked for it.

    :param list[str] before: emojis that were there; ``after`` those that are
    """

    def written(emojis):
        return [{"type": "emoji", "emoji": emoji} for emoji in emojis]

    return {
        "chat": chat(person),
        "message_id": number,
        "user": user(person),
        "date": int(date),
        "old_reaction": written(before),
        "new_reaction": written(after),
    }
