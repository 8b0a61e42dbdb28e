"""Which events start a workflow, as a pure function of its trigger and what happened.

A trigger is ``{"kind": ..., settings}`` as ``engine.workflow_kinds.TRIGGERS`` has them.
Everything that it asks for has to be so.
"""

from dataclasses import dataclass, field

from .opt_out import read_word
from .workflow_words import has_word

# Triggers that the events of a type may pull; time and people pull the others.
EVENTS = {
    "message_received": ("message_received",),
    "customer_created": ("customer_created",),
    "tag_added": ("tag_added",),
    "score_changed": ("score_changed",),
    "segment_changed": ("segment_entered", "segment_left"),
    "field_updated": ("field_updated",),
    "task_completed": ("task_completed",),
    "purchase_made": ("purchase_made",),
}
BY_TIME = ("birthday", "inactive", "schedule")
_SIDES = {"segment_entered": "in", "segment_left": "out"}


@dataclass(frozen=True)
class Happened:
    """What an event tells.

    :param type: of the event
    :param data: its details, as they were logged
    :param text: of a message: what the customer wrote
    :param amount: of a purchase, in the company's currency
    """

    type: str
    data: dict = field(default_factory=dict)
    text: str = ""
    amount: float = 0.0


def pulls(trigger: dict, happened: Happened) -> bool:
    """Whether what happened is what a trigger waits for.

    :param trigger: of a checked definition; what it leaves out does not matter to it
    """
    kind = trigger["kind"]
    if kind not in EVENTS.get(happened.type, ()):
        return False
    asked = _ASKED.get(kind)
    return asked is None or asked(trigger, happened)


def _message(trigger, happened):
    if happened.data.get("automated"):
        return False  # two machines would talk to each other for ever
    channels, words = trigger.get("channels"), trigger.get("words")
    if channels and happened.data.get("channel") not in channels:
        return False
    match = trigger.get("match") or "word"
    if words and not has_word(happened.text, words, match):
        return False
    # who wants no messages gets none for saying so
    return read_word(happened.text) != "out"


def _tag(trigger, happened):
    return happened.data.get("tag_id") == trigger["tag"]


def _segment(trigger, happened):
    data = happened.data
    return (data.get("segment_id"), data.get("to")) == (
        trigger["segment"],
        _SIDES[trigger["kind"]],
    )


def _score(trigger, happened):
    old, new = happened.data.get("score") or (None, None)
    if old is None or new is None or old == new:
        return False
    direction = trigger.get("direction") or "any"
    if direction != "any" and direction != ("up" if new > old else "down"):
        return False
    least, line = trigger.get("by"), trigger.get("crosses")
    if least and abs(new - old) < least:
        return False
    return not line or min(old, new) < line <= max(old, new)


def _fields(trigger, happened):
    return not happened.data.keys().isdisjoint(trigger["fields"])


def _task(trigger, happened):
    wanted = trigger.get("activity_type")
    return not wanted or happened.data.get("activity_type_id") == wanted


def _purchase(trigger, happened):
    return happened.amount >= (trigger.get("at_least") or 0)


_ASKED = {
    "message_received": _message,
    "tag_added": _tag,
    "score_changed": _score,
    "segment_entered": _segment,
    "segment_left": _segment,
    "field_updated": _fields,
    "task_completed": _task,
    "purchase_made": _purchase,
}
