"""A workflow as a pure function: where a run stands, what happened, what to do next.

``step()`` looks at one node at a time. It gives back the new state and the commands
that belong to the move; whoever calls performs them, writes the log of the step and
stores the state in one transaction, and calls again with what came of it while the
state says ``running``. Nothing here reads a clock, a database or chance: ``now`` is an
argument, and a random split is drawn from the run's own seed.

A definition is plain JSON (``engine.workflow_kinds`` has the kinds of triggers and
nodes and what each needs; ``engine.workflow_check`` says what is wrong with one)::

    {"format": 1,
     "trigger": {"kind": "message_received", "words": ["price"]},
     "bulk": false,              also start for imported and bulk changes
     "entry": {"policy": "once" | "again" | "always", "days": 30},
     "audience": "[]",           condition that customers have to meet
     "leave": false,             true: who no longer meets it leaves at the next node
     "first": "n1",              id of the first node, or null
     "nodes": {"n1": {"kind": "ask", ...config, "next": {"answered": "n2"}}}}

An edge that leads nowhere ends the run well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
MAX_NODES = 200
MAX_STEPS = 500  # of one run, whatever its loops
MAX_BURST = 50  # steps without a wait between them

# -- what happens to a run ----------------------------------------------------------


@dataclass(frozen=True)
class Started:
    """It begins (the door "start")."""


@dataclass(frozen=True)
class Performed:
    """What came of the commands of the last step.

    :param edge: name of the edge to leave by; empty: the node's usual one
    :param value: what a command has read (of ``ReadDate``: ISO 8601 date, or ``None``)
    """

    edge: str = ""
    value: Any = None


@dataclass(frozen=True)
class TimerDue:
    """The moment it waited for has come (the door "timer")."""


@dataclass(frozen=True)
class Asked:
    """A question that had to queue behind another one goes out now, or the gate has
    dropped it.

    :param sent: whether the message was taken by the gate; deferred counts as taken
    :param reason: of the gate, if not (window_closed, opted_out, blocked, ...)
    """

    sent: bool
    reason: str = ""


@dataclass(frozen=True)
class Answered:
    """The customer has written in the conversation in which he was asked.

    :param text: what he wrote, or the label of the button
    :param payload: what the pressed button carried
    :param kind: kind of the message (``engine.chat_items``): text, photo, contact, ...
    :param media: of the message: list of {kind, attachment_id, name, mime}
    :param phone: of a shared contact that is his own, E.164
    :param message_id: of ``mini_crm.message``
    """

    text: str = ""
    payload: str = ""
    kind: str = "text"
    media: tuple = ()
    phone: str = ""
    message_id: int = 0


@dataclass(frozen=True)
class TakenOver:
    """A person of the shop has answered in that conversation."""


@dataclass(frozen=True)
class Stopped:
    """It has to end.

    :param reason: opted_out, left (the audience), paused, limit, erased, by_hand,
        merged
    """

    reason: str


Event = Started | Performed | TimerDue | Asked | Answered | TakenOver | Stopped

# -- what is to be done -------------------------------------------------------------


@dataclass(frozen=True)
class Send:
    """Send a message through the gate. Performed: edge ``next`` or ``not_sent``.

    :param text: template, ``{field}`` is filled in by who performs it
    :param channel: telegram, instagram, email, or empty: where he wrote last
    :param buttons: list of {label, payload} or {label, request_contact}
    """

    text: str
    channel: str = ""
    subject: str = ""
    buttons: tuple = ()


@dataclass(frozen=True)
class Ask(Send):
    """Send a question; at most one is open in a conversation, others queue.

    Performed: edge empty when it went out (the run waits), else the state stays
    ``queued`` until ``Asked`` comes, or the edge is one of ``window_closed``,
    ``not_sent``.
    """


@dataclass(frozen=True)
class Say:
    """Answer in the conversation of the open question (an error text, a reminder)."""

    text: str
    buttons: tuple = ()


@dataclass(frozen=True)
class Check:
    """Whether the customer meets a condition. Performed: edge ``yes`` or ``no``."""

    domain: str


@dataclass(frozen=True)
class ReadDate:
    """A date of the customer. Performed: value as ISO 8601, or ``None``."""

    name: str


@dataclass(frozen=True)
class Save:
    """Save an answer or a fixed value.

    Performed: edge ``invalid`` with the reason as value when the field's own rules
    refuse it.

    :param name: key of a custom field, or name, email, phone
    :param value: normalised, as ``engine.field_values`` takes it
    """

    name: str
    value: Any


@dataclass(frozen=True)
class Act:
    """Anything else: performed by ``_do_<kind>`` with the node's configuration.

    :param kind: add_tag, remove_tag, add_to_segment, remove_from_segment, create_task,
        webhook, hand_over
    """

    kind: str
    config: dict


@dataclass(frozen=True)
class CloseQuestion:
    """The open question of the run is over: the next one in the queue may go out."""


Command = Send | Ask | Say | Check | ReadDate | Save | Act | CloseQuestion

# -- where it stands ----------------------------------------------------------------


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
    :param outcome: how it ended: a code (finished, or the reason of the stop)
    :param edge: edge by which the last node was left
    :param reason: why that edge: a code for the log
    :param answers: {node id: {value, text}}
    :param asking: of an open question: {attempts, asked_at, reminded, expires_at}
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
    seed: int = 0


@dataclass(frozen=True)
class Surroundings:
    """What a node needs to know of the world, as values.

    :param zone: IANA name of the customer's time zone (else the company's)
    :param calendar: gregorian or jalali, for dates in answers
    :param country: ISO code, for phone numbers
    :param rules: {name: engine.field_values rules} of fields that answers are saved to
    """

    zone: str = "UTC"
    calendar: str = "gregorian"
    country: str = ""
    rules: dict = field(default_factory=dict)
