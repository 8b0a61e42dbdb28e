"""What Telegram's Bot API is asked to send, and what its answers mean."""

import re
from collections.abc import Sequence
from datetime import timedelta

from .chat_items import Media
from .message_split import measure, split_text
from .provider_answers import Outcome, not_provider, retry_after, told, wait
from .provider_calls import Call, Part
from .provider_json import EPOCH

MAX_TEXT = 4096  # UTF-16 units
MAX_CAPTION = 1024  # UTF-16 units
MAX_CALLBACK = 64  # bytes of a button's payload
MAX_BUTTONS = 100
PAUSE = 5  # seconds, when Telegram does not say how long
UPLOAD = "attach://"

# kind of a file: (method, field); whatever else it is goes as a document
_METHODS = {
    "photo": ("sendPhoto", "photo"),
    "video": ("sendVideo", "video"),
    "animation": ("sendAnimation", "animation"),
    "audio": ("sendAudio", "audio"),
    "voice": ("sendVoice", "voice"),
    "document": ("sendDocument", "document"),
}
_FIELDS = dict(_METHODS.values())
_RETRY = re.compile(r"retry after (\d{1,7})", re.IGNORECASE)


# Asked


def split_message(text: str, media: Sequence[Media] = ()) -> list[Part]:
    """A message in parts that Telegram takes, each by one call.

    A single file takes a short text as its caption; otherwise the files go first.
    """
    if len(media) == 1 and measure(text.strip(), "utf16") <= MAX_CAPTION:
        return [Part(text.strip(), media[0])]
    files = [Part("", each) for each in media]
    return files + [Part(each) for each in split_text(text, MAX_TEXT, "utf16")]


def send_calls(
    text: str,
    media: Sequence[Media] = (),
    buttons: Sequence[dict] = (),
    reply_to: str | None = None,
    recipient: str = "",
    tag: str = "",
) -> list[Call]:
    """The calls that send a message, in their order; plain text, no parse mode.

    :param media: without a ``reference`` a file is uploaded: see ``upload_of``
    :param buttons: list of {label, payload}; with ``request_contact`` true it asks for
        the customer's phone number. They go with the last call.
    :param reply_to: external id of the message that is answered; with the first call
    :param recipient: external id of the identity
    :param tag: means nothing to Telegram
    :raises ValueError: for buttons that Telegram does not take, an id that is none
    """
    calls = []
    parts = split_message(text, media)
    for index, part in enumerate(parts):
        json: dict = {"chat_id": _chat(recipient)}
        if index == 0 and reply_to:
            json["reply_parameters"] = _reply(reply_to)
        if index == len(parts) - 1 and buttons:
            json["reply_markup"] = _keyboard(buttons)
        if part.media is None:
            calls.append(Call("POST", "sendMessage", {**json, "text": part.text}))
            continue
        method, field = _METHODS.get(part.media.kind, _METHODS["document"])
        json[field] = part.media.reference or f"{UPLOAD}{media.index(part.media)}"
        if part.text:
            json["caption"] = part.text
        calls.append(Call("POST", method, json))
    return calls


def upload_of(call: Call) -> tuple[str, int] | None:
    """(field of the form, index into ``media``) of the file that a call uploads.

    That call is made as a form: the field with the file, the others as they are, but
    objects as JSON. ``None``: the call has its JSON and no file.
    """
    field = _FIELDS.get(call.path)
    value = call.json.get(field, "") if field else ""
    if not value.startswith(UPLOAD):
        return None
    return field, int(value.removeprefix(UPLOAD))


def answer_callback(callback_id: str) -> Call:
    """The call that ends the waiting of a pressed button."""
    return Call("POST", "answerCallbackQuery", {"callback_query_id": callback_id})


def _chat(recipient: str) -> int:
    return int(recipient)


def _reply(reply_to: str) -> dict:
    number = int(reply_to.rpartition(":")[2])
    # the answered message may be gone; the answer is worth sending all the same
    return {"message_id": number, "allow_sending_without_reply": True}


def _keyboard(buttons: Sequence[dict]) -> dict:
    if len(buttons) > MAX_BUTTONS:
        raise ValueError(f"more than {MAX_BUTTONS} buttons")
    if any(button.get("request_contact") for button in buttons):
        rows = [
            [{"text": button["label"], "request_contact": True}]
            if button.get("request_contact")
            else [{"text": button["label"]}]
            for button in buttons
        ]
        return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
    for button in buttons:
        if not 1 <= measure(button["payload"], "bytes") <= MAX_CALLBACK:
            raise ValueError(f"a payload has 1 to {MAX_CALLBACK} bytes")
    return {
        "inline_keyboard": [
            [{"text": button["label"], "callback_data": button["payload"]}]
            for button in buttons
        ]
    }


# Answered


def read_answer(status: int, body: dict | None, headers: dict) -> Outcome:
    """What an answer of the Bot API means; never raises.

    :param status: of HTTP
    :param body: its JSON object, or ``None``
    :param headers: with names in lower case
    """
    body = body if isinstance(body, dict) else {}
    if body.get("ok") is True and status < 300:
        return _accepted(body.get("result"))
    if "ok" not in body and status != 429:
        return Outcome("uncertain") if status < 300 else not_provider(status)
    code = body.get("error_code")
    code = code if type(code) is int else status
    text = body.get("description")
    text = text if isinstance(text, str) else ""
    parameters = body.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if code == 429:
        return _wait(text, parameters, headers)
    if type(parameters.get("migrate_to_chat_id")) is int:
        return Outcome("moved", chat_id=str(parameters["migrate_to_chat_id"]))
    return _refused(code, text)


def _accepted(result) -> Outcome:
    """Taken; methods that send nothing answer ``true``."""
    result = result if isinstance(result, dict) else {}
    chat = result.get("chat")
    chat = chat.get("id") if isinstance(chat, dict) else None
    number, date = result.get("message_id"), result.get("date")
    if type(chat) is not int or type(number) is not int:
        return Outcome("accepted")
    known = type(date) is int and 0 < date < 2**32
    return Outcome(
        "accepted",
        external_id=f"{chat}:{number}",
        date=EPOCH + timedelta(seconds=date) if known else None,
        sequence=number,
    )


def _wait(text: str, parameters: dict, headers: dict) -> Outcome:
    """Telegram does not say whether the chat or the bot is meant: all of it waits."""
    seconds = parameters.get("retry_after")
    if type(seconds) is not int:
        found = _RETRY.search(text)
        seconds = int(found[1]) if found else retry_after(headers) or PAUSE
    return wait(seconds, told(text))


def _refused(code: int, text: str) -> Outcome:
    """An error by its number and words."""
    if code >= 500:
        return Outcome("uncertain", detail=told(text))
    if code in (401, 404):
        return Outcome("account_broken", reason="token", detail=told(text))
    if code == 409:
        return Outcome("account_broken", reason="conflict", detail=told(text))
    lowered = text.lower()
    for words, kind, reason in _ERRORS.get(code, ()):
        if words in lowered:
            return Outcome(kind, reason=reason, detail=told(text))
    reason = {403: "forbidden", 413: "too_large"}.get(code, "refused")
    return Outcome("refused", reason=reason, detail=told(text))


# code: (words of the description, kind of outcome, reason)
_ERRORS = {
    403: (
        ("bot was blocked by the user", "unreachable_person", "blocked"),
        ("can't initiate conversation", "unreachable_person", "blocked"),
        ("user is deactivated", "unreachable_person", "invalid"),
        ("bot was kicked", "unreachable_person", "invalid"),
        ("bot is not a member", "unreachable_person", "invalid"),
        ("can't send messages to bots", "unreachable_person", "invalid"),
    ),
    400: (
        ("chat not found", "unreachable_person", "invalid"),
        ("user not found", "unreachable_person", "invalid"),
        ("peer_id_invalid", "unreachable_person", "invalid"),
        ("message is not modified", "accepted", ""),
        ("can't parse", "retry_plain", ""),
        ("message to be replied not found", "retry_plain", ""),
        ("reply message not found", "retry_plain", ""),
        ("button", "retry_plain", ""),
        ("reply_markup", "retry_plain", ""),
        ("too long", "refused", "too_long"),
        ("text is empty", "refused", "empty"),
        ("query is too old", "refused", "too_old"),
        ("voice_messages_forbidden", "refused", "forbidden"),
        ("not enough rights", "refused", "forbidden"),
        ("no rights to send", "refused", "forbidden"),
        ("too big", "refused", "too_large"),
        ("photo", "refused", "media"),
        ("image", "refused", "media"),
        ("file", "refused", "media"),
    ),
}
