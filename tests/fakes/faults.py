"""Trouble on order: what a provider does wrong the next time it is called."""

import threading
from dataclasses import dataclass, field, replace

from .http_server import Reply

HANG = 45  # seconds; longer than anybody waits for an answer


@dataclass(frozen=True)
class Fault:
    """One kind of trouble.

    :param bool accepts: whether the call is carried out although it looks failed
    :param error: the provider's error, as `errors` of the fake takes it; ``None``
        where nothing is answered
    :param str method: only for calls of this method; empty: any that sends
    :param str to: only for this person; empty: anybody
    :param int times: how often
    :param dict headers: of the answer
    """

    accepts: bool = False
    error: dict | None = None
    seconds: float = 0
    cut: bool = False
    method: str = ""
    to: str = ""
    times: int = 1
    headers: dict = field(default_factory=dict)

    def reply(self, errors):
        """What is answered (Reply).

        :param errors: function that makes a Reply of ``error``
        """
        if self.error is None:
            return Reply(seconds=self.seconds, cut=True)
        made = errors(**self.error)
        headers = {**made.headers, **self.headers}
        return replace(made, seconds=self.seconds, headers=headers)


def takes_and_hangs(seconds=HANG, **which):
    """The message is delivered, the answer does not come in time."""
    return Fault(accepts=True, seconds=seconds, cut=True, **which)


def takes_and_cuts(**which):
    """The message is delivered, the connection is cut before the answer."""
    return Fault(accepts=True, cut=True, **which)


def cuts(**which):
    """The connection is cut, and nothing was delivered."""
    return Fault(cut=True, **which)


class Faults:
    """The trouble that is still to come; safe to use from several threads."""

    def __init__(self):
        self._waiting = []
        self._lock = threading.Lock()

    def add(self, fault):
        """Have it happen, after those ordered before for the same calls."""
        with self._lock:
            self._waiting.append([fault, fault.times])

    def clear(self):
        """Have everything work again."""
        with self._lock:
            self._waiting.clear()

    def take(self, method, to, *, sends):
        """The trouble for a call, counted as used (Fault), or ``None``.

        :param str method: as the provider names it
        :param str to: id of the person, or empty
        :param bool sends: whether the call sends a message
        """
        with self._lock:
            for entry in self._waiting:
                fault = entry[0]
                meant = fault.method == method if fault.method else sends
                if not meant or fault.to not in ("", str(to)):
                    continue
                entry[1] -= 1
                if entry[1] <= 0:
                    self._waiting.remove(entry)
                return fault
        return None
