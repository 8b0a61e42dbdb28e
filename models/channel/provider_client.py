"""Calls of providers over HTTP: what was answered, or how sure it is that nothing was.

No database here and no clock: whoever calls holds no transaction meanwhile. An
address may hold a token (Telegram's does), so no error of the library below leaves
this module: its texts name addresses.
"""

from dataclasses import dataclass, field

import requests

CONNECT_SECONDS = 5
READ_SECONDS = 30
MAX_ANSWER = 1_000_000  # bytes of JSON


@dataclass(frozen=True)
class Answer:
    """What a provider answered.

    :param status: HTTP status
    :param body: its JSON object; ``None`` when it was something else
    :param headers: with names in lower case
    """

    status: int
    body: dict | None
    headers: dict = field(default_factory=dict)


class Unreachable(Exception):
    """There was no answer.

    :param str why: a code: no_connection, timeout, cut_off, proxy, tls
    :param bool sent: whether the provider may have received the request
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
    """

    def __init__(self, base, *, headers=None, proxy=None):
        self._base = base.rstrip("/")
        self._headers = dict(headers or {})
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}

    def call(self, method, path, *, json=None, data=None, files=None, params=None):
        """Call once and do not follow redirects.

        :param str method: GET, POST, DELETE
        :param str path: below the base, without a slash in front
        :rtype: Answer
        :raises Unreachable: without an answer
        """
        with requests.Session() as session:
            # proxies and passwords of the machine's environment are not the shop's
            session.trust_env = False
            try:
                response = session.request(
                    method,
                    f"{self._base}/{path}",
                    json=json,
                    data=data,
                    files=files,
                    params=params,
                    headers=self._headers,
                    proxies=self._proxies,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                )
                content = response.raw.read(MAX_ANSWER + 1, decode_content=True)
            except Exception as error:
                raise _unreachable(error) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, _json_object(content), headers)


def _json_object(content):
    """The JSON object in the bytes of an answer, or ``None``."""
    if len(content) > MAX_ANSWER:
        return None
    try:
        body = requests.compat.json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _unreachable(error):
    """An error of the library as ours: without its text, which may name a token."""
    if isinstance(error, requests.exceptions.ProxyError):
        return Unreachable("proxy", sent=False)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("tls", sent=False)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Unreachable("no_connection", sent=False)
    if isinstance(error, requests.exceptions.ReadTimeout):
        return Unreachable("timeout", sent=True)
    if isinstance(error, requests.exceptions.ConnectionError):
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if type(reason).__name__ in ("NewConnectionError", "NameResolutionError"):
            return Unreachable("no_connection", sent=False)
        return Unreachable("cut_off", sent=True)
    if isinstance(error, requests.exceptions.RequestException):
        return Unreachable("cut_off", sent=True)
    return Unreachable("cut_off", sent=True)
