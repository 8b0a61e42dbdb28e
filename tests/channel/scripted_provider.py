"""A provider on this machine that answers what a test has told it to."""

import json
import threading
import time
from collections import defaultdict
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ScriptedProvider:
    """A Telegram and an Instagram in one; `replies` is by recipient, first come first.

    A reply is ``(status, body)`` or ``(status, body, headers)``; ``"cut"``: it takes
    the message and breaks off; a function of the call: whatever that returns. Without
    a reply it accepts.

    :ivar list calls: (seconds, recipient, path, body) as they came
    """

    def __init__(self):
        self.replies, self.calls = defaultdict(list), []
        self._lock, self._numbers = threading.Lock(), defaultdict(int)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Address without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def texts(self, recipient):
        """What a recipient was sent, in order, accepted or not."""
        return [
            body.get("text") or body.get("message", {}).get("text")
            for _at, to, _path, body in self.calls
            if to == recipient
        ]

    def times(self, recipient):
        """When (seconds) a recipient was sent something."""
        return [at for at, to, _path, _body in self.calls if to == recipient]

    def answer(self, path, body):
        """The reply to a call, noted."""
        recipient = str(body.get("chat_id") or body.get("recipient", {}).get("id"))
        with self._lock:
            self.calls.append((time.monotonic(), recipient, path, body))
            waiting = self.replies[recipient]
            reply = waiting.pop(0) if waiting else None
            self._numbers[recipient] += 1
            number = self._numbers[recipient]
        if callable(reply):
            reply = reply(body)
        return reply or (200, self._accepted(recipient, number, "chat_id" in body))

    def _accepted(self, recipient, number, telegram):
        if not telegram:
            return {
                "recipient_id": recipient,
                "message_id": f"mid.{recipient}.{number}",
            }
        message = {"message_id": number, "date": int(time.time())}
        return {"ok": True, "result": {**message, "chat": {"id": int(recipient)}}}

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                reply = provider.answer(self.path, _read(self.headers, content))
                if reply == "cut":
                    self.close_connection = True
                    with suppress(OSError):
                        self.connection.shutdown(2)
                    return
                status, body, *headers = reply
                answer = json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers[0] if headers else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(answer)

            def log_message(self, *_args):
                """Not on the console."""

        return Handler


def _read(headers, content):
    """The values of a request; of a form its fields and the sizes of its files."""
    kind = headers["Content-Type"]
    if kind.startswith("application/json"):
        return json.loads(content)
    boundary = kind.partition("boundary=")[2].encode()
    values = {}
    for part in content.split(b"--" + boundary)[1:-1]:
        head, _gap, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        values[name] = len(value) if b"filename=" in head else value.decode()
    return values


def refusal(code, description, **parameters):
    """A reply of Telegram that refuses."""
    body = {"ok": False, "error_code": code, "description": description}
    return code, {**body, "parameters": parameters} if parameters else body


def meta_refusal(code, subcode=0, message="No", status=400):
    """A reply of Meta that refuses."""
    error = {"code": code, "error_subcode": subcode, "message": message}
    return status, {"error": error}
