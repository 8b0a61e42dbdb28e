"""A small HTTP server on the loopback interface whose answers may also fail to come."""

import json
import re
import socket
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"
MAX_BODY = 60_000_000  # bytes


@dataclass(frozen=True)
class File:
    """A file of a form: its name, its type and what is in it (bytes)."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Request:
    """What was asked. Names of headers are in lower case, the query is decoded."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    def fields(self):
        """Arguments, from query and body, as JSON, a form or a form with files (dict).

        :raises ValueError: when the body is not what its type says
        """
        kind = self.headers.get("content-type", "")
        fields = dict(self.query)
        if kind.startswith("application/json") and self.body:
            found = json.loads(self.body)
            if not isinstance(found, dict):
                raise ValueError("The body is no object.")
            fields |= found
        elif kind.startswith("application/x-www-form-urlencoded"):
            fields |= dict(urllib.parse.parse_qsl(self.body.decode()))
        elif kind.startswith("multipart/form-data"):
            fields |= _parts(kind, self.body)
        return fields


@dataclass(frozen=True)
class Reply:
    """What is answered.

    :param body: dict for JSON, or bytes
    :param float seconds: how long the answer is kept back
    :param bool cut: hang up instead of answering
    """

    status: int = 200
    body: object = b""
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)
    seconds: float = 0
    cut: bool = False

    def content(self):
        """The bytes of the body."""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body).encode()


def _parts(kind, body):
    """Fields and files of a form: {name: str or File}."""
    boundary = re.search(r'boundary="?([^";]+)', kind)
    if not boundary:
        raise ValueError("The form says no boundary.")
    found = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part[2:].partition(b"\r\n\r\n")
        content = content[:-2]
        name = re.search(rb'[; ]name="([^"]*)"', head)
        file = re.search(rb'filename="([^"]*)"', head)
        mime = re.search(rb"(?i)content-type: *([^\r\n;]+)", head)
        if name and file:
            mime = mime[1].decode() if mime else "application/octet-stream"
            found[name[1].decode()] = File(file[1].decode(), mime, content)
        elif name:
            found[name[1].decode()] = content.decode()
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return
        address = urllib.parse.urlsplit(self.path)
        request = Request(
            self.command,
            urllib.parse.unquote(address.path),
            dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        reply = self.server.owner.answer(request)
        if reply.seconds:
            self.server.owner.closing.wait(reply.seconds)
        if reply.cut:
            self._hang_up()
        else:
            self._write(reply)

    do_GET = do_POST = do_DELETE = _answer

    def _hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _write(self, reply):
        content = reply.content()
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except OSError:  # whoever asked has been killed or did not wait
            self.close_connection = True

    def log_message(self, *_arguments):
        """Say nothing: the fakes keep a log of their own, without tokens."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, _request, _address):
        """Say nothing of callers that were killed in the middle of a word."""


class FakeServer:
    """Base of the fakes: listens from the beginning until `close`; a context manager.

    :param int port: 0 for any free one
    """

    def __init__(self, port=0):
        self.closing = threading.Event()
        self.requests = []
        self._lock = threading.RLock()
        self._server = _Server((LOOPBACK, port), _Handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def url(self):
        """Address of the provider (str), without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        """Stop listening and end answers that are kept back."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request):
        """Answer a request.

        :param Request request: what was asked
        :rtype: Reply
        """
        raise NotImplementedError

    def note(self, method, arguments, reply):
        """Keep a call of the shop for whoever judges it; tokens must not be in it."""
        row = {
            "at": time.time(),
            "method": method,
            "arguments": arguments,
            "status": reply.status,
            "answered": not (reply.cut or reply.seconds),
        }
        with self._lock:
            self.requests.append(row)
