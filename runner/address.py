"""How people reach the product: which addresses are safe, as pure functions."""

import ipaddress
import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def is_loopback(listen):
    """Whether only this machine reaches an address.

    :param str listen: address of an interface

    >>> [is_loopback(a) for a in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "")]
    [True, True, True, False, False]
    """
    if listen == "localhost":
        return True
    try:
        return ipaddress.ip_address(listen).is_loopback
    except ValueError:
        return False


def public_base(url):
    """The address people type, in one form: scheme, host and port.

    :param str url: as given by --public-url
    :rtype: str
    :raises ValueError: with a sentence for people

    >>> public_base("https://Shop.Example/")
    'https://shop.example'
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is no address: {error}.") from None
    if parts.scheme != "https":
        raise ValueError(f"{url!r} does not begin with https://.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"{url!r} has something after the host; Odoo needs it whole.")
    if "@" in parts.netloc:
        raise ValueError("The public address must not hold a user or a password.")
    host = parts.hostname or ""
    if not _is_host(host):
        raise ValueError(f"{host!r} is no host name.")
    shown = f"[{host}]" if ":" in host else host
    return f"https://{shown}" + (f":{port}" if port and port != 443 else "")


def _is_host(host):
    if len(host) <= 253 and _HOST.fullmatch(host):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def exposure(listen, public_url, insecure_lan):
    """What is to be said about who reaches the product, before it is served.

    :param str listen: address of the interface
    :param public_url: str or None
    :param bool insecure_lan: --insecure-lan was given
    :returns: warning (str), or None when all is well
    :raises ValueError: with a sentence for people, when it would not be safe
    """
    if is_loopback(listen):
        return None
    if public_url:
        return (
            f"Everybody who reaches {listen} directly can pretend to come through the "
            "proxy. Let a firewall admit nobody but the proxy."
        )
    if insecure_lan:
        return (
            f"Everybody who reaches {listen} can try to log in, and passwords travel "
            "unencrypted. Use it in a network that you trust, for a trial."
        )
    raise ValueError(
        f"Listening on {listen} without HTTPS would send passwords unencrypted."
    )
