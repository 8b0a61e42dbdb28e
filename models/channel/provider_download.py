"""Files of providers: fetched with caps, from one address, without redirects.

Addresses are what a stranger's message names, so nothing secret goes to them; what a
file is, only its bytes tell.
"""

import time

import requests

from .provider_client import CONNECT_SECONDS, READ_SECONDS, _silent

PIECE = 65_536  # bytes


class NotFetched(Exception):
    """There is no file.

    :param str why: a code: too_large, too_slow, refused (see ``status``), unreachable
    :param int status: HTTP status, 0 without an answer
    """

    def __init__(self, why, status=0):
        super().__init__(why)
        self.why = why
        self.status = status


def download(client, *, path=None, address=None, limit, seconds):
    """The bytes of a file.

    :param ProviderClient client: whose proxy is used
    :param str path: of a file of Telegram, below the client's own base; or
    :param str address: elsewhere; nothing of the client's account goes there
    :param int limit: bytes that it may have
    :param int seconds: that it may take
    :rtype: bytes
    :raises NotFetched: see there
    """
    url, failure = address or _below(client, path), None
    with requests.Session() as session, _silent():
        session.trust_env = False
        try:
            response = session.get(
                url,
                proxies=client._proxies,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            if response.status_code == 200:
                return _read(response, limit, time.monotonic() + seconds)
            failure = NotFetched("refused", response.status_code)
        except requests.RequestException:
            failure = NotFetched("unreachable")
    # raised here, so that it does not even refer to the library's: it names addresses
    raise failure


def _below(client, path):
    """Where Telegram has a file: beside its methods, with the token of the account."""
    start, _slash, account = client._base.rpartition("/")
    return f"{start}/file/{account}/{path}"


def _read(response, limit, until):
    """The body of an answer, piece by piece: what it says of its size may be wrong."""
    content = bytearray()
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > limit:
            raise NotFetched("too_large")
        if time.monotonic() > until:
            raise NotFetched("too_slow")
    return bytes(content)
