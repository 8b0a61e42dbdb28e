"""A provider in this process: over real HTTP, with one account whose answers a test
chooses. Big simulations live elsewhere; this one is for the set-up and the watch."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BOT_TOKEN = "123456789:AAF-planted-bot-token-of-the-test"
META_TOKEN = "IGQVplantedMetaTokenOfTheTest"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Shop", "username": "shop_bot"}


class Account:
    """What the provider knows, and what it was asked.

    ``answers`` maps the last part of a path (and "METHOD last part") to (status, JSON)
    instead of what it would say by itself.
    """

    def __init__(self):
        self.calls = []  # (method, last part of the path, values)
        self.answers = {}
        self.webhook = {"url": "", "pending_update_count": 0}
        self.subscribed = []

    def called(self, *names):
        """Values of the calls of these names, in order."""
        return [values for _method, name, values in self.calls if name in names]

    def answer(self, method, path, values, headers):
        """(status, JSON) of one request."""
        name = path.rsplit("/", 1)[-1]
        self.calls.append((method, name, values))
        for key in (f"{method} {name}", name):
            if key in self.answers:
                return self.answers[key]
        if path.startswith("/bot"):
            if path != f"/bot{BOT_TOKEN}/{name}":
                refusal = {"error_code": 401, "description": "Unauthorized"}
                return 401, {"ok": False, **refusal}
            return 200, {"ok": True, "result": self._telegram(name, values)}
        if headers.get("Authorization") != f"Bearer {META_TOKEN}":
            error = {"code": 190, "message": "Malformed access token"}
            return 400, {"error": error}
        return 200, self._meta(method, name, values)

    def _telegram(self, name, values):
        if name == "setWebhook":
            self.webhook = {"pending_update_count": 0, **values}
        elif name == "deleteWebhook":
            self.webhook = {"url": "", "pending_update_count": 0}
        return {"getMe": BOT, "getWebhookInfo": self.webhook}.get(name, True)

    def _meta(self, method, name, values):
        if name == "me":
            return {"user_id": "178414", "username": "my.shop", "name": "My Shop"}
        if name == "refresh_access_token":
            return {"access_token": META_TOKEN, "expires_in": 5_184_000}
        if method == "POST":
            self.subscribed = values["subscribed_fields"].split(",")
        elif method == "DELETE":
            self.subscribed = []
        elif self.subscribed:
            return {"data": [{"id": "1", "subscribed_fields": self.subscribed}]}
        else:
            return {"data": []}
        return {"success": True}


@contextmanager
def fake_account():
    """Yields (address, Account)."""
    account = Account()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            values = {k: v[0] for k, v in parse_qs(parts.query).items()}
            values |= json.loads(body) if body else {}
            status, answer = account.answer(
                self.command, parts.path, values, self.headers
            )
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_args):
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", account
    finally:
        server.shutdown()
        server.server_close()
