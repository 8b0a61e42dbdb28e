"""The Instagram Messaging API over HTTP: what a shop can ask of Meta, and errors."""

import json
import re
import secrets

from .control import Control
from .faults import Faults
from .http_server import FakeServer, File, Reply
from .instagram_account import AGENT_WINDOW, WINDOW, Account

TEXT_BYTES = 1000
QUICK_REPLIES, BUTTONS = 13, 3
_ADDRESS = re.compile(r"/(?:v\d+\.\d+/)?([^/]+)(?:/([a-z_]+))?")


class GraphError(Exception):
    """Meta refuses; the arguments are those of `error_reply`."""

    def __init__(self, code, text, *, subcode=None, status=400):
        super().__init__(text)
        self.error = {"code": code, "text": text, "subcode": subcode, "status": status}


def error_reply(code, text, *, subcode=None, status=400):
    """An error as Meta writes it (Reply)."""
    error = {"message": text, "type": "IGApiException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    error["fbtrace_id"] = secrets.token_urlsafe(8)
    return Reply(status, {"error": error})


class Instagram(FakeServer):
    """Meta with accounts by their tokens. `faults` is the trouble still to come.

    :param str shop_url: where webhooks are called whatever their host, as a proxy would
    """

    provider = "instagram"
    acts = frozenset(
        (
            *("say", "choose", "answer_story", "send_photo", "mention_in_story"),
            *("press", "edit", "unsend", "react", "read", "block"),
        )
    )

    def __init__(self, port=0, *, shop_url=""):
        self.by_token, self.faults, self.shop_url = {}, Faults(), shop_url
        self.control = Control(self)
        super().__init__(port)

    def account(self, token, app_secret, username="shop", **options):
        """An account that the shop's owner has given this token (Account)."""
        made = Account(token, app_secret, username, self.url, **options)
        made.shop_url = self.shop_url
        made.id = str(int(made.id) + len(self.by_token))
        made.scoped_id = str(int(made.scoped_id) + len(self.by_token))
        self.by_token[token] = made
        return made

    def accounts(self):
        """All accounts (list), each once."""
        return list(
            {account.id: account for account in self.by_token.values()}.values()
        )

    def close(self):
        """Stop delivering and listening."""
        for account in self.accounts():
            account.deliveries.close()
        super().close()

    def answer(self, request):
        """Answer a call of the API, a download or a page of the control."""
        if request.path == "/" or request.path.startswith("/control/"):
            return self.control.answer(request)
        if request.path.startswith("/media/"):
            return self._media(request.path.removeprefix("/media/"))
        try:
            fields = request.fields()
        except ValueError:
            return error_reply(100, "Invalid parameter")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = token or str(fields.pop("access_token", ""))
        fields.pop("access_token", None)
        found = _ADDRESS.fullmatch(request.path)
        method = f"{request.method} {(found and (found[2] or found[1])) or '?'}"
        reply = self._call(token, method, found and found[1], fields)
        shown = {
            name: value.name if isinstance(value, File) else value
            for name, value in fields.items()
        }
        self.note(method, shown, reply)
        return reply

    def _media(self, name):
        for account in self.accounts():
            if name in account.files:
                kind = "image/png" if name.endswith("png") else "image/jpeg"
                return Reply(200, account.files[name], kind)
        return Reply(404)

    def _call(self, token, method, node, fields):
        account = self.by_token.get(token)
        if account is None:
            return error_reply(190, "Invalid OAuth access token", status=401)
        sends = method == "POST messages"
        to = (_object(fields.get("recipient")) or {}).get("id", "")
        fault = self.faults.take(method, to, sends=sends)
        if fault and not fault.accepts:
            return fault.reply(error_reply)
        if method == f"GET {node}" and node in account.people:
            return Reply(200, _profile(account.people[node]))
        run = _METHODS.get(method)
        known = node in ("me", "refresh_access_token", account.id, account.scoped_id)
        if run is None or not known:
            return error_reply(100, "Unsupported request", subcode=33)
        try:
            reply = Reply(200, run(self, account, fields))
        except GraphError as error:
            return error_reply(**error.error)
        return fault.reply(error_reply) if fault else reply

    # Methods

    def _me(self, account, fields):
        known = {
            "id": account.scoped_id,
            "user_id": account.id,
            "username": account.username,
            "name": account.username,
            "account_type": "BUSINESS",
        }
        wanted = str(fields.get("fields") or "id").split(",")
        return {name: known[name] for name in ("id", *wanted) if name in known}

    def _subscribed(self, account, _fields):
        data = [{"subscribed_fields": account.fields}] if account.fields else []
        return {"data": data}

    def _subscribe(self, account, fields):
        wanted = fields.get("subscribed_fields") or []
        if isinstance(wanted, str):
            wanted = [name for name in wanted.split(",") if name]
        if not wanted:
            raise GraphError(100, "The parameter subscribed_fields is required.")
        account.subscribe(wanted)
        return {"success": True}

    def _unsubscribe(self, account, _fields):
        account.subscribe([])
        return {"success": True}

    def _refresh(self, account, fields):
        if fields.get("grant_type") != "ig_refresh_token":
            raise GraphError(100, "Unsupported grant type")
        fresh = f"IGAA{secrets.token_urlsafe(24)}"
        self.by_token[fresh] = account
        account.token = fresh
        return {
            "access_token": fresh,
            "token_type": "bearer",
            "expires_in": account.expires_in,
        }

    def _send(self, account, fields):
        person = account.people.get((_object(fields.get("recipient")) or {}).get("id"))
        if person is None or person.gone:
            raise GraphError(100, "No matching user found", subcode=2534014)
        if person.blocked:
            raise GraphError(551, "This person isn't available right now.")
        _check_window(account, person, fields)
        message = _object(fields.get("message")) or {}
        kind, text, media = _content(message)
        buttons = _buttons(message)
        entry = account.wrote(person, text, kind, buttons, media)
        return {"recipient_id": person.id, "message_id": entry.id}


_METHODS = {
    "GET me": Instagram._me,
    "GET subscribed_apps": Instagram._subscribed,
    "POST subscribed_apps": Instagram._subscribe,
    "DELETE subscribed_apps": Instagram._unsubscribe,
    "GET refresh_access_token": Instagram._refresh,
    "POST messages": Instagram._send,
}


def _profile(person):
    """What the shop may know of somebody who has written to it (dict)."""
    return {"id": person.id, "name": person.name, "username": person.username}


def _check_window(account, person, fields):
    """Refuse what comes later than the customer's last message allows."""
    tagged = fields.get("tag") == "HUMAN_AGENT"
    if tagged and not account.human_agent:
        text = "Message Sent Without Human Agent Permission"
        raise GraphError(100, text, subcode=2018276)
    opened = person.window
    age = account.clock.now() - opened if opened else AGENT_WINDOW + 1
    if age > (AGENT_WINDOW if tagged else WINDOW):
        text = "This message is sent outside of allowed window."
        raise GraphError(10, text, subcode=2534022)


def _content(message):
    """Kind, text and files of what the shop sends.

    :raises GraphError: for what Meta would refuse
    """
    text = message.get("text")
    if text:
        if len(text.encode()) > TEXT_BYTES:
            text = "Length of param message[text] must be less than or equal to 1000"
            raise GraphError(100, text)
        return "text", text, []
    attached = message.get("attachment") or {}
    payload = attached.get("payload") or {}
    if attached.get("type") == "template":
        return "text", payload.get("text") or "", []
    if attached.get("type") and payload.get("url"):
        return attached["type"], "", [payload["url"]]
    raise GraphError(100, "Invalid parameter: message")


def _buttons(message):
    """Buttons and quick replies: list of {label, payload}."""
    quick = message.get("quick_replies") or []
    if len(quick) > QUICK_REPLIES:
        raise GraphError(100, "Too many quick replies")
    found = [
        {"label": one["title"][:20], "payload": one.get("payload", ""), "quick": True}
        for one in quick
    ]
    payload = (message.get("attachment") or {}).get("payload") or {}
    buttons = payload.get("buttons") or []
    if len(buttons) > BUTTONS:
        raise GraphError(100, "Too many buttons")
    return found + [
        {"label": one.get("title", ""), "payload": one.get("payload", "")}
        for one in buttons
    ]


def _object(value):
    """A parameter that is an object, also where it came as text."""
    return json.loads(value) if isinstance(value, str) else value
