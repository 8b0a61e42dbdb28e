"""Providers first: while they wait for an answer, workers of this process give way.

A provider takes a slow answer for none and delivers again. In a process of threads the
workers would take most of the processor from the requests that they are woken by.
"""

import threading
from contextlib import contextmanager

# For each part of a delivery: work goes on, only slower, however long a burst lasts.
MOST_SECONDS = 0.25

_changed = threading.Condition()
_waiting = 0


@contextmanager
def answering():
    """A provider waits for the answer to a delivery, for as long as the block lasts."""
    global _waiting
    with _changed:
        _waiting += 1
    try:
        yield
    finally:
        with _changed:
            _waiting -= 1
            _changed.notify_all()


def give_way():
    """Wait until no provider waits for an answer of this process, but not for long.

    Whoever calls has locked nothing.
    """
    with _changed:
        _changed.wait_for(lambda: not _waiting, MOST_SECONDS)
