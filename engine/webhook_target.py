"""Where a webhook may go: addresses of the public internet, written plainly.

An address is read strictly, because libraries disagree about lenient ones: what one
reads as a name another reads as ``127.0.0.1``. What its name stands for is asked of
``is_allowed`` with each address that the name resolves to.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = (80, 443)
ANY_PORT = range(1, 65_536)  # as ``more_ports``, where ``refusal`` judges them
LONGEST = 2048  # characters of a URL
LONGEST_HOST = 253

# Networks that Python calls global, or cannot know of, and that no receiver is in.
_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's address translation
        "168.63.129.16/32",  # Azure's own services inside each machine
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",  # multicast and reserved
        "2001::/23",  # Teredo and others
        "2002::/16",  # 6to4
    )
)
_SIX = ipaddress.ip_network("2000::/3")  # where all public IPv6 addresses are
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_CHARACTERS = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class TargetError(ValueError):
    """Nothing is sent to this URL.

    :param str code: url (cannot be read), scheme, user, host, port, private
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A URL that was read.

    :param scheme: http or https
    :param host: in lower case: a name of ASCII letters, or an address without brackets
    :param port: 1 to 65535
    :param path: what is asked for: path and query, at least "/"
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self):
        """What the header Host says (str)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def read(url: str, more_ports=()) -> Target:
    """Read a URL strictly.

    :param more_ports: ports besides 80 and 443; ``is_allowed`` says for which addresses
    :raises TargetError: for whatever libraries could read in two ways
    """
    if len(url) > LONGEST or not _CHARACTERS.fullmatch(url):
        raise TargetError("url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetError("url") from None
    if parts.scheme not in ("http", "https"):
        raise TargetError("scheme")
    if "@" in parts.netloc:
        raise TargetError("user")
    host = _host(parts.netloc)
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    if port not in PORTS and port not in more_ports:
        raise TargetError("port")
    path = parts.path or "/"
    if not path.startswith("/"):
        raise TargetError("url")
    return Target(parts.scheme, host, port, f"{path}?{parts.query}".rstrip("?"))


def _host(netloc: str) -> str:
    """The host of ``host[:port]``, in lower case."""
    if netloc.startswith("["):
        inside, bracket, rest = netloc[1:].partition("]")
        if not bracket or (rest and not re.fullmatch(r":[0-9]{1,5}", rest)):
            raise TargetError("host")
        try:
            return str(ipaddress.IPv6Address(inside))
        except ValueError:
            raise TargetError("host") from None
    host, colon, port = netloc.partition(":")
    if colon and not re.fullmatch(r"[0-9]{1,5}", port):
        raise TargetError("url")
    host = host.lower()
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise TargetError("host")
    # whatever ends in a number is an address for somebody: only the usual form is one
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise TargetError("host") from None
    return host


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet.

    :param address: IPv4 or IPv6 as the resolver writes it; anything else is not
    """
    try:
        ip = _plain(address)
    except ValueError:
        return False
    if ip.version == 6 and ip not in _SIX:
        return False
    return ip.is_global and not any(
        ip.version == network.version and ip in network for network in _CLOSED
    )


def is_allowed(address: str, port: int, private=(), more_ports=()) -> bool:
    """Whether an address may be connected to.

    :param private: networks (``networks()``) that whoever runs the server has opened
    :param more_ports: ports that are open in those networks besides 80 and 443
    """
    try:
        ip = _plain(address)
    except ValueError:
        return False
    opened = any(ip.version == network.version and ip in network for network in private)
    if opened:
        return port in (*PORTS, *more_ports)
    return port in PORTS and is_public(address)


def refusal(target: Target, private=(), more_ports=()) -> str:
    """Why a URL is called in no case, as far as it tells by itself, or empty.

    What its name stands for is known at the call only.

    :param private: as of ``is_allowed``
    :param more_ports: as of ``is_allowed``
    :return: port, private (an address, or a name of the machine itself), or empty
    """
    if target.port not in PORTS and target.port not in more_ports:
        return "port"
    if target.host == "localhost" or target.host.endswith(".localhost"):
        address = "127.0.0.1"
    elif re.fullmatch(r"[0-9.]+", target.host) or ":" in target.host:
        address = target.host
    else:
        return ""
    return "" if is_allowed(address, target.port, private, more_ports) else "private"


def networks(text: str) -> tuple:
    """The networks of a list with commas: ``10.0.0.0/8, fd00::/8``.

    :raises ValueError: for what is no network
    """
    names = (name.strip() for name in text.split(","))
    return tuple(ipaddress.ip_network(name) for name in names if name)


def ports(text: str) -> tuple:
    """The ports of a list with commas: ``5678, 8080``.

    :raises ValueError: for what is no port
    """
    found = tuple(int(name) for name in text.split(",") if name.strip())
    if not all(0 < port < 65536 for port in found):
        raise ValueError(text)
    return found


def _plain(address: str):
    """An address, and the IPv4 address that stands in an IPv6 one for it."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        if ip.scope_id:
            raise ValueError(address)
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
