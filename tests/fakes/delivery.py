"""Webhooks as providers call them: again and again, until somebody says 2xx."""

import contextlib
import heapq
import http.client
import itertools
import threading
import time
import urllib.parse
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

DELAYS = (1, 2, 4, 8, 16, 32, 60)  # seconds before the next try; then always the last
PATIENCE = 30  # seconds that a webhook has for its answer


@dataclass(frozen=True)
class Delivered:
    """What came of one try: HTTP status, 0 without an answer; seconds it took."""

    status: int
    seconds: float
    retry_after: float = 0

    @property
    def accepted(self):
        """Whether it need not be tried again (bool)."""
        return 200 <= self.status < 300


def through(url, shop_url):
    """An address with the scheme, host and port of another one, if that is given."""
    if not (url and shop_url):
        return url
    address, shop = urllib.parse.urlsplit(url), urllib.parse.urlsplit(shop_url)
    return urllib.parse.urlunsplit(shop[:2] + address[2:])


def post(url, body, headers, *, method="POST", patience=PATIENCE):
    """Call a webhook once.

    :param str url: address
    :param bytes body: what is posted
    :param dict headers: of the request
    :rtype: Delivered
    """
    address = urllib.parse.urlsplit(url)
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    began = time.monotonic()
    connection = kind(address.hostname, address.port, timeout=patience)
    with contextlib.closing(connection):
        try:
            path = f"{address.path}?{address.query}" if address.query else address.path
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return Delivered(0, time.monotonic() - began)
    wait = reply.headers.get("Retry-After", "")
    return Delivered(
        reply.status,
        time.monotonic() - began,
        float(wait) if wait.isdigit() else 0,
    )


class Deliveries:
    """Queues of what is to be delivered; each gives one thing at a time.

    A thing that is refused is tried again and keeps those behind it waiting: only in
    its own queue.

    :param send: function of a thing that calls the webhook once: Delivered
    :param int connections: how many queues are served at the same time
    """

    def __init__(self, send, *, connections=40, delays=DELAYS):
        self.tries = []
        self._send, self._delays = send, delays
        self._queues, self._failures, self._busy = {}, {}, set()
        self._due, self._count = [], itertools.count()
        self._paused, self._over = False, False
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(connections)
        self._thread = threading.Thread(target=self._dispatch, daemon=True)
        self._thread.start()

    def put(self, queue, thing):
        """Have a thing delivered after those of the same queue."""
        with self._changed:
            waiting = self._queues.setdefault(queue, deque())
            waiting.append(thing)
            if len(waiting) == 1:
                self._schedule(queue, 0)

    def pause(self, paused=True):
        """Keep everything waiting, or go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def waiting(self):
        """All that has not been accepted yet (list)."""
        with self._changed:
            return [thing for things in self._queues.values() for thing in things]

    def forget(self, which):
        """Take out what need not be delivered any more.

        :param which: function of a thing: bool
        """
        with self._changed:
            for queue, things in list(self._queues.items()):
                kept = deque(thing for thing in things if not which(thing))
                if kept:
                    self._queues[queue] = kept
                else:
                    del self._queues[queue]
            self._changed.notify_all()

    def settle(self, seconds=60):
        """Wait until everything is accepted: whether that came true (bool)."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queues, seconds)

    def close(self):
        """Deliver nothing any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def _schedule(self, queue, seconds):
        heapq.heappush(
            self._due, (time.monotonic() + seconds, next(self._count), queue)
        )
        self._changed.notify_all()

    def _dispatch(self):
        with self._changed:
            while not self._over:
                now = time.monotonic()
                if self._due and not self._paused and self._due[0][0] <= now:
                    queue = heapq.heappop(self._due)[2]
                    self._pool.submit(self._deliver, queue)
                    continue
                idle = None if self._paused or not self._due else self._due[0][0] - now
                self._changed.wait(idle)

    def _deliver(self, queue):
        with self._changed:
            things = self._queues.get(queue)
            if not things or self._over or queue in self._busy:
                return
            thing = things[0]
            self._busy.add(queue)
        result = self._send(thing)
        with self._changed:
            self._busy.discard(queue)
            self.tries.append(result)
            self._finish(queue, thing, result)

    def _finish(self, queue, thing, result):
        things = self._queues.get(queue)
        if not things:
            return
        if things[0] is thing and result.accepted:
            things.popleft()
        if result.accepted:
            self._failures.pop(queue, None)
            wait = 0
        else:
            tried = self._failures.get(queue, 0)
            self._failures[queue] = tried + 1
            wait = max(result.retry_after, self._delays[: tried + 1][-1])
        if things:
            self._schedule(queue, wait)
        else:
            del self._queues[queue]
        self._changed.notify_all()
