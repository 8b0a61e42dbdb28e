"""Simulated customers of a workflow, and what has to become of each.

The workflow asks for a number, branches by it, puts a tag on, waits a minute, makes a
task and says thanks. ``Customer.path`` is what its log has to tell, worked out here
from what the customer is going to write and nothing else.
"""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

BEGIN, SKIP = "begin please", "skip"
QUESTION, AGAIN, THANKS = "Which size do you wear?", "In digits, please.", "Thank you"
FIELD, TASK = "killed_size", "Call about the size"
LARGE = 40  # from here on
ATTEMPTS = 3
WAIT = 60  # seconds of the delay: the shortest there is


def definition(slot, large, small):
    """The workflow of these customers.

    :param str slot: what conditions call the field that the answer is saved to
    :param int large, small: ids of the tags of either branch
    """
    after, tail = "wait", {"next": {"next": "thanks"}}
    return {
        "trigger": {"kind": "message_received", "words": [BEGIN], "match": "whole"},
        "first": "ask",
        "nodes": {
            "ask": {
                "kind": "ask",
                "text": QUESTION,
                "answer": "number",
                "save_to": FIELD,
                "attempts": ATTEMPTS,
                "invalid_text": AGAIN,
                "skip_words": [SKIP],
                "next": {"answered": "size", "invalid": after, "skipped": after},
            },
            "size": {
                "kind": "condition",
                "domain": f"[('{slot}', '>=', {LARGE})]",
                "next": {"yes": "large", "no": "small"},
            },
            "large": {"kind": "add_tag", "tag": large, "next": {"next": after}},
            "small": {"kind": "add_tag", "tag": small, "next": {"next": after}},
            "wait": {
                "kind": "delay",
                "by": "duration",
                "duration": {"amount": 1, "unit": "minutes"},
                "next": {"next": "task"},
            },
            "task": {"kind": "create_task", "summary": TASK, **tail},
            "thanks": {"kind": "send", "text": THANKS, "next": {}},
        },
    }


@dataclass
class Customer:
    """One of them.

    :param Person person: at the fake
    :param list words: what he writes, one after each message of the shop
    """

    person: object
    words: list
    written: int = 0
    due: float = 0
    begins: float = 0
    partner: int = 0
    heard: dict = field(default_factory=dict)

    @property
    def number(self):
        """What he answers in the end, or ``None``."""
        return int(self.words[-1]) if self.words[-1].isdigit() else None

    @property
    def path(self):
        """What the log has to tell: list of (node, edge)."""
        rest = [("wait", "next"), ("task", "next"), ("thanks", "next")]
        if self.words[-1] == SKIP:
            return [("ask", "skipped"), *rest]
        if self.number is None:
            return [("ask", "invalid"), *rest]
        large = self.number >= LARGE
        edge, tag = ("yes", "large") if large else ("no", "small")
        return [("ask", "answered"), ("size", edge), (tag, "next"), *rest]

    @property
    def texts(self):
        """What he has to get, and how often: Counter."""
        wrong = sum(not word.isdigit() and word != SKIP for word in self.words)
        again = min(wrong, ATTEMPTS - 1)
        return Counter({QUESTION: 1, THANKS: 1} | ({AGAIN: again} if again else {}))


def invented(bot, number, dice):
    """Customers who have not written yet (list)."""
    return [Customer(bot.person(f"Sized {n}"), _words(dice)) for n in range(number)]


def _words(dice):
    """What one of them is going to write."""
    kind = dice.random()
    wrong = [dice.choice(("which?", "M", "hm")) for _n in range(ATTEMPTS)]
    if kind < 0.08:
        return wrong
    if kind < 0.16:
        return [SKIP]
    size = str(dice.randrange(30, 50))
    return [*wrong[: dice.choice((0, 0, 0, 1, 2))], size]


class Crowd(threading.Thread):
    """All of them: each begins at his time, and answers what he gets.

    :param Bot bot: at which they write
    :param list customers: of `invented`
    :param float spread: seconds over which they begin
    """

    def __init__(self, bot, customers, spread, dice):
        super().__init__(daemon=True)
        self.bot, self.customers = bot, customers
        self.dice = random.Random(dice.random())
        self.over = threading.Event()
        began = time.monotonic()
        for number, customer in enumerate(customers):
            customer.begins = began + spread * number / len(customers)

    def run(self):
        """Until ``over`` is set."""
        started = set()
        while not self.over.wait(0.05):
            now = time.monotonic()
            for number, customer in enumerate(self.customers):
                if number not in started:
                    if customer.begins <= now:
                        started.add(number)
                        self.bot.say(customer.person, BEGIN)
                    continue
                self._answer(customer, now)

    def _answer(self, customer, now):
        """One more word for one more message, after a moment's thought."""
        got = len(customer.person.received())
        if customer.written >= min(got, len(customer.words)):
            return
        if not customer.due:
            customer.due = now + self.dice.uniform(0.2, 2)
        elif customer.due <= now:
            customer.due = 0
            self.bot.say(customer.person, customer.words[customer.written])
            customer.written += 1
