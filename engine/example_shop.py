"""The example shop: 60 customers with a history that ends today.

So that somebody who has just installed sees what the product does: who is loyal, who
is new, who drifts away. The same language and moment give the same shop.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import example_texts as texts

CUSTOMERS = 60
WAITING_DAYS = 14  # who waits for longer has been answered in another way
# Amounts are made as in euros; some currencies have more zeros.
ZEROS = {"IRR": 1_000_000, "TRY": 40, "RUB": 100, "IQD": 1_500, "AFN": 80}


@dataclass(frozen=True)
class _Kind:
    """A sort of customer.

    ``since`` and ``last`` are days before today (from, to): the first and the last
    contact; ``talks`` and ``bought`` numbers (from, to); ``amount`` a usual purchase.
    """

    customers: int
    since: tuple[int, int]
    last: tuple[int, int]
    talks: tuple[int, int]
    bought: tuple[int, int] = (0, 0)
    amount: int = 0
    tags: tuple[str, ...] = ()
    known: float = 0.9  # share of the details that are known


# Fewer than 30 buyers: from 30 on the shop's own figures would say what earns full
# marks, and these are not its own.
_KINDS = (
    _Kind(5, (700, 900), (1, 6), (12, 18), (7, 11), 150, ("newsletter",), 1),
    _Kind(7, (300, 600), (4, 20), (6, 10), (3, 6), 90, ("newsletter",), 1),
    _Kind(6, (250, 500), (45, 90), (5, 9), (3, 5), 95, ("gifts",)),
    _Kind(4, (500, 800), (170, 320), (3, 5), (2, 3), 70),
    _Kind(2, (200, 400), (3, 15), (4, 7), (4, 6), 380, ("wholesale",), 1),
    _Kind(5, (10, 40), (1, 9), (2, 3), (1, 1), 60, ("gifts",)),
    _Kind(13, (20, 120), (0, 25), (1, 4), known=0.6),
    _Kind(10, (60, 200), (35, 90), (1, 2), known=0.5),
    _Kind(8, (0, 6), (0, 5), (0, 1), known=0.4),
)


@dataclass(frozen=True)
class Purchase:
    """A line of the ledger; ``amount`` is negative for a refund. ``date`` is UTC."""

    date: datetime
    amount: float


@dataclass(frozen=True)
class Customer:
    """A customer of the example shop.

    :param number: from 1 on
    :param since: first contact, naive UTC
    :param channel: by what the customer writes: telegram, instagram or email
    :param talk: (event type, moment, text), oldest first
    :param waiting_since: moment of the first message that nobody has answered yet
    :param task: what is to be done about the customer, or nothing
    """

    number: int
    name: str
    email: str
    phone: str
    city: str
    source: str
    tags: tuple[str, ...]
    since: datetime
    channel: str
    talk: tuple[tuple[str, datetime, str], ...]
    purchases: tuple[Purchase, ...]
    waiting_since: datetime | None = None
    task: str = ""


def customers(language: str, currency: str, now: datetime) -> list[Customer]:
    """All customers of the shop, as they are at a moment.

    :param language: ``fa`` for a Persian shop; any other gets both languages
    :param currency: code; amounts look like that currency's
    :param now: naive UTC; nothing happened after it
    """
    kinds = [kind for kind in _KINDS for _each in range(kind.customers)]
    return [
        _customer(number, kind, language, currency, now)
        for number, kind in enumerate(kinds, 1)
    ]


def _customer(number, kind, language, currency, now) -> Customer:
    rng = random.Random(f"example/{number}")
    persian = language == "fa" or number % 3 == 0
    spoken = "fa" if persian else "en"
    names = texts.PERSIAN_NAMES if persian else texts.ENGLISH_NAMES
    place = number if language == "fa" else number // 3 if persian else number * 2 // 3
    since = now - timedelta(days=rng.uniform(*kind.since))
    last = max(since, now - timedelta(days=rng.uniform(*kind.last)))
    name = names[place % len(names)]
    told = [rng.random() < kind.known for _detail in range(4)]
    email = _address(name, number) if told[0] else ""
    city = rng.choice(_cities(persian)) if told[2] else ""
    sources = texts.SOURCES[language if language == "fa" else "en"]
    source = rng.choice(sources)
    talk = tuple(_talk(rng, kind, spoken, since, last))
    return Customer(
        number=number,
        name=name,
        email=email,
        phone=f"0900 000 {number:04}" if told[1] or not told[0] else "",
        city=city,
        source=source,
        tags=tuple(
            texts.TAGS["fa" if language == "fa" else "en"][t] for t in kind.tags
        ),
        since=since,
        channel=_channel(number, email, instagram=source == sources[0]),
        talk=talk,
        waiting_since=_waiting_since(talk, now),
        purchases=tuple(_purchases(rng, kind, currency, since, last)),
        task=_task(number, language),
    )


def _address(name: str, number: int) -> str:
    who = name.lower().replace(" ", ".") if name.isascii() else f"customer{number}"
    return f"{who}@shop.example"


def _channel(number: int, email: str, *, instagram: bool) -> str:
    if email and number % 4 == 1:
        return "email"
    return "instagram" if instagram else "telegram"


def _waiting_since(talk, now: datetime) -> datetime | None:
    """When the customer has begun to wait for an answer; nobody does for weeks."""
    since = None
    for kind, date, _text in sorted(talk, key=lambda line: line[1], reverse=True):
        if kind != "message_received":
            break
        since = date
    return since if since and since > now - timedelta(days=WAITING_DAYS) else None


def _cities(persian: bool) -> tuple[str, ...]:
    return texts.PERSIAN_CITIES if persian else texts.ENGLISH_CITIES


def _task(number: int, language: str) -> str:
    tasks = texts.TASKS["fa" if language == "fa" else "en"]
    return tasks[number // 10 % len(tasks)] if number % 10 == 3 else ""


def _talk(rng, kind, spoken, since, last) -> Iterator[tuple[str, datetime, str]]:
    """Conversations between two moments; the last one ends at the second."""
    talks = texts.PERSIAN_TALK if spoken == "fa" else texts.ENGLISH_TALK
    starts = sorted(
        _moment(rng, since, last) for _each in range(rng.randint(*kind.talks))
    )
    for place, start in enumerate(starts, 1):
        lines = rng.choice(talks)
        pause = timedelta(minutes=rng.randint(2, 90))
        if place == len(starts):
            start = max(since, last - pause * len(lines))
        if rng.random() < 0.1:
            yield "call_logged", _whole(start), ""
            continue
        for step, (direction, text) in enumerate(lines):
            kind_ = "message_received" if direction == "in" else "message_sent"
            yield kind_, _whole(start + pause * step), text


def _purchases(rng, kind, currency, since, last) -> Iterator[Purchase]:
    count = rng.randint(*kind.bought)
    for date in sorted(_moment(rng, since, last) for _each in range(count)):
        amount = kind.amount * rng.uniform(0.5, 1.6)
        yield Purchase(_whole(date), _rounded(amount, currency))
    if count > 4 and rng.random() < 0.4:
        back = _whole(max(date, last))
        yield Purchase(back, -_rounded(amount / 2, currency))


def _moment(rng, first: datetime, end: datetime) -> datetime:
    return first + (end - first) * rng.random()


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _rounded(amount: float, currency: str) -> float:
    """An amount that looks like a price: 84.90, or 84,900,000."""
    zeros = ZEROS.get(currency)
    return round(amount) * float(zeros) if zeros else round(amount) - 0.1
