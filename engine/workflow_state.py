"""Where a run stands, and what of the world a node may know: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

ENDED = ("done", "stopped", "failed")


@dataclass(frozen=True)
class State:
    """Where a run stands; ``as_json()`` and ``from_json()`` keep it.

    :param status: running (call again with ``Performed``), waiting (a timer, an answer,
        or both), queued (a question waits for another one), done, stopped, failed
    :param node: id of the node it stands at; empty before the start
    :param visit: how often it has entered that node, from 1
    :param visits: {node id: times}
    :param steps: nodes entered in all
    :param burst: nodes entered since it last waited
    :param due_at: UTC, when ``TimerDue`` has to come, or ``None``
    :param waits_for_answer: whether a question is open
    :param outcome: how it ended: a code (finished, limit, or the reason of the stop)
    :param edge: edge by which ``node`` has been left; empty while the run is in it
    :param reason: why that edge: a code for the log
    :param answers: {node id: {value, text}}, values as JSON has them
    :param asking: of a question: {attempts, asked_at, reminded, expires_at}; while it
        waits to be sent {attempts, give_up_at}; and ``pending``, the answer that is
        being saved; times as ISO 8601
    :param text: what the customer wrote last: what started the run, or an answer
    :param seed: of random splits
    """

    status: str = "running"
    node: str = ""
    visit: int = 0
    visits: dict = field(default_factory=dict)
    steps: int = 0
    burst: int = 0
    due_at: datetime | None = None
    waits_for_answer: bool = False
    outcome: str = ""
    edge: str = ""
    reason: str = ""
    answers: dict = field(default_factory=dict)
    asking: dict = field(default_factory=dict)
    text: str = ""
    seed: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.status in ENDED

    def as_json(self) -> dict:
        """The state as JSON: what is as in the beginning is left out."""
        found = {
            part.name: getattr(self, part.name)
            for part in fields(self)
            if getattr(self, part.name) != getattr(_BEGINNING, part.name)
        }
        if self.due_at is not None:
            found["due_at"] = self.due_at.isoformat()
        return found

    @classmethod
    def from_json(cls, value: dict | None) -> State:
        """The state that ``as_json()`` has made; of nothing, the beginning.

        What an older or newer version of the product has stored and this one does not
        know is left out.
        """
        known = {part.name for part in fields(cls)}
        found = {name: part for name, part in (value or {}).items() if name in known}
        if found.get("due_at"):
            found["due_at"] = datetime.fromisoformat(found["due_at"])
        return cls(**found)


@dataclass(frozen=True)
class Surroundings:
    """What a node needs to know of the world, as values.

    :param zone: IANA name of the customer's time zone (else the company's)
    :param calendar: gregorian or jalali, for dates in answers and yearly delays
    :param country: ISO code, for phone numbers
    :param rules: {name: engine.field_values rules} of fields that answers are saved to
    """

    zone: str = "UTC"
    calendar: str = "gregorian"
    country: str = ""
    rules: dict = field(default_factory=dict)


_BEGINNING = State()
