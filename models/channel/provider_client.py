"""Calls of providers over HTTP: what was answered, or how sure it is that nothing was.

No database here: whoever calls holds no transaction meanwhile. An address may hold a
token (Telegram's does), so neither an error nor a line of the log of the libraries
below leaves this module: both name addresses.
"""

import json as jsons
import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPException

import requests
import urllib3
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 5
READ_SECONDS = 30  # between two pieces of an answer
SLOWEST_UPLOAD = 250_000  # bytes a second
ANSWER_SECONDS = 60  # for all of an answer's body
MAX_ANSWER = 1_000_000  # bytes of JSON
_PIECE = 65_536  # bytes
_HIDDEN = "…"
# What the libraries raise; anything else is an error of ours and stays one.
_ERRORS = (
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)
_TLS_ERRORS = (requests.exceptions.SSLError, urllib3.exceptions.SSLError)
_TIMEOUTS = (
    requests.exceptions.Timeout,
    urllib3.exceptions.TimeoutError,
    TimeoutError,
)


@dataclass(frozen=True)
class Answer:
    """What a provider answered.

    :param status: HTTP status
    :param body: its JSON object; ``None`` when it was something else. What is secret
        does not stand in the body of an error, though some providers repeat it there
    :param headers: with names in lower case
    """

    status: int
    body: dict | None
    headers: dict = field(default_factory=dict)


class Unreachable(Exception):
    """There was no answer.

    :param str why: a code: address (is none that could be called), no_connection,
        proxy, tls, timeout, cut_off
    :param bool sent: whether the provider may have received the request: false only
        when the connection, its encryption and the way through the proxy never stood
    """

    def __init__(self, why, *, sent):
        super().__init__(why)
        self.why = why
        self.sent = sent


class ProviderClient:
    """One account at a provider; safe to use from several threads.

    :param str base: address before the method's path, with a token where the provider
        wants it there; never told to anybody
    :param dict | None headers: sent with each call (``Authorization``)
    :param str | None proxy: address of a proxy, with its password where it has one
    :param secrets: strings that no answer of an error may repeat
    """

    def __init__(self, base, *, headers=None, proxy=None, secrets=()):
        self._base = base.rstrip("/")
        self._headers = dict(headers or {})
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._secrets = tuple(secret for secret in secrets if secret)

    def call(self, method, path, *, json=None, data=None, files=None, params=None):
        """Call once and do not follow redirects.

        :param str method: GET, POST, DELETE
        :param str path: below the base, without a slash in front
        :rtype: Answer
        :raises Unreachable: without an answer
        """
        adapter, failure = _NotingAdapter(), None
        parts = {"json": json, "data": data, "files": files, "params": params}
        with requests.Session() as session, _silent():
            # proxies and passwords of the machine's environment are not the shop's
            session.trust_env = False
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            try:
                response = session.request(
                    method,
                    f"{self._base}/{path}",
                    headers=self._headers,
                    proxies=self._proxies,
                    allow_redirects=False,
                    stream=True,
                    **parts,
                )
                content = _read(response.raw)
            except _ERRORS as error:
                failure = self._unreachable(error, adapter.connected)
        if failure:  # raised here, so that it does not even refer to the library's
            raise failure
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = _json_object(self._without_secrets(response.status_code, content))
        return Answer(response.status_code, body, headers)

    def _unreachable(self, error, connected):
        """An error of the libraries as ours: without its text."""
        if connected:
            why = "timeout" if isinstance(error, _TIMEOUTS) else "cut_off"
        elif isinstance(error, _TLS_ERRORS):
            why = "tls"
        elif isinstance(error, ValueError):
            why = "address"
        else:
            why = "proxy" if self._proxies else "no_connection"
        return Unreachable(why, sent=connected)

    def _without_secrets(self, status, content):
        if status >= 400:
            for secret in self._secrets:
                content = content.replace(secret.encode(), _HIDDEN.encode())
        return content


class _NotingAdapter(HTTPAdapter):
    """Notes whether a connection ever stood: before that, nothing can have been sent.

    The kinds of errors do not tell: a connection that is reset looks the same during
    the handshake and after the request.
    """

    def __init__(self):
        self.connected = False
        self.upload_seconds = READ_SECONDS
        super().__init__()

    def send(self, request, **kwargs):
        self.upload_seconds = READ_SECONDS + len(request.body or b"") / SLOWEST_UPLOAD
        # Odoo's tests look at what the session is told, and cannot read a pair
        return super().send(
            request, **{**kwargs, "timeout": (CONNECT_SECONDS, READ_SECONDS)}
        )

    def get_connection_with_tls_context(self, *args, **kwargs):
        return self._noting(super().get_connection_with_tls_context(*args, **kwargs))

    def get_connection(self, *args, **kwargs):
        """What requests calls before its version 2.32."""
        return self._noting(super().get_connection(*args, **kwargs))

    def _noting(self, pool):
        adapter = self

        class NotingConnection(pool.ConnectionCls):
            def connect(self):
                result = super().connect()
                adapter.connected = True
                # else the time to connect would hold for all of the body, too
                self.sock.settimeout(adapter.upload_seconds)
                return result

        pool.ConnectionCls = NotingConnection
        return pool


def _read(raw):
    """The bytes of an answer, up to more than may be.

    :raises TimeoutError: when they trickle
    """
    content, until = b"", time.monotonic() + ANSWER_SECONDS
    while len(content) <= MAX_ANSWER:
        piece = raw.read(_PIECE, decode_content=True)
        if not piece:
            break
        content += piece
        if time.monotonic() > until:
            raise TimeoutError
    return content


def _json_object(content):
    """The JSON object in the bytes of an answer, or ``None``."""
    if len(content) > MAX_ANSWER:
        return None
    try:
        body = jsons.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


_calling = ContextVar("mini_crm_calling", default=False)


@contextmanager
def _silent():
    """No line of the libraries' logs about the calls in this block, at any level."""
    token = _calling.set(True)
    try:
        yield
    finally:
        _calling.reset(token)


def _not_calling(_record):
    return not _calling.get()


# A filter holds for its own logger only, so each of them gets it.
for _name in (
    "requests",
    "urllib3",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
    "urllib3.util.ssl_",
    "urllib3.contrib.socks",
):
    logging.getLogger(_name).addFilter(_not_calling)
