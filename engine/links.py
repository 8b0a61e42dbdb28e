"""Addresses of web pages: which texts are safe to follow, in one form."""

import re
from ipaddress import AddressValueError, IPv4Address

from .text import hidden_mark

MAX_LINK = 2_048  # characters; what every browser takes

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d+(?:[/?#]|$))")
_PARTS = re.compile(r"(https?)://([^/?#]*)([/?#].*)?", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"([^:]*?)\.?(?::(\d{1,5}))?")
# letters of any script, also with the half-space that Persian names may have
_LABEL = re.compile(r"[^\W_](?:[\w\u200c-]{0,61}[^\W_])?")
_FORBIDDEN = re.compile(r"[\s<>\"`\\]")


class LinkError(ValueError):
    """A text that is no link to follow. ``code``: link_unknown, link_scheme, link_long,
    link_character, link_login."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def parse_link(text: str) -> str:
    """An address of a web page with its scheme: ``https://example.com``.

    Only http and https: a link with ``javascript:`` or ``data:`` would run in the page
    of whoever clicks it. Without a scheme it is https. Names of hosts in any script
    stay as they are.

    :raises LinkError: see there
    """
    text = text.strip()
    if len(text) > MAX_LINK:
        raise LinkError("link_long")
    if hidden_mark(text) is not None or _FORBIDDEN.search(text):
        raise LinkError("link_character")
    link = _with_scheme(text)
    if len(link) > MAX_LINK:
        raise LinkError("link_long")
    parts = _PARTS.fullmatch(link)
    if not parts:
        raise LinkError("link_unknown")
    scheme, host, rest = parts.groups()
    if "@" in host:
        # a login in a link is a secret in the open, or another site's name in front
        raise LinkError("link_login")
    if not _is_host(host, named=text != link):
        raise LinkError("link_unknown")
    return f"{scheme.lower()}://{host}{rest or ''}"


def _with_scheme(text: str) -> str:
    scheme = _SCHEME.match(text)
    if not scheme:
        return "https:" + text if text.startswith("//") else "https://" + text
    if scheme[1].lower() not in ("http", "https"):
        raise LinkError("link_scheme")
    return text


def _is_host(text: str, *, named: bool) -> bool:
    """Whether a text is a name or an IPv4 address, with or without a port.

    :param named: a name needs a dot: the scheme was not given, so anything could be one
    """
    match = _HOST.fullmatch(text)
    if not match or int(match[2] or 1) not in range(1, 65_536):
        return False
    labels = match[1].split(".")
    if len(match[1]) > 253 or not all(map(_LABEL.fullmatch, labels)):
        return False
    if labels[-1].isdigit():
        return _is_address(match[1])
    return len(labels) > 1 or not named


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True
