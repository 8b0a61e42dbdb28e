"""What happens to a run, and what it wants done: values between engine and rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# -- what happens to a run ----------------------------------------------------------


@dataclass(frozen=True)
class Started:
    """It begins (the door "start").

    :param text: of the message that has started it, for conditions on the text
    """

    text: str = ""


@dataclass(frozen=True)
class Performed:
    """What came of the last command of the last step, or of a step without any.

    :param edge: name of the edge to leave by; empty: the node's usual one; ``queued``
        of an ``Ask`` that has to wait for another question
    :param value: what a command has read (of ``ReadDate``: ISO 8601 date, or ``None``);
        of an ``Ask`` that was deferred, when it goes out (datetime, UTC); else a code
        of why, for the log
    """

    edge: str = ""
    value: Any = None


@dataclass(frozen=True)
class TimerDue:
    """The moment it waited for has come (the door "timer")."""


@dataclass(frozen=True)
class Asked:
    """A question that had to queue behind another one goes out now, or the gate has
    dropped it; also of one that was put and has not arrived after all.

    :param sent: whether the message was taken by the gate; deferred counts as taken
    :param reason: of the gate, if not (window_closed, opted_out, blocked, ...)
    """

    sent: bool
    reason: str = ""


@dataclass(frozen=True)
class Unsent:
    """The moment it waited for has come, but the question that was put waits to be sent
    (the door "timer"): its time begins when it has gone out."""


@dataclass(frozen=True)
class WentOut:
    """The question that was put has been sent.

    :param at: UTC, when: its time begins then
    """

    at: datetime


@dataclass(frozen=True)
class Answered:
    """The customer has written in the conversation in which he was asked.

    :param text: what he wrote, or the label of the button
    :param payload: what the pressed button carried
    :param kind: kind of the message (``engine.chat_items``): text, photo, contact, ...
    :param media: of the message: list of {kind, attachment_id, name, mime}
    :param phone: of a shared contact that is his own, E.164
    :param message_id: of ``mini_crm.message``
    :param at: UTC, when he wrote it by the provider's word; ``None``: now. What was
        written in time is an answer, however late it arrives; what was written after
        the time limit is none, even if the timer was not worked off yet
    """

    text: str = ""
    payload: str = ""
    kind: str = "text"
    media: tuple = ()
    phone: str = ""
    message_id: int = 0
    at: datetime | None = None


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


Event = (
    Started
    | Performed
    | TimerDue
    | Asked
    | Unsent
    | WentOut
    | Answered
    | TakenOver
    | Stopped
)

# -- what is to be done -------------------------------------------------------------


@dataclass(frozen=True)
class Send:
    """Send a message through the gate. Performed: edge ``next`` or ``not_sent``.

    :param text: template, ``{field}`` is filled in by who performs it
    :param channel: telegram, instagram, email, or empty: where he wrote last
    :param buttons: of {label, payload} or {label, request_contact}; who performs it
        words what has an empty label: payload yes or no, and the contact button
    """

    text: str
    channel: str = ""
    subject: str = ""
    buttons: tuple = ()


@dataclass(frozen=True)
class Ask(Send):
    """Send a question; at most one is open in a conversation, others queue.

    Performed: edge empty when it went out (the run waits), ``queued`` when it has to
    wait for another question (until ``Asked`` comes), or one of ``window_closed``,
    ``not_sent``.
    """


@dataclass(frozen=True)
class Say:
    """Answer in the conversation of the open question.

    :param text: template; empty: what ``code`` says, in the customer's language
    :param code: ``reminder``, or why the answer cannot be taken: codes of
        ``engine.workflow_answers`` and of ``engine.field_values``
    :param details: what the sentence of this code mentions
    """

    text: str
    buttons: tuple = ()
    code: str = ""
    details: dict = field(default_factory=dict)


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
    :param value: normalised, as ``engine.field_values`` takes it; of a file: list of
        {kind, attachment_id, name, mime}
    :param fill: it is a template yet, and what it becomes a text as people write it
    """

    name: str
    value: Any
    fill: bool = False

    @property
    def empties(self) -> bool:
        """Whether the workflow is told outright to leave the field empty."""
        return self.fill and not str(self.value or "").strip()


@dataclass(frozen=True)
class Act:
    """Anything else: performed by ``_act_<kind>`` with the node's configuration.

    :param kind: add_tag, remove_tag, add_to_segment, remove_from_segment, create_task,
        webhook, hand_over
    """

    kind: str
    config: dict


@dataclass(frozen=True)
class CloseQuestion:
    """The open question of the run is over: the next one in the queue may go out."""


Command = Send | Ask | Say | Check | ReadDate | Save | Act | CloseQuestion
