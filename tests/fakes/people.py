"""Customers of a made-up provider, and what stands in their chats with the shop."""

import itertools
import time
from dataclasses import dataclass, field


@dataclass
class Entry:
    """One message in a chat.

    :param str side: customer or shop
    :param str state: of what the shop sent: sent or read
    :param list buttons: ``{label, payload}``; may be pressed
    """

    id: str
    side: str
    at: float
    text: str = ""
    kind: str = "text"
    state: str = "sent"
    buttons: list = field(default_factory=list)
    media: list = field(default_factory=list)
    reactions: list = field(default_factory=list)
    edited: bool = False
    deleted: bool = False


@dataclass
class Person:
    """A customer; ``id`` as the provider tells it to the shop."""

    id: str
    name: str
    username: str = ""
    phone: str = ""
    language: str = "fa"
    blocked: bool = False
    gone: bool = False
    entries: list = field(default_factory=list)
    last_sent: float = 0
    window: float | None = None

    def entry(self, entry_id):
        """A message of the chat by its id.

        :raises KeyError: without such a message
        """
        for entry in self.entries:
            if entry.id == str(entry_id):
                return entry
        raise KeyError(f"There is no message {entry_id} with {self.name}.")

    def received(self):
        """What the shop has sent him (list of Entry)."""
        return [entry for entry in self.entries if entry.side == "shop"]


def told(person):
    """A person and his chat as JSON takes it (dict)."""
    return {
        "id": person.id,
        "name": person.name,
        "blocked": person.blocked,
        "entries": [dict(vars(entry)) for entry in person.entries],
    }


class Clock:
    """Time in seconds that never repeats a moment, and may be set forward.

    Providers date by whole seconds or milliseconds; tests want an order.
    """

    def __init__(self):
        self.ahead = 0.0
        self._last = 0.0

    def now(self):
        """Seconds since 1970, UTC (float), later than the last answer.

        Set back, it starts again from there.
        """
        wanted = time.time() + self.ahead
        back = wanted < self._last - 1
        self._last = wanted if back else max(wanted, self._last + 0.001)
        return self._last


def numbers(first):
    """Whole numbers from one on (iterator)."""
    return itertools.count(first)
