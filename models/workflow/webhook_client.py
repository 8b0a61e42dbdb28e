"""One call of a webhook: what was answered, within 5 seconds and 64 KB.

A name is resolved once, each of its addresses is checked, and one of these very
addresses is connected to: a name that stands for another address a moment later gets
nothing. No redirects, cookies, passwords or proxies, and the answer's body is never
unpacked or kept. No database here: whoever calls holds no transaction meanwhile.

HTTP is spoken by hand because the libraries resolve by themselves, and because their
time limits are for each piece of an answer and not for all of it.
"""

import contextlib
import re
import socket
import ssl
import threading
import time

SECONDS = 5  # for resolving, connecting, sending and reading together
MOST_BYTES = 65_536  # of an answer
_PIECE = 8_192
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r?\n)")
_LENGTH = re.compile(
    rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE
)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_END = b"\r\n\r\n"
AGENT = "mini_crm-webhook/1"


class CallError(Exception):
    """There was no answer.

    :param str why: a code: private (the name stands for an address that is not
        public), dns, no_connection, tls, timeout, answer (is no HTTP)
    """

    def __init__(self, why):
        super().__init__(why)
        self.why = why


class WebhookClient:
    """Calls receivers; safe to use from several threads.

    :param is_allowed: function(address, port): whether it may be connected to
    :param resolve: as ``socket.getaddrinfo``
    :param tls: context for https; the machine's authorities otherwise
    :param float seconds: for a whole call
    :param more_ports: ports besides 80 and 443 that an address may name
    """

    def __init__(
        self,
        is_allowed,
        *,
        resolve=socket.getaddrinfo,
        tls=None,
        seconds=SECONDS,
        more_ports=(),
    ):
        self.more_ports = more_ports
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds

    def post(self, target, body, headers):
        """Call once.

        :param engine.webhook_target.Target target: where to
        :param bytes body: what is said
        :param dict headers: names and values, ASCII without line breaks
        :rtype: int
        :returns: HTTP status
        :raises CallError: without an answer
        """
        until = time.monotonic() + self._seconds
        addresses = self._addresses(target, until)
        try:
            with self._connection(target, addresses, until) as connection:
                connection.settimeout(_left(until))
                connection.sendall(_request(target, body, headers) + body)
                return _answer(connection, until)
        except TimeoutError:
            raise CallError("timeout") from None
        except ssl.SSLError:
            raise CallError("tls") from None
        except OSError:
            raise CallError("no_connection") from None

    def _addresses(self, target, until):
        """What a host stands for now, each checked (list of str)."""
        found, failure = [], []

        def look_up():
            try:
                found.extend(
                    self._resolve(target.host, target.port, type=socket.SOCK_STREAM)
                )
            except (OSError, UnicodeError) as error:
                failure.append(error)

        # the resolver knows no time limit
        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            raise CallError("timeout")
        addresses = list(dict.fromkeys(info[4][0] for info in found))
        if failure or not addresses:
            raise CallError("dns")
        if not all(self._is_allowed(address, target.port) for address in addresses):
            raise CallError("private")
        return addresses

    def _connection(self, target, addresses, until):
        """A connection to the first of the addresses that takes one."""
        for number, address in enumerate(addresses, 1):
            try:
                plain = socket.create_connection((address, target.port), _left(until))
                break
            except OSError:
                if number == len(addresses) or time.monotonic() >= until:
                    raise
        if target.scheme == "http":
            return plain
        with contextlib.ExitStack() as stack:
            stack.enter_context(plain)
            plain.settimeout(_left(until))
            secure = self._tls.wrap_socket(plain, server_hostname=target.host)
            stack.pop_all()
        return secure


def _left(until):
    """Seconds left, more than 0.

    :raises TimeoutError: when the time is over
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _request(target, body, headers):
    """The head of a request (bytes)."""
    lines = [f"POST {target.path} HTTP/1.1"]
    told = {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": str(len(body)),
        **headers,
    }
    for name, value in told.items():
        if not value.isascii() or not value.isprintable():
            raise ValueError(f"{name} cannot be sent")
        lines.append(f"{name}: {value}")
    return "\r\n".join(lines).encode() + _END


def _answer(connection, until):
    """The status of an answer; its body is read to be polite, and dropped."""
    head, left_over, seen = _head(connection, until, b"", 0)
    status = _status(head)
    while status < 200:  # "go on", "early hints": the answer follows
        if status == 101:
            raise CallError("answer")
        head, left_over, seen = _head(connection, until, left_over, seen)
        status = _status(head)
    with contextlib.suppress(OSError):  # what it said is known
        _drain(connection, until, head, left_over, seen)
    return status


def _head(connection, until, data, seen):
    """(one head with its last line break, what came behind it, bytes read in all)."""
    while _END not in data:
        if seen >= MOST_BYTES:
            raise CallError("answer")
        connection.settimeout(_left(until))
        piece = connection.recv(_PIECE)
        if not piece:
            raise CallError("answer")
        data, seen = data + piece, seen + len(piece)
    head, _end, rest = data.partition(_END)
    return head + b"\r\n", rest, seen


def _status(head):
    found = _STATUS.match(head)
    if not found:
        raise CallError("answer")
    return int(found[1])


def _drain(connection, until, head, data, seen):
    """Read the rest, as far as it is small and quick: some receivers stop working
    when nobody listens any more."""
    length = _LENGTH.search(head)
    chunked = _CHUNKED.search(head)
    while seen < MOST_BYTES:
        if chunked and data.endswith(b"0" + _END):
            return
        if length and not chunked and len(data) >= int(length[1]):
            return
        connection.settimeout(_left(until))
        piece = connection.recv(_PIECE)
        if not piece:
            return
        data, seen = data + piece, seen + len(piece)
