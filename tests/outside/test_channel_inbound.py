# ruff: noqa: T201 - what a test measures is printed
"""What providers deliver arrives once, whole and in order, whatever is killed."""

import time
from collections import Counter, defaultdict

import pytest
from channel_corpus import as_random, corpora
from webhook_load import WebhookLoad

CHATS, EVENTS, KILLS = 40, 300, 1
FULL_CHATS, FULL_EVENTS, FULL_KILLS = 200, 2_500, 2
TIMES = 4
P99_SECONDS = 0.5  # the goal of answers, outside the cold start after a kill
# In CI other lanes use the machine at the same time: so many times the goal. The goal
# itself is kept to with --full, where nothing else is running.
CI_TIMES = 6


@pytest.fixture(scope="module")
def sent(product, shop_channels, full, chance):
    """A day's messages, delivered four times in any order, with kills: the corpora.

    Of 100 answers 99 must come within the goal. Those of the cold start after a kill
    (see ``WebhookLoad.warm``) are left out.
    """
    dice = as_random(chance, "inbound")
    chats, events = (FULL_CHATS, FULL_EVENTS) if full else (CHATS, EVENTS)
    found = corpora(shop_channels.bot, shop_channels.account, chats, events, dice)
    requests = []
    for channel, corpus in zip(shop_channels.ids, found, strict=True):
        corpus.channel = channel
        requests += [(channel, body) for body in corpus.bodies(TIMES)]
    dice.shuffle(requests)
    kills = FULL_KILLS if full else KILLS
    began = time.monotonic()
    with WebhookLoad(product, requests) as load:
        for number in range(kills):
            load.wait_for((number + dice.uniform(0.3, 0.7)) / kills)
            load.kill()
            print(f"killed after {load.done():,} of {load.total:,} answers")
    assert not load.errors, load.errors
    took = time.monotonic() - began
    warm = load.warm()
    p99 = warm[int(len(warm) * 0.99)]
    print(
        f"{load.total:,} requests with {load.done():,} answers in {took:.1f} s,"
        f" {load.refused} connections refused, p99 {p99 * 1000:.0f} ms of {len(warm):,}"
        f" answers outside cold starts (goal: {P99_SECONDS * 1000:.0f} ms),"
        f" worked off {product.drain():.1f} s later"
    )
    assert load.refused, "No kill has hit: nothing was tried."
    assert Counter(load.statuses).keys() == {200}
    assert len(warm) > load.total / 5, "too few answers to say how quick they are"
    assert p99 < P99_SECONDS * (1 if full else CI_TIMES)
    return found


def test_every_message_is_there_once_and_says_what_it_said(product, sent):
    for corpus in sent:
        rows = product.sql(
            f"""SELECT external_id, body, event_id FROM mini_crm_message
            WHERE channel_id = {corpus.channel} AND direction = 'in'"""
        )
        wrong = [
            (row, corpus.texts.get(row["external_id"]))
            for row in rows
            if (row["body"] or "") != corpus.texts.get(row["external_id"])
        ]
        print(f"{len(rows):,} messages, {len(corpus.edits)} edited")
        assert len(rows) == len(corpus.texts)
        assert not wrong, wrong[:3]
        assert all(row["event_id"] for row in rows)


def test_every_chat_is_one_customer(product, sent):
    for corpus in sent:
        identities = product.identities(corpus.channel)
        assert identities.keys() == corpus.order.keys()
        partners = {row["partner_id"] for row in identities.values()}
        assert len(partners) == len(corpus.order)
        (made,) = product.sql(
            f"""SELECT count(*) AS n FROM res_partner p
            JOIN mini_crm_profile f ON f.id = p.id WHERE p.id IN (
                SELECT partner_id FROM mini_crm_identity
                WHERE channel_id = {corpus.channel})"""
        )
        assert made["n"] == len(partners)


def test_every_thread_is_in_the_order_of_writing(product, sent):
    right = 0
    for corpus in sent:
        identities = product.identities(corpus.channel)
        rows = product.sql(
            f"""SELECT partner_id, external_id FROM mini_crm_message
            WHERE direction = 'in' AND channel_id = {corpus.channel}
            ORDER BY date, sequence, id"""
        )
        threads = defaultdict(list)
        for row in rows:
            threads[row["partner_id"]].append(row["external_id"])
        for chat, order in corpus.order.items():
            assert threads[identities[chat]["partner_id"]] == order, f"chat {chat}"
            right += 1
    print(f"{right} of {right} chats in order")


def test_every_message_is_told_once_in_the_timeline(product, sent):
    for corpus in sent:
        rows = product.sql(
            f"""SELECT count(*) AS n, count(DISTINCT e.id) AS events
            FROM mini_crm_message m JOIN mini_crm_event e
                ON e.partner_id = m.partner_id AND e.type = 'message_received'
                AND e.external_key = 'message:' || m.id
            WHERE m.channel_id = {corpus.channel}"""
        )
        n = len(corpus.texts)
        assert rows == [{"n": n, "events": n}]


def test_nothing_is_left_waiting_or_dead(product, sent):
    rows = product.sql("SELECT state, count(*) AS n FROM mini_crm_inbox GROUP BY state")
    assert {row["state"] for row in rows} == {"done"}, rows


def test_numbers_of_updates_that_begin_again_hide_no_message(product, shop_channels):
    """Telegram counts anew, from anywhere, after a week without an update."""
    bot = shop_channels.bot
    person = bot.person("Comes back")
    known = bot.say(person, "before the quiet week")["update_id"]
    bot.restart_numbers(known)
    assert bot.say(person, "after the quiet week")["update_id"] == known
    assert bot.deliveries.settle(60)
    product.drain()
    identity = product.identities(shop_channels.ids[0])[person.id]
    bodies = [row["body"] for row in product.messages(identity["partner_id"])]
    assert bodies == ["before the quiet week", "after the quiet week"]
