"""The Bot API over HTTP: what a shop can ask of Telegram, its limits and errors."""

import json
import math
import re
import time

from .control import Control
from .faults import Faults
from .http_server import FakeServer, File, Reply
from .telegram_bot import Bot

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # UTF-16 units
QUERY_SECONDS = 900  # how long a pressed button may be answered
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ADDRESS = re.compile(r"/(file/)?bot([^/]+)/(.+)")
_MEDIA = ("photo", "document", "audio", "video", "voice", "animation", "sticker")
_SENDING = {f"send{kind.capitalize()}": kind for kind in _MEDIA}


class ApiError(Exception):
    """The Bot API refuses; the arguments are those of `error_reply`."""

    def __init__(self, code, description, **parameters):
        super().__init__(description)
        self.error = {"code": code, "description": description, **parameters}


def error_reply(code, description, **parameters):
    """An error as Telegram writes it (Reply).

    :param parameters: ``retry_after`` or ``migrate_to_chat_id``
    """
    body = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Reply(code, body)


def units(text):
    """Length of a text in UTF-16 units (int)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Telegram(FakeServer):
    """Telegram: bots by their tokens. `faults` is the trouble still to come.

    :param float per_chat: seconds between two messages to one chat; 0: no limit
    :param int per_second: messages of one bot in a second, over all chats
    :param str shop_url: see `Bot`
    """

    provider = "telegram"
    acts = frozenset(
        (
            *("say", "start", "share_contact", "send_photo", "send_document"),
            *("press", "edit", "react", "block"),
        )
    )

    def __init__(self, port=0, *, per_chat=1.0, per_second=30, shop_url=""):
        self.bots, self.faults, self.shop_url = {}, Faults(), shop_url
        self.per_chat, self.per_second = per_chat, per_second
        self._set_at, self._sent_at = {}, {}
        self.control = Control(self)
        super().__init__(port)

    def bot(self, token, name="Shop", username="shop_bot"):
        """Register a bot, as its owner does with BotFather (Bot)."""
        self.bots[token] = Bot(token, name, username, self.shop_url)
        return self.bots[token]

    def accounts(self):
        """All bots (list)."""
        return list(self.bots.values())

    def close(self):
        """Stop delivering and listening."""
        for bot in self.bots.values():
            bot.deliveries.close()
        super().close()

    def answer(self, request):
        """Answer a call of the Bot API, a download or a page of the control."""
        found = _ADDRESS.fullmatch(request.path)
        if not found:
            return self.control.answer(request)
        file, token, method = found.groups()
        bot = self.bots.get(token)
        if bot is None:
            reply = error_reply(401, "Unauthorized")
            self.note(method, {}, reply)
            return reply
        if file:
            return _download(bot, method)
        try:
            fields = request.fields()
        except ValueError:
            return error_reply(400, "Bad Request: can't parse the request")
        reply = self._call(bot, method, fields)
        self.note(method, _loggable(bot, fields), reply)
        return reply

    def _call(self, bot, method, fields):
        sends = method in _SENDING or method == "sendMessage"
        fault = self.faults.take(method, fields.get("chat_id", ""), sends=sends)
        if fault and not fault.accepts:
            return fault.reply(error_reply)
        try:
            reply = Reply(200, {"ok": True, "result": self._run(bot, method, fields)})
        except ApiError as error:
            return error_reply(**error.error)
        return fault.reply(error_reply) if fault else reply

    def _run(self, bot, method, fields):
        if method in _SENDING or method == "sendMessage":
            return self._send(bot, method, fields)
        run = _METHODS.get(method)
        if run is None:
            raise ApiError(404, "Not Found: method not found")
        return run(self, bot, fields)

    # Methods

    def _send(self, bot, method, fields):
        person = self._reachable(bot, fields)
        kind = _SENDING.get(method, "text")
        text = str(fields.get("text" if kind == "text" else "caption") or "")
        _check_text(text, kind)
        if kind != "text" and not fields.get(kind):
            raise ApiError(400, f"Bad Request: there is no {kind} in the request")
        self._respect_limits(bot, person)
        media = [_kept(bot, fields[kind])] if kind != "text" else []
        entry = bot.wrote(person, text, kind, _buttons(fields), media)
        return _sent(bot, person, entry)

    def _reachable(self, bot, fields):
        person = bot.people.get(str(fields.get("chat_id", "")))
        if person is None:
            raise ApiError(400, "Bad Request: chat not found")
        if person.gone:
            raise ApiError(403, "Forbidden: user is deactivated")
        if person.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return person

    def _respect_limits(self, bot, person):
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._sent_at.get(bot.id, ()) if now - at < 1]
            wait = person.last_sent + self.per_chat - now if person.last_sent else 0
            if len(recent) >= self.per_second:
                wait = max(wait, 1)
            if wait > 0:
                wait = math.ceil(wait)
                text = f"Too Many Requests: retry after {wait}"
                raise ApiError(429, text, retry_after=wait)
            person.last_sent = now
            self._sent_at[bot.id] = [*recent, now]

    def _get_me(self, bot, _fields):
        return bot.me() | {"can_join_groups": True, "supports_inline_queries": False}

    def _set_webhook(self, bot, fields):
        url, secret = fields.get("url", ""), fields.get("secret_token", "")
        if secret and not _SECRET.fullmatch(secret):
            text = "Bad Request: secret token contains unallowed characters"
            raise ApiError(400, text)
        now = time.monotonic()
        if now - self._set_at.get(bot.id, -10) < 1:
            raise ApiError(429, "Too Many Requests: retry after 1", retry_after=1)
        self._set_at[bot.id] = now
        drop = _truth(fields.get("drop_pending_updates"))
        bot.set_webhook(url, secret, _list(fields.get("allowed_updates")), drop=drop)
        return True

    def _delete_webhook(self, bot, fields):
        bot.set_webhook("", drop=_truth(fields.get("drop_pending_updates")))
        return True

    def _webhook_info(self, bot, _fields):
        hook = bot.webhook
        found = {"url": hook["url"], "has_custom_certificate": False}
        found["pending_update_count"] = len(bot.deliveries.waiting())
        if hook["url"]:
            found |= {"max_connections": 40, "allowed_updates": sorted(bot.kinds)}
        if hook["last_error"]:
            found["last_error_date"] = hook["last_error_date"]
            found["last_error_message"] = hook["last_error"]
        return found

    def _get_updates(self, bot, fields):
        if bot.webhook["url"]:
            text = (
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )
            raise ApiError(409, text)
        kinds = _list(fields.get("allowed_updates"))
        if kinds is not None:
            bot.kinds = frozenset(kinds)
        bot.polling += 1
        mine, offset = bot.polling, int(fields.get("offset") or 0)
        limit = int(fields.get("limit") or 100)
        ends = time.monotonic() + float(fields.get("timeout") or 0)
        while True:
            if bot.polling != mine:
                text = (
                    "Conflict: terminated by other getUpdates request; make sure"
                    " that only one bot instance is running"
                )
                raise ApiError(409, text)
            found = bot.take_updates(offset, limit)
            if found or time.monotonic() >= ends or self.closing.wait(0.05):
                return found

    def _answer_callback(self, bot, fields):
        asked = bot.queries.pop(str(fields.get("callback_query_id")), None)
        if asked is None or bot.clock.now() - asked > QUERY_SECONDS:
            text = (
                "Bad Request: query is too old and response timeout expired or"
                " query ID is invalid"
            )
            raise ApiError(400, text)
        return True

    def _get_file(self, bot, fields):
        file_id = str(fields.get("file_id", "")).removesuffix("-s")
        if file_id not in bot.files:
            raise ApiError(400, "Bad Request: invalid file_id")
        path, content = bot.files[file_id]
        found = {"file_id": file_id, "file_unique_id": f"u{file_id}"}
        return found | {"file_size": len(content), "file_path": path}

    def _get_chat(self, bot, fields):
        person = self._reachable(bot, fields)
        return {"id": int(person.id), "type": "private", "first_name": person.name}

    def _nothing(self, _bot, _fields):
        return True


_METHODS = {
    "getMe": Telegram._get_me,
    "setWebhook": Telegram._set_webhook,
    "deleteWebhook": Telegram._delete_webhook,
    "getWebhookInfo": Telegram._webhook_info,
    "getUpdates": Telegram._get_updates,
    "answerCallbackQuery": Telegram._answer_callback,
    "getFile": Telegram._get_file,
    "getChat": Telegram._get_chat,
    "sendChatAction": Telegram._nothing,
    "setMyCommands": Telegram._nothing,
}


def _check_text(text, kind):
    limit = TEXT_LIMIT if kind == "text" else CAPTION_LIMIT
    what = "message is too long" if kind == "text" else "message caption is too long"
    if kind == "text" and not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if units(text) > limit:
        raise ApiError(400, f"Bad Request: {what}")


def _kept(bot, given):
    """Keep a file that the shop has sent: its file_id."""
    if not isinstance(given, File):
        return str(given)
    return bot.keep(given.content, "sent", given.name.rpartition(".")[2])


def _buttons(fields):
    """The buttons of a message: list of {label, payload}."""
    markup = fields.get("reply_markup") or {}
    if isinstance(markup, str):
        markup = json.loads(markup)
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    buttons = [button for row in rows for button in row]
    for button in buttons:
        if len(str(button.get("callback_data", "")).encode()) > 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return [
        {
            "label": button["text"],
            "payload": button.get("callback_data", ""),
            "contact": bool(button.get("request_contact")),
        }
        for button in buttons
    ]


def _sent(bot, person, entry):
    found = {"message_id": int(entry.id), "from": bot.me(), "date": int(entry.at)}
    found["chat"] = {"id": int(person.id), "type": "private"}
    return found | {"text" if entry.kind == "text" else "caption": entry.text}


def _download(bot, path):
    for name, content in bot.files.values():
        if name == path:
            return Reply(200, content, "application/octet-stream")
    return error_reply(404, "Not Found")


def _loggable(bot, fields):
    """Arguments without what nobody may read: files, secrets and the token."""
    secret = ("secret_token",)
    shown = {
        name: "..."
        if name in secret
        else value.name
        if isinstance(value, File)
        else value
        for name, value in fields.items()
    }
    return shown | {"bot": bot.id}


def _list(value):
    if isinstance(value, str):
        return json.loads(value)
    return value


def _truth(value):
    return str(value).lower() in ("true", "1")
