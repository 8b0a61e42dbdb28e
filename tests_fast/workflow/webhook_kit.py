"""A receiver on the loopback interface, and the client as the product makes it."""

import importlib.util
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def load(name, path):
    """A module of the repository by its path: the package around it imports Odoo."""
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Receiver:
    """One listener that counts who connects; ``answer(connection)`` plays along."""

    def __init__(self, answer=None, address="127.0.0.1"):
        self.calls = 0
        self.requests = []
        self._answer = answer
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.create_server((address, 0), family=family)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            with connection:
                try:
                    if self._answer:
                        self.requests.append(read_request(connection))
                        self._answer(connection)
                except OSError:
                    pass  # the client has hung up, as it should

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def receiver(answer=None, address="127.0.0.1"):
    """A receiver while the block runs."""
    one = Receiver(answer, address)
    try:
        yield one
    finally:
        one.close()


def read_request(connection):
    """(head, body) of what came, as bytes."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _end, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head, body
