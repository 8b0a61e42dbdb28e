# ruff: noqa: T201 - what a test measures is printed
"""Nobody gets a message twice, and each has a state that is true, whatever fails."""

import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from channel_corpus import as_random
from contract import RpcError
from fakes import faults

CHATS, SENDS, KILLS = 40, 120, 2
FULL_CHATS, FULL_SENDS, FULL_KILLS = 100, 500, 4
PEOPLE = 4  # who press Send at the same time
# What goes wrong, out of 100 messages; the rest goes well.
TROUBLE = {
    "busy": 8,
    "blocked": 4,
    "error": 4,
    "error_taken": 4,
    "lost": 4,
    "cut": 4,
    "hang": 2,
}
RESTS = 2  # of Instagram's account, a minute each: Meta does not say how long
UNCLEAR = ("error", "error_taken", "lost", "cut", "hang")
ARRIVED = {"sent", "delivered", "read"}


class Sending:
    """Messages to customers of both providers, with trouble on the way.

    :param Random dice: decides what goes wrong
    """

    def __init__(self, product, channels, chats, sends, dice):
        self.product, self.channels, self.dice = product, channels, dice
        self.people, self.identities = [], {}
        for account in (channels.bot, channels.account):
            for number in range(chats // 2):
                person = account.person(f"Buyer {number}")
                account.say(person, "What does it cost?")
                self.people.append(person)
            assert account.deliveries.settle(60), "the webhook does not answer"
        product.drain()
        for channel in channels.ids:
            self.identities |= product.identities(channel)
        self.plan = self._planned(sends)
        self.answers = {}
        self.refused = set()  # texts that were refused at once: he has blocked us

    def _planned(self, sends):
        """(person, text, trouble) of each message, in order."""
        kinds, weights = zip(*TROUBLE.items(), strict=True)
        kinds += ("none",)
        weights += (100 - sum(weights),)
        plan = []
        for number in range(sends):
            person = self.people[number % len(self.people)]
            (kind,) = self.dice.choices(kinds, weights)
            if kind == "blocked":
                person.blocked = True
            plan.append((person, f"answer {number} of {sends}", kind))
        return plan

    def order_trouble(self):
        """Have it go wrong: at the next message to that person."""
        rests = 0
        for person, _text, kind in self.plan:
            telegram = person.id in self.channels.bot.people
            if kind == "busy" and not telegram:
                rests += 1
                if rests > RESTS:
                    continue
            fake = self.channels.telegram if telegram else self.channels.instagram
            for fault in _faults(kind, person.id, telegram):
                fake.faults.add(fault)

    def press_send(self):
        """Send everything, several people at once; one chat is one person's."""
        chats = defaultdict(list)
        for number, (person, text, _kind) in enumerate(self.plan):
            chats[person.id].append((number, text))
        with ThreadPoolExecutor(PEOPLE) as threads:
            done = threads.map(self._talk, chats.items())
            assert all(done)

    def _talk(self, chat):
        person, texts = chat
        for number, text in texts:
            self._send(self.identities[person], text, f"test-{number}")
        return True

    def _send(self, identity, text, key):
        """Press Send until there is an answer, always with the same key."""
        ends = time.monotonic() + 120
        while True:
            try:
                self.answers[text] = self.product.send(identity, text, key=key)
                return
            except RpcError as error:
                if "blocked us" not in str(error):
                    raise
                self.refused.add(text)
                return
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.3)

    def arrived(self):
        """What customers have got: {text: ids of who got it, as often as he did}."""
        found = defaultdict(list)
        for person in self.people:
            for entry in person.received():
                found[entry.text].append(person.id)
        return found

    def states(self):
        """What the shop believes: {text: row of mini_crm_message}."""
        rows = self.product.sql(
            f"""SELECT body, state, reason, date, sequence, id FROM mini_crm_message
            WHERE direction = 'out' AND channel_id IN {tuple(self.channels.ids)}"""
        )
        return {row["body"]: row for row in rows}


def _faults(kind, to, telegram):
    """The trouble of a kind as the fakes take it (list)."""
    if telegram:
        busy = {"code": 429, "description": "Too Many Requests: retry after 1"}
        busy["retry_after"] = 1
        broken = {"code": 500, "description": "Internal Server Error"}
    else:
        busy = {"code": 613, "text": "Calls to this API have exceeded the rate limit."}
        broken = {"code": 2, "text": "Service temporarily unavailable", "status": 500}
    made = {
        "busy": [faults.Fault(error=busy, to=to)],
        "error": [faults.Fault(error=broken, to=to)],
        "error_taken": [faults.Fault(error=broken, to=to, accepts=True)],
        "lost": [faults.cuts(to=to)],
        "cut": [faults.takes_and_cuts(to=to)],
        "hang": [faults.takes_and_hangs(to=to)],
    }
    return made.get(kind, [])


@pytest.fixture(scope="module")
def sending(product, shop_channels, full, chance):
    """Everything sent, with kills, and all that follows done: Sending."""
    dice = as_random(chance, "outbound")
    chats, sends = (FULL_CHATS, FULL_SENDS) if full else (CHATS, SENDS)
    work = Sending(product, shop_channels, chats, sends, dice)
    work.order_trouble()
    began = time.monotonic()
    with ThreadPoolExecutor(1) as thread:
        pressing = thread.submit(work.press_send)
        for number in range(FULL_KILLS if full else KILLS):
            time.sleep(dice.uniform(1, 4))
            _wait_for_calls(shop_channels, (number + 1) * sends // 10)
            product.kill()
            product.wait_until_healthy()
        pressing.result()
    product.drain(600)
    for fake in (shop_channels.telegram, shop_channels.instagram):
        fake.faults.clear()
    states = Counter(row["state"] for row in work.states().values())
    print(
        f"{sends} messages to {len(work.people)} customers in"
        f" {time.monotonic() - began:.0f} s: {dict(states)},"
        f" {len(work.refused)} refused at once;"
        f" trouble: {dict(Counter(kind for _p, _t, kind in work.plan))}"
    )
    return work


def _wait_for_calls(channels, calls):
    """Kill in the middle of sending, not before it."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        made = sum(
            row["method"] in ("sendMessage", "POST messages")
            for fake in (channels.telegram, channels.instagram)
            for row in list(fake.requests)
        )
        if made >= calls:
            return
        time.sleep(0.02)


def test_nobody_gets_a_message_twice_or_one_of_somebody_else(sending):
    arrived = sending.arrived()
    for person, text, _kind in sending.plan:
        assert arrived[text] in ([], [person.id]), text
    print(f"{sum(map(len, arrived.values()))} messages have arrived, none twice")


def test_every_message_has_a_state_and_it_is_true(sending):
    states, arrived = sending.states(), sending.arrived()
    texts = {text for _person, text, _kind in sending.plan}
    assert len(states) + len(sending.refused) == len(texts)
    assert states.keys() | sending.refused == texts
    for _person, text, kind in sending.plan:
        if text in sending.refused:
            assert not arrived[text]
            continue
        state, got = states[text]["state"], bool(arrived[text])
        assert state in ARRIVED | {"failed", "uncertain"}, (text, kind, states[text])
        if state in ARRIVED:
            assert got, (text, kind)
        if state == "failed":
            assert not got, (text, kind)
        if got:
            assert state in ARRIVED | {"uncertain"}, (text, kind)


def test_only_what_is_unclear_is_uncertain(sending, full):
    """Each kill may leave one call of each of the two workers in doubt."""
    unclear = sum(kind in UNCLEAR for _person, _text, kind in sending.plan)
    kills = FULL_KILLS if full else KILLS
    rows = sending.states().values()
    uncertain = sum(row["state"] == "uncertain" for row in rows)
    calls = 2 * 8 * kills  # workers, calls at the same time
    print(f"{uncertain} uncertain; {unclear} calls without a clear answer")
    assert uncertain <= unclear + calls


def test_whoever_has_blocked_us_fails_with_the_reason(sending):
    blocked = {person.id for person in sending.people if person.blocked}
    assert blocked
    states = sending.states()
    for person, text, _kind in sending.plan:
        if text in sending.refused:
            assert person.id in blocked
        elif person.id in blocked:
            assert states[text]["state"] in ("failed", "uncertain"), states[text]
    rows = sending.product.sql(
        f"""SELECT external_id, state FROM mini_crm_identity
        WHERE channel_id IN {tuple(sending.channels.ids)} AND state = 'blocked'"""
    )
    assert {row["external_id"] for row in rows} == blocked


def test_each_chat_keeps_the_order(sending):
    place = {text: number for number, (_p, text, _k) in enumerate(sending.plan)}
    for person in sending.people:
        got = [place[entry.text] for entry in person.received()]
        assert got == sorted(got), person.name


def test_only_what_has_arrived_is_told_in_the_timeline(sending):
    rows = sending.product.sql(
        f"""SELECT m.state, count(e.id) AS events, count(*) AS n FROM mini_crm_message m
        LEFT JOIN mini_crm_event e ON e.type = 'message_sent'
            AND e.external_key = 'message:' || m.id
        WHERE m.direction = 'out' AND m.channel_id IN {tuple(sending.channels.ids)}
        GROUP BY m.state"""
    )
    for row in rows:
        expected = row["n"] if row["state"] in ARRIVED else 0
        assert row["events"] == expected, rows


def test_what_is_uncertain_is_not_sent_by_itself(sending):
    before = {text: len(ids) for text, ids in sending.arrived().items()}
    time.sleep(5)
    assert {text: len(ids) for text, ids in sending.arrived().items()} == before
