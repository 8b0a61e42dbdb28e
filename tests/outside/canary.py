"""Listeners on the loopback interface that only count who calls."""

import socket
import threading
from contextlib import ExitStack, contextmanager


class Canary:
    """One listener; whoever connects is counted and hung up on."""

    def __init__(self):
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _count(self):
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@contextmanager
def canaries(*names):
    """Several of them: {name: Canary}."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(Canary()) for name in names}
