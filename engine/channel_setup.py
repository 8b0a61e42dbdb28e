"""Connecting a channel: what people enter, and what a provider answers to it."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
WEBHOOK_PORTS = (443, 80, 88, 8443)  # those that Telegram calls
# Both providers' tokens are of these, with Telegram's colon; what people copy along
# (spaces, line ends, marks of direction) is none of them.
_NO_TOKEN = re.compile(r"[^A-Za-z0-9_:|.~+/=-]")
_BOT_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{10,}")
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:]+")


class AddressError(ValueError):
    """An address that cannot be used. ``code``: proxy, api_url."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def clean_token(text: str) -> str:
    """A token as it was copied, without what came along with it.

    >>> clean_token(" 123:AAE\\u200e-x\\n")
    '123:AAE-x'
    """
    return _NO_TOKEN.sub("", text or "")


def is_bot_token(token: str) -> bool:
    """Whether it looks like the token of a Telegram bot."""
    return bool(_BOT_TOKEN.fullmatch(token))


def read_proxy(text: str) -> tuple[str, str]:
    """The address of a proxy, with its scheme, and what of it is no secret.

    >>> read_proxy("socks5h://shop:secret@proxy.example:1080")
    ('socks5h://shop:secret@proxy.example:1080', 'socks5h://proxy.example:1080')

    :raises AddressError: when it is none
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    parts, host = _parts(address, "proxy")
    if parts.scheme not in PROXY_SCHEMES or not parts.port:
        raise AddressError("proxy")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise AddressError("proxy")
    return address.rstrip("/"), f"{parts.scheme}://{host}:{parts.port}"


def read_api_url(text: str) -> str:
    """The address of a provider of one's own, without a slash at the end.

    :raises AddressError: when it is none, or would hold a password
    """
    address = text.strip().rstrip("/")
    parts, _host = _parts(address, "api_url")
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise AddressError("api_url")
    if parts.query or parts.fragment:
        raise AddressError("api_url")
    return address


def _parts(address, code):
    """The parts of an address and its host, as it is written in addresses."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port  # a wrong port raises here
    except ValueError:
        raise AddressError(code) from None
    if not host or not _HOST.fullmatch(host) or re.search(r"\s", address):
        raise AddressError(code)
    return parts, f"[{host}]" if ":" in host else host


def is_public_https(url: str) -> bool:
    """Whether a provider out there can call an address, as far as that can be told
    from its text.

    >>> is_public_https("https://shop.example"), is_public_https("https://10.0.0.1")
    (True, False)
    """
    try:
        parts = urlsplit(url or "")
        port = parts.port or 443
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or port not in WEBHOOK_PORTS:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))


def telegram_problem(status: int, body: dict | None) -> str:
    """Why Telegram refused: a code of ``mini_crm.channel.problem``, or empty.

    :param status: HTTP status
    :param body: its JSON object, or ``None``
    """
    body = body or {}
    if status == 200 and body.get("ok") is True:
        return ""
    if status >= 500:
        return "provider_down"
    if body.get("ok") is not False:
        return "no_provider"  # a page of somebody else
    # 404: a token that is none at all
    codes = {401: "token_invalid", 404: "token_invalid", 409: "conflict", 429: "busy"}
    return codes.get(status, "refused")


# Meta's error codes; an expired token has a subcode of its own.
_META_EXPIRED = (463,)
_META_BUSY = (4, 17, 32, 613, 80001, 80002, 80006)
_META_PERMISSION = (3, 10, *range(200, 300))


def meta_problem(status: int, body: dict | None) -> str:
    """Why Meta refused: as ``telegram_problem``."""
    error = (body or {}).get("error")
    if status == 200 and body is not None and not error:
        return ""
    if not isinstance(error, dict):
        return "provider_down" if status >= 500 else "no_provider"
    code = error.get("code")
    if code in (190, 102):
        expired = error.get("error_subcode") in _META_EXPIRED
        return "token_expired" if expired else "token_invalid"
    if code == 368:
        return "policy"
    if code in _META_BUSY or status == 429:
        return "busy"
    if code in _META_PERMISSION:
        return "permission"
    return "provider_down" if code in (1, 2) or status >= 500 else "refused"


def provider_words(body: dict | None) -> str:
    """What the provider says of an error, in its own words (500 characters at most)."""
    body = body or {}
    error = body.get("error")
    words = body.get("description")
    if isinstance(error, dict):
        words = error.get("message")
    return words[:500] if isinstance(words, str) else ""
