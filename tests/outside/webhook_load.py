"""Providers that deliver with many connections and try again until they hear 2xx."""

import http.client
import queue
import threading
import time

PAUSE = 0.2  # seconds before a refused connection is tried again
GIVE_UP = 120  # seconds without any answer
COLD_SECONDS = 3  # after the first answer of a server that was killed


class WebhookLoad:
    """Deliver requests by many connections at once; `run` returns when all are in.

    :param Product product: whom to
    :param requests: list of (channel id, body)
    """

    def __init__(self, product, requests, connections=32):
        self.product = product
        self.statuses, self.refused = [], 0
        self._answers, self._kills = [], []  # (began, seconds); when it was killed
        self.errors = []
        self._todo = queue.SimpleQueue()
        for request in requests:
            self._todo.put(request)
        self.total = len(requests)
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work) for _number in range(connections)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        for thread in self._threads:
            thread.join()

    def done(self):
        """How many requests have been answered (int)."""
        return len(self.statuses)

    def wait_for(self, part):
        """Wait until a part of all requests is answered; ``part`` from 0 to 1."""
        while self.done() < part * self.total and not self.errors:
            time.sleep(0.02)

    def kill(self):
        """Kill the server, and note when."""
        self.product.kill()
        self._kills.append(time.monotonic())

    def warm(self):
        """Seconds of each answer outside the cold starts, the quickest first (list).

        A cold start is from a kill until ``COLD_SECONDS`` after the first answer to a
        request that was made later: a server that was killed reads everything anew.
        What was asked just before a kill counts when it was answered.
        """
        starts = []
        for kill in self._kills:
            answered = [began + took for began, took in self._answers if began > kill]
            starts.append((kill, min(answered, default=kill) + COLD_SECONDS))
        return sorted(
            took
            for began, took in self._answers
            if not any(first < began < last for first, last in starts)
        )

    def _work(self):
        connection = self.product.connection()
        try:
            while not self.errors:
                channel, body = self._todo.get_nowait()
                self._until_answered(connection, channel, body)
        except queue.Empty:
            pass
        except Exception as error:  # shown by the test, in its own thread
            self.errors.append(error)
        finally:
            connection.close()

    def _until_answered(self, connection, channel, body):
        first = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                status = self.product.deliver(channel, body, connection=connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                with self._lock:
                    self.refused += 1
                if time.monotonic() - first > GIVE_UP:
                    raise
                time.sleep(PAUSE)
                continue
            with self._lock:
                self._answers.append((began, time.monotonic() - began))
                self.statuses.append(status)
            return
