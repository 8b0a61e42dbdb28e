"""Calls of providers against real sockets: what was answered, what surely was not sent,
and no word of a token anywhere."""

import importlib.util
import logging
import socket
import ssl
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "models" / "channel" / "provider_client.py"
TOKEN = "123456:planted-token"
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'


def _load():
    # the package around it imports Odoo, this module does not
    spec = importlib.util.spec_from_file_location("provider_client", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["provider_client"] = module
    spec.loader.exec_module(module)
    return module


client_module = _load()


@contextmanager
def server(answer):
    """A port of this machine; ``answer(connection)`` plays the other side."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def run():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            # who waits for a client that says no more has answered all the same
            with connection, suppress(OSError):
                connection.settimeout(10)
                answer(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def hang_up(connection):
    """Close with a reset, whatever was sent."""
    linger = b"\x01\0\0\0\0\0\0\0"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def says(text):
    def answer(connection):
        connection.recv(65_536)
        connection.sendall(text)
        # closing with some of the request unread would be a reset
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    return answer


def read_then_reset(connection):
    connection.recv(65_536)
    hang_up(connection)


def call(port, *, scheme="http", host="127.0.0.1", proxy=None, **arguments):
    client = client_module.ProviderClient(
        f"{scheme}://{host}:{port}/bot{TOKEN}", proxy=proxy, secrets=(TOKEN,)
    )
    return client.call("POST", "sendMessage", json={"text": "سلام"}, **arguments)


def failure(*args, **kwargs):
    """(why, sent) of a call that fails; nothing in the error tells the token."""
    with pytest.raises(client_module.Unreachable) as caught:
        call(*args, **kwargs)
    error = caught.value
    assert error.__context__ is None
    assert error.__cause__ is None
    assert TOKEN not in f"{error!r}{error.args}{vars(error)}"
    return error.why, error.sent


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_an_answer_is_read_with_its_status_and_headers():
    text = b"HTTP/1.1 429 Wait\r\nRetry-After: 3\r\nContent-Length: 12\r\n\r\n"
    with server(says(text + b'{"ok":false}')) as port:
        answer = call(port)
    assert (answer.status, answer.body) == (429, {"ok": False})
    assert answer.headers["retry-after"] == "3"


def test_a_refused_connection_was_not_sent():
    assert failure(closed_port()) == ("no_connection", False)


def test_an_unknown_name_was_not_sent():
    assert failure(443, host="nowhere.invalid") == ("no_connection", False)


def test_a_connection_that_takes_too_long_was_not_sent(monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _n in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        assert failure(port) == ("no_connection", False)
        for one in waiting:
            one.close()


def test_something_else_than_encryption_was_not_sent():
    with server(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert failure(port, scheme="https") == ("tls", False)


def test_a_reset_during_the_handshake_was_not_sent():
    with server(read_then_reset) as port:
        assert failure(port, scheme="https") == ("no_connection", False)


def test_silence_during_the_handshake_was_not_sent(monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.3)
    with server(lambda connection: connection.recv(65_536) and wait(0.8)) as port:
        assert failure(port, scheme="https") == ("no_connection", False)


def wait(seconds):
    threading.Event().wait(seconds)


def test_a_reset_after_the_request_may_have_been_sent():
    with server(read_then_reset) as port:
        assert failure(port) == ("cut_off", True)


def test_silence_after_the_request_may_have_been_sent(monkeypatch):
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.2)
    with server(lambda connection: connection.recv(65_536) and wait(0.6)) as port:
        assert failure(port) == ("timeout", True)


def test_a_large_body_has_longer_than_a_connection(monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.3)
    size = 30_000_000  # more than buffers of sockets hold

    def answer(connection):
        time.sleep(1)
        left = size
        while left > 0:
            left -= len(connection.recv(1_000_000))
        connection.sendall(OK)

    with server(answer) as port:
        client = client_module.ProviderClient(f"http://127.0.0.1:{port}")
        assert client.call("POST", "send", data=b"x" * size).status == 200


@pytest.mark.parametrize(
    "text",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok":',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ok',
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"not http at all\r\n\r\n",
    ],
)
def test_half_an_answer_may_have_been_sent(text):
    with server(says(text)) as port:
        assert failure(port) == ("cut_off", True)


def test_an_answer_that_trickles_is_given_up(monkeypatch):
    monkeypatch.setattr(client_module, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(client_module, "_PIECE", 10)

    def trickle(connection):
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        for _n in range(8):
            connection.sendall(b"x" * 20)
            wait(0.1)

    with server(trickle) as port:
        assert failure(port) == ("timeout", True)


@pytest.mark.parametrize(
    "body", [b"[1]", b"<html>", b"{" * 100_000, b"\xff", b'{"a":' * 90_000]
)
def test_what_is_no_json_object_is_no_body(body):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(says(head + body)) as port:
        assert call(port).body is None


def test_a_proxy_that_is_not_there_was_not_sent():
    proxy = f"http://shop:planted-password@127.0.0.1:{closed_port()}"
    assert failure(443, scheme="https", host="telegram.invalid", proxy=proxy) == (
        "proxy",
        False,
    )


@pytest.mark.parametrize("status", [b"407 Authenticate", b"403 No", b"502 Bad"])
def test_a_proxy_that_refuses_was_not_sent(status):
    with server(says(b"HTTP/1.1 " + status + b"\r\n\r\n")) as port:
        assert failure(
            443,
            scheme="https",
            host="telegram.invalid",
            proxy=f"http://u:p@127.0.0.1:{port}",
        ) == ("proxy", False)


def test_a_socks_proxy_that_refuses_was_not_sent():
    with server(says(b"\x05\xff")) as port:
        assert failure(
            443,
            scheme="https",
            host="telegram.invalid",
            proxy=f"socks5h://127.0.0.1:{port}",
        ) == ("proxy", False)


def test_a_socks_proxy_leads_to_the_provider():
    def socks(connection):
        connection.recv(100)
        connection.sendall(b"\x05\x00")
        asked.append(connection.recv(300))
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
        says(OK)(connection)

    asked = []
    with server(socks) as port:
        answer = call(80, host="telegram.invalid", proxy=f"socks5h://127.0.0.1:{port}")
    assert answer.body == {"ok": True}
    assert b"telegram.invalid" in asked[0]  # the proxy looks the name up, not we


@pytest.mark.parametrize(
    "base", ["", "telegram.org", "http://", "http://[::1", "x://y"]
)
def test_what_is_no_address_was_not_sent(base):
    client = client_module.ProviderClient(f"{base}/bot{TOKEN}")
    with pytest.raises(client_module.Unreachable) as caught:
        client.call("GET", "getMe")
    assert (caught.value.why, caught.value.sent) == ("address", False)


def test_redirects_are_not_followed():
    text = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0"
    with server(says(text + b"\r\n\r\n")) as port:
        assert call(port).status == 302


def test_an_error_that_repeats_the_token_is_told_without_it():
    body = b'{"error":{"message":"Malformed access token %s"}}' % TOKEN.encode()
    head = b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(says(head + body)) as port:
        answer = call(port)
    assert answer.body["error"]["message"] == "Malformed access token …"


def test_no_log_at_any_level_tells_the_token(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    with server(says(OK)) as port:
        call(port)
    with server(says(b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n")) as port:
        call(port)
    failure(closed_port())
    assert TOKEN not in caplog.text
    # others' calls are logged as ever
    logging.getLogger("urllib3.connectionpool").debug("somebody else's call")
    assert "somebody else's call" in caplog.text


def test_the_environment_s_proxy_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with server(says(OK)) as port:
        assert call(port).body == {"ok": True}


def test_a_certificate_of_nobody_s_is_not_trusted(tmp_path):
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(_self_signed())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                received.append(secure.recv(65_536))
        except OSError:
            pass

    received = []
    with server(answer) as port:
        assert failure(port, scheme="https", host="localhost") == ("tls", False)
    assert not any(TOKEN.encode() in piece for piece in received)


def _self_signed():
    """A key and its certificate for localhost that nobody has signed (PEM)."""
    from datetime import datetime, timedelta, timezone

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    return key.private_bytes(
        encoding,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(encoding)
