"""Invented conversations and purchases of invented people: pure, reproducible."""

import random
from datetime import timedelta
from typing import NamedTuple

from . import names

MESSAGES = ("message_received", "message_sent")
MESSAGES_MAX = 150
CHATTERBOX = 1  # number of the person with the longest conversation of all
CHATTERBOX_EVENTS = 5_600  # some of them calls: at least 5,000 messages
PURCHASES_MAX = 60


class Event(NamedTuple):
    """An interaction: ``type`` is an event type of the timeline, ``date`` is UTC."""

    type: str
    date: object
    summary: str


class Purchase(NamedTuple):
    """A line of the ledger; ``amount`` is negative for a refund."""

    date: object
    amount: float
    quantity: float


def interactions(seed, person, today):
    """Messages and calls of a person, oldest first; most people have few.

    :return: list of Event, all between the person's creation and ``today``
    """
    rng = random.Random(f"{seed}/{person.number}/messages")
    wanted = min(MESSAGES_MAX, int(person.liveliness * 5.5 * (0.4 + rng.random())))
    if person.number == CHATTERBOX:
        wanted = CHATTERBOX_EVENTS
    until = _last_activity(seed, person, today)
    events = []
    while len(events) < wanted:
        started = person.created + (until - person.created) * rng.random()
        events += _conversation(rng, started, wanted - len(events))
    events = [event for event in events if event.date < today]
    return sorted(events, key=lambda event: event.date)


def purchases(seed, person, today):
    """Purchases and refunds of a person, oldest first.

    :return: list of Purchase; amounts are about 10 to 500, as in a small shop in euros
    """
    rng = random.Random(f"{seed}/{person.number}/purchases")
    count = min(PURCHASES_MAX, int(person.liveliness * 4 * rng.random()))
    until = _last_activity(seed, person, today)
    taste = rng.lognormvariate(3.7, 0.6)
    lines = []
    for _each in range(count):
        date = person.created + (until - person.created) * rng.random()
        amount = round(taste * rng.lognormvariate(0, 0.5), 2)
        lines.append(Purchase(_whole(date), amount, rng.choice((1, 1, 1, 2, 3))))
        back = date + timedelta(days=rng.randrange(1, 14))
        if rng.random() < 0.03 and back < today:
            lines.append(Purchase(_whole(back), -amount, 1))
    return sorted(lines)


def _last_activity(seed, person, today):
    """Many people stop at some point; half of them are still around."""
    rng = random.Random(f"{seed}/{person.number}/until")
    share = 1 if rng.random() < 0.5 else rng.random()
    return person.created + (today - person.created) * share


def _whole(date):
    return date.replace(microsecond=0)


def _conversation(rng, started, room):
    """A call, or some messages to and fro; the last one may stay unanswered."""
    if rng.random() < 0.08:
        return [Event("call_logged", _whole(started), "")]
    turns = min(room, 1 + int(rng.expovariate(0.6)))
    incoming = rng.random() < 0.8
    events, date = [], started
    for _turn in range(turns):
        kind, texts = (
            ("message_received", names.MESSAGES_FROM)
            if incoming
            else ("message_sent", names.MESSAGES_TO)
        )
        events.append(Event(kind, _whole(date), rng.choice(texts)))
        date += timedelta(minutes=rng.expovariate(1 / 60))
        if rng.random() < 0.8:
            incoming = not incoming
    return events
