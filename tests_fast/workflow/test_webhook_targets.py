"""Hostile addresses against a listener on this machine: it must see nobody."""

import socket

import pytest
from webhook_kit import load, receiver

from engine.webhook_target import (
    ANY_PORT,
    TargetError,
    is_allowed,
    is_public,
    networks,
    ports,
    read,
    refusal,
)

client_module = load("webhook_client", "models/workflow/webhook_client.py")

# {port} is that of the listener, which is taken for a usual one here: otherwise the
# rule of ports would hide what the rules of addresses let through.
HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.255.255.254:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7F.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://0000000127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.0.0.0x1:{port}/",
    "http://0:{port}/",
    "http://0x:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://localhost.localdomain:{port}/",
    "http://ip6-localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[0000::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[::7f00:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[::1%lo]:{port}/",
    "http://[fd00:ec2::254]:{port}/",
    "http://[::1:{port}/",
    "http://[::1]x:{port}/",
    "http://[v1.127.0.0.1]:{port}/",
    "http://::1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.com/",
    "http://example.com:80@127.0.0.1:{port}/",
    "http://@127.0.0.1:{port}/",
    "http://127.0.0.1\\@example.com:{port}/",
    "http://127.0.0.1:{port}\\.example.com/",
    "http://127.0.0.1%00.example.com:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127%2e0%2e0%2e1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://۱۲۷.۰.۰.۱:{port}/",
    "http://loc\u00adalhost:{port}/",
    "http://ⓛocalhost:{port}/",
    "http://127.0.0.1:{port}\r\nHost: example.com/",
    "http://127.0.0.1\t:{port}/",
    " http://127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.0.0.1:+{port}/",
    "http://127.0.0.1: {port}/",
    "http://127.0.0.1:{port}0/",
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_POST",
    "file:///etc/passwd",
    "dict://127.0.0.1:{port}/info",
    "javascript://127.0.0.1:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://192.168.0.1:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://100.100.100.200:{port}/",
    "http://168.63.129.16:{port}/",
    "http://255.255.255.255:{port}/",
    "http://224.0.0.1:{port}/",
    "http://example..com:{port}/",
    "http://-example.com:{port}/",
    "http://:{port}/",
    "",
)


def call(url, port, resolve=socket.getaddrinfo):
    """What the product does with a URL: HTTP status, or the code of why not."""

    def allowed(address, _port):
        # the listener's port stands for a usual one
        return is_allowed(address, 80)

    client = client_module.WebhookClient(allowed, resolve=resolve, seconds=2)
    try:
        return client.post(read(url, more_ports=(port,)), b"{}", {})
    except TargetError as error:
        return error.code
    except client_module.CallError as error:
        return error.why


def test_hostile_addresses_reach_nobody_on_this_machine():
    assert len(set(HOSTILE)) >= 60
    with receiver() as four, receiver(address="::1") as six:
        for url in HOSTILE:
            for canary in (four, six):
                found = call(url.format(port=canary.port), canary.port)
                assert isinstance(found, str), (url, found)
                assert found not in ("no_connection", "tls", "timeout"), (url, found)
        assert (four.calls, six.calls) == (0, 0)


def test_listener_is_heard_without_the_check():
    """The canary sings: it is the check of addresses that keeps callers away."""
    with receiver() as canary:
        client = client_module.WebhookClient(lambda _address, _port: True, seconds=2)
        with pytest.raises(client_module.CallError):
            client.post(
                read(f"http://127.0.0.1:{canary.port}/", (canary.port,)), b"", {}
            )
        assert canary.calls == 1


def test_name_with_one_private_address_is_refused_whole():
    def resolve(_host, port, **_options):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.216.34", "127.0.0.1")
        ]

    with receiver() as canary:
        assert call(f"http://hook.example:{canary.port}/", canary.port, resolve) == (
            "private"
        )
        assert canary.calls == 0


def test_name_is_resolved_once_and_that_address_connected_to(monkeypatch):
    """A rebinding resolver: public when it is asked first, this machine afterwards."""
    asked, dialled = [], []

    def resolve(_host, port, **_options):
        asked.append(port)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def dial(address, *_options):
        dialled.append(address)
        raise ConnectionRefusedError

    with receiver() as canary:
        monkeypatch.setattr(socket, "create_connection", dial)
        found = call(f"http://hook.example:{canary.port}/", canary.port, resolve)
        assert found == "no_connection"
        assert (len(asked), dialled) == (1, [("93.184.216.34", canary.port)])
        assert canary.calls == 0


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 8069, 8080])
def test_ports_of_other_services_are_refused(port):
    with pytest.raises(TargetError) as refused:
        read(f"http://example.com:{port}/")
    assert refused.value.code == "port"
    assert not is_allowed("93.184.216.34", port)
    assert not is_allowed("93.184.216.34", port, more_ports=(port,))


def test_usual_addresses_are_read():
    target = read("https://Hooks.Example.com/a/b?c=d&e=f#part")
    assert (target.scheme, target.host, target.port) == (
        "https",
        "hooks.example.com",
        443,
    )
    assert (target.path, target.authority) == ("/a/b?c=d&e=f", "hooks.example.com")
    assert read("http://93.184.216.34").path == "/"
    assert read("http://example.com:443/").authority == "example.com:443"
    assert read("https://[2606:2800:220:1::1]/").authority == "[2606:2800:220:1::1]"


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"]
)
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "example.com", "127.1", "1", "fe80::1%lo"])
def test_what_is_no_address_is_not_public(address):
    assert not is_public(address)


def test_private_network_is_open_only_when_named():
    opened = networks("10.0.0.0/8, fd00::/8")
    assert is_allowed("10.1.2.3", 443, opened)
    assert is_allowed("fd00::5", 80, opened)
    assert is_allowed("10.1.2.3", 5678, opened, ports("5678"))
    assert not is_allowed("10.1.2.3", 5678, opened)
    assert not is_allowed("192.168.0.1", 443, opened)
    assert not is_allowed("127.0.0.1", 443, opened)
    assert not is_allowed("10.1.2.3", 443)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "ten", "10.0.0.0/8;127.0.0.0/8"])
def test_network_that_cannot_be_read_is_an_error(text):
    with pytest.raises(ValueError):
        networks(text)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://example.com/hook", ""),
        ("https://1.1.1.1/", ""),
        ("https://example.com:5678/", "port"),
        ("http://127.0.0.1/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://[::1]/", "private"),
        ("http://localhost/", "private"),
        ("http://shop.localhost/", "private"),
        ("http://10.0.5.9/", "private"),
    ],
)
def test_a_hostile_address_is_refused_before_anybody_looks_its_name_up(url, code):
    assert refusal(read(url, ANY_PORT)) == code


def test_what_the_server_opens_is_not_refused():
    opened = networks("10.0.5.0/24"), ports("5678")
    assert refusal(read("http://10.0.5.9:5678/", ANY_PORT), *opened) == ""
    assert refusal(read("http://10.0.6.9/", ANY_PORT), *opened) == "private"
    assert refusal(read("http://1.1.1.1:5678/", ANY_PORT), *opened) == "private"
