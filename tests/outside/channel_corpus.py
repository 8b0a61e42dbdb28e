"""What customers wrote in a day, as providers deliver it: often and in any order.

The fakes make it without delivering anything; a test delivers it as it likes.
"""

import json
import random
from collections import defaultdict

from fakes.telegram_bot import Bot

AGO = 6 * 3_600  # seconds before now when the first message was written
KINDS = ("text",) * 7 + ("photo", "edited", "reply")
BATCH = 5  # most events of Instagram in one request


class Corpus:
    """Messages of some chats and how they must stand in the shop at the end.

    :param account: ``Bot`` or ``Account`` of a fake that delivers nothing by itself
    :param int chats: how many customers
    :param int events: how many messages
    :param Random dice: decides
    """

    def __init__(self, account, chats, events, dice):
        self.account, self.dice = account, dice
        self.telegram = isinstance(account, Bot)
        self.order, self.texts = defaultdict(list), {}
        self.events, self.edits = [], []
        people = [account.person(f"Chat {n}") for n in range(chats)]
        account.clock.ahead, account.quiet = -AGO, True
        # everybody writes at least once
        writers = people + [dice.choice(people) for _n in range(events - chats)]
        dice.shuffle(writers)
        for number, person in enumerate(writers):
            account.clock.ahead += dice.choice((0, 0, 0.1, 1, 20))
            self._write(person, number)
        account.clock.ahead, account.quiet = 0, False

    def bodies(self, times):
        """All requests, each event in so many of them, shuffled: list of bytes.

        Telegram repeats the same request; Meta puts what it repeats together anew.
        """
        found = []
        for _time in range(times):
            events = self.events + self.edits
            self.dice.shuffle(events)
            if self.telegram:
                found += [json.dumps(e, ensure_ascii=False).encode() for e in events]
                continue
            while events:
                size = self.dice.randint(1, BATCH)
                found.append(self.account.as_delivered(events[:size])[0])
                events = events[size:]
        self.dice.shuffle(found)
        return found

    def _write(self, person, number):
        kind = self.dice.choice(KINDS)
        text = f"پیام {number} از {person.name}"
        if kind == "photo":
            made = self.account.send_photo(person, b"picture")
            text = ""
        elif kind == "reply" and self.order[person.id]:
            made = self.account.say(person, text, **self._quote(person))
        else:
            made = self.account.say(person, text)
        entry = person.entries[-1]
        key = f"{person.id}:{entry.id}" if self.telegram else entry.id
        self.order[person.id].append(key)
        self.texts[key] = text
        self.events.append(made)
        if kind == "edited":
            self.texts[key] = f"{text}, edited"
            self.edits.append(self.account.edit(person, entry.id, self.texts[key]))

    def _quote(self, person):
        first = person.entries[0].id
        if not self.telegram:
            return {"reply_to": {"mid": first}}
        quoted = {"message_id": int(first), "date": int(person.entries[0].at)}
        return {"reply_to_message": {**quoted, "chat": {"id": int(person.id)}}}


def corpora(telegram, instagram, chats, events, dice):
    """The day's messages of a bot and of an account: half of the chats each.

    :param Bot telegram: may not deliver by itself
    :param Account instagram: likewise
    """
    return [
        Corpus(account, chats // 2, events // 2, dice)
        for account in (telegram, instagram)
    ]


def as_random(seed, name):
    """A source of chance of its own for one test (Random)."""
    return random.Random(f"{seed} {name}")
