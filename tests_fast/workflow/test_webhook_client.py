"""One call of a webhook against real sockets: limits, TLS, and what is not followed."""

import gzip
import socket
import ssl
import subprocess
import threading
import time

import pytest
from webhook_kit import load, receiver

from engine.webhook_target import Target

client_module = load("webhook_client", "models/workflow/webhook_client.py")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def post(port, *, seconds=2, path="/hook", body=b"{}", tls=None, host="127.0.0.1"):
    """Call the receiver at a port of this machine."""

    def resolve(_host, number, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number))]

    client = client_module.WebhookClient(
        lambda _address, _port: True, resolve=resolve, tls=tls, seconds=seconds
    )
    target = Target("https" if tls else "http", host, port, path)
    return client.post(target, body, {"webhook-id": "e1"})


def says(*pieces, pause=0.0):
    """An answer in pieces with a pause after each."""

    def answer(connection):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def why(error):
    return error.value.why


def test_receiver_gets_the_body_and_nothing_that_was_not_meant_for_it(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with receiver(says(OK)) as hook:
        assert post(hook.port, body="{«سلام»}".encode()) == 200
        ((head, body),) = hook.requests
    assert body.decode() == "{«سلام»}"
    assert head.startswith(b"POST /hook HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"webhook-id: e1" in head
    for name in (b"cookie", b"authorization", b"proxy"):
        assert name not in head.lower()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_this_machine_is_not_followed(status):
    with receiver() as canary:
        moved = (
            f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{canary.port}/\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        with receiver(says(moved.encode())) as hook:
            assert post(hook.port) == status
            assert hook.calls == 1
        assert canary.calls == 0


def test_slow_head_ends_the_call_in_time():
    with receiver(says(*([b"H"] * 50), pause=0.2)) as hook:
        began = time.monotonic()
        with pytest.raises(client_module.CallError) as error:
            post(hook.port, seconds=1)
        assert why(error) == "timeout"
        assert time.monotonic() - began < 1.6


def test_slow_body_is_not_waited_for_longer_than_the_call():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    with receiver(says(head, *([b"x"] * 50), pause=0.2)) as hook:
        began = time.monotonic()
        assert post(hook.port, seconds=1) == 200
        assert time.monotonic() - began < 1.6


def test_silent_receiver_is_a_timeout():
    with receiver(lambda _connection: time.sleep(2)) as hook:
        with pytest.raises(client_module.CallError) as error:
            post(hook.port, seconds=0.5)
        assert why(error) == "timeout"


def test_slow_resolver_is_a_timeout():
    def resolve(*_host, **_options):
        time.sleep(2)
        return []

    client = client_module.WebhookClient(
        lambda *_address: True, resolve=resolve, seconds=0.3
    )
    began = time.monotonic()
    with pytest.raises(client_module.CallError) as error:
        client.post(Target("http", "hook.example", 80, "/"), b"", {})
    assert why(error) == "timeout"
    assert time.monotonic() - began < 1


def test_gzip_bomb_is_neither_unpacked_nor_read_whole():
    bomb = gzip.compress(bytes(60_000_000))
    sent = []

    def answer(connection):
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        while True:  # for ever
            connection.sendall(bomb)
            sent.append(len(bomb))

    with receiver(answer) as hook:
        began = time.monotonic()
        assert post(hook.port) == 200
        assert time.monotonic() - began < 1.5, "64 KB are read, no more"
        assert b"Accept-Encoding: identity" in hook.requests[0][0]


def test_endless_head_is_no_answer():
    line = b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 70_000
    with receiver(says(line)) as hook:
        with pytest.raises(client_module.CallError) as error:
            post(hook.port)
        assert why(error) == "answer"


@pytest.mark.parametrize(
    "said",
    [b"220 mail ESMTP\r\n\r\n", b"SSH-2.0-x\r\n\r\n", b"", b"HTTP/1.1 2\r\n\r\n"],
)
def test_what_is_no_http_is_no_answer(said):
    with receiver(says(said)) as hook:
        with pytest.raises(client_module.CallError) as error:
            post(hook.port)
        assert why(error) == "answer"


def test_answer_after_an_early_one_counts():
    with receiver(says(b"HTTP/1.1 100 Continue\r\n\r\n", OK)) as hook:
        assert post(hook.port) == 200


def test_nobody_there_is_no_connection():
    with receiver() as gone:
        port = gone.port
    with pytest.raises(client_module.CallError) as error:
        post(port)
    assert why(error) == "no_connection"


def test_header_cannot_hold_another():
    client = client_module.WebhookClient(lambda *_address: True)
    with receiver(says(OK)) as hook, pytest.raises(ValueError, match="webhook-id"):
        client.post(
            Target("http", "127.0.0.1", hook.port, "/"),
            b"",
            {"webhook-id": "a\r\nX: y"},
        )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) of hook.example."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=hook.example", "-keyout", key, "-out", cert),
            *("-addext", "subjectAltName=DNS:hook.example"),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


@pytest.mark.parametrize(("host", "heard"), [("hook.example", 1), ("evil.example", 0)])
def test_certificate_has_to_be_of_the_name_though_an_address_is_called(
    certificate, host, heard
):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    names, requests = [], []
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = ssl.create_default_context(cafile=certificate[0])
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _address = listener.accept()
            try:
                with server.wrap_socket(connection, server_side=True) as secure:
                    requests.append(secure.recv(65_536))
                    secure.sendall(OK)
            except OSError:
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        if heard:
            assert post(port, tls=trusting, host=host) == 200
        else:
            with pytest.raises(client_module.CallError) as error:
                post(port, tls=trusting, host=host)
            assert why(error) == "tls"
        thread.join(5)
    assert names == [host]
    assert len(requests) == heard
