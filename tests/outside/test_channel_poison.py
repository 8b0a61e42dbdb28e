# ruff: noqa: T201 - what a test measures is printed
"""Nonsense is kept and harms nobody else; who cannot prove himself gets nothing in."""

import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import shop
from channel_corpus import as_random
from fakes.instagram_events import SIGNATURE_HEADER
from fakes.telegram_bot import SECRET_HEADER, as_delivered
from poison_bodies import MEGABYTE, instagram_bodies, telegram_bodies

SHOWN_SECONDS = 5  # the goal, also while an import works
PAGE_SECONDS = 1  # the goal of 95 of 100 pages
# In CI other lanes use the machine at the same time: so many times the goal. The goals
# themselves are kept to with --full, where nothing else is running.
CI_TIMES = 3
BATCH, CROWD = 1_000, 50  # events of the largest request of Meta, and who wrote them
PATIENCE = 30
ROWS, FULL_ROWS = 10_000, 100_000
FLOOD_SECONDS, FULL_FLOOD_SECONDS = 5, 60
FLOOD_RATE, SENDERS = 50, 8  # forged requests a second, by so many connections
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def people(product, shop_channels):
    """One known customer of each channel."""
    found = []
    for account in (shop_channels.bot, shop_channels.account):
        person = account.person("Poisoned")
        account.say(person, "before")
        assert account.deliveries.settle(60)
        found.append(person)
    product.drain()
    return found


@pytest.fixture(scope="module")
def poison(shop_channels, people):
    """All bodies: list of (name, channel, bytes)."""
    telegram = telegram_bodies(int(people[0].id))
    instagram = instagram_bodies(shop_channels.account.id, people[1].id)
    return [
        (name, channel, body)
        for channel, bodies in zip(
            shop_channels.ids, (telegram, instagram), strict=True
        )
        for name, body in bodies.items()
    ]


def _shown_after(product, account, person, text, full):
    """Seconds until a message of a customer stands in the shop (float).

    Fails when it is more than the goal (with ``full``), or ``CI_TIMES`` as many.
    """
    account.say(person, text)
    began = time.monotonic()
    goal = SHOWN_SECONDS * (1 if full else CI_TIMES)
    domain = [["body", "=", text]]
    while not product.rpc("admin", "mini_crm.message", "search_count", domain):
        assert time.monotonic() - began < PATIENCE, f"{text!r} does not show"
        time.sleep(0.1)
    seconds = time.monotonic() - began
    assert seconds < goal, f"{text!r} shows after {seconds:.1f} s only"
    return seconds


def _rows(product):
    """How much has come in so far: {table: rows}."""
    tables = ("mini_crm_inbox", "mini_crm_message", "mini_crm_identity", "res_partner")
    counts = ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in tables)
    (row,) = product.sql(f"SELECT {counts}")
    return row


def _telegram_forgeries(shop_channels, product, body):
    secret = shop_channels.bot.webhook["secret_token"]
    theirs = product.proof(shop_channels.ids[1], body)[SIGNATURE_HEADER]
    return {
        "none": {},
        "empty": {SECRET_HEADER: ""},
        "upper case": {SECRET_HEADER: secret.swapcase()},
        "a letter less": {SECRET_HEADER: secret[:-1]},
        "a letter more": {SECRET_HEADER: secret + "a"},
        "the token": {SECRET_HEADER: shop_channels.bot.token},
        "Meta's signature": {SIGNATURE_HEADER: theirs},
    }


def _instagram_forgeries(shop_channels, body):
    secret = shop_channels.account.app_secret
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    sha1 = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    other = shop_channels.bot.webhook["secret_token"]
    theirs = hmac.new(other.encode(), body, hashlib.sha256).hexdigest()
    nothing = hmac.new(b"", body, hashlib.sha256).hexdigest()
    name = SIGNATURE_HEADER
    return {
        "none": {},
        "empty": {name: ""},
        "only the kind": {name: "sha256="},
        "without the kind": {name: digest},
        "sha1": {"X-Hub-Signature": f"sha1={sha1}"},
        "sha1 as sha256": {name: f"sha256={sha1}"},
        "an empty secret": {name: f"sha256={nothing}"},
        "another channel's secret": {name: f"sha256={theirs}"},
        "the secret itself": {name: f"sha256={secret}"},
        "Telegram's header": {SECRET_HEADER: other},
    }


def test_nobody_comes_in_by_a_forged_proof(product, shop_channels, people):
    bot, account = shop_channels.bot, shop_channels.account
    telegram, instagram = shop_channels.ids
    bot.quiet = account.quiet = True
    update, _headers = as_delivered(bot.say(people[0], "forged"), "")
    body, signed = account.as_delivered([account.say(people[1], "forged/گ")])
    bot.quiet = account.quiet = False
    before, tried = _rows(product), 0
    for channel, content, forgeries in (
        (telegram, update, _telegram_forgeries(shop_channels, product, update)),
        (instagram, body, _instagram_forgeries(shop_channels, body)),
    ):
        for name, headers in forgeries.items():
            assert product.deliver(channel, content, JSON | headers) == 403, name
            tried += 1
    changed = {
        "other bytes of the same JSON": json.dumps(json.loads(body)).encode(),
        "another order": json.dumps(json.loads(body), sort_keys=True).encode(),
        "a space more": body + b" ",
        "unescaped": body.replace(b"\\/", b"/"),
    }
    for name, content in changed.items():
        assert content != body
        assert product.deliver(instagram, content, signed) == 403, name
        tried += 1
    for channel in shop_channels.ids:
        proof = product.proof(channel, body)
        status = product.deliver(channel, body, proof, method="GET")
        assert status in (400, 403, 404, 405), status
        tried += 1
    print(f"{tried} forgeries refused")
    assert _rows(product) == before


def test_unsigned_poison_is_refused_and_writes_nothing(product, poison):
    before = _rows(product)
    statuses = [product.deliver(channel, body, JSON) for _name, channel, body in poison]
    # so many in a minute are limited besides
    assert set(statuses) <= {403, 429}, statuses
    assert 403 in statuses
    assert _rows(product) == before


def test_signed_poison_is_kept_and_the_next_message_shows(
    product, shop_channels, people, poison, full
):
    print(f"{len(poison)} bodies")
    for name, channel, body in poison:
        assert product.deliver(channel, body) == 200, name
    accounts = (shop_channels.bot, shop_channels.account)
    for account, person in zip(accounts, people, strict=True):
        text = f"after the poison {account.username} {time.time()}"
        seconds = _shown_after(product, account, person, text, full)
        print(f"the next message showed after {seconds:.1f} s (goal: 5 s)")
    product.drain()
    kept = product.kept()
    lost = [
        name
        for name, channel, body in poison
        if (channel, hashlib.sha256(body).hexdigest()) not in kept
    ]
    assert not lost
    letters = product.dead_letters()
    print(f"{len(letters)} dead letters")
    assert {letter["channel_id"] for letter in letters} >= set(shop_channels.ids)
    assert all(letter["error"] for letter in letters)


def test_one_bad_item_of_a_batch_leaves_the_others(product, shop_channels):
    account, channel = shop_channels.account, shop_channels.ids[1]
    account.quiet = True
    person = account.person("Beside the poison")
    good = [account.say(person, f"beside {number}") for number in range(3)]
    account.quiet = False
    bad = {**good[1], "timestamp": "never", "message": {"mid": 5, "text": []}}
    body, _headers = account.as_delivered([good[0], bad, *good[1:]])
    before = len(product.dead_letters(channel))
    assert product.deliver(channel, body) == 200
    product.drain()
    identity = product.identities(channel)[person.id]
    rows = product.messages(identity["partner_id"])
    assert [row["body"] for row in rows] == [f"beside {number}" for number in range(3)]
    assert len(product.dead_letters(channel)) == before + 1


def test_a_thousand_events_of_one_request_come_once_and_the_bad_one_is_set_aside(
    product, shop_channels
):
    account, channel = shop_channels.account, shop_channels.ids[1]
    account.quiet = True
    crowd = [account.person(f"Of the crowd {number}") for number in range(CROWD)]
    events = [
        account.say(crowd[number % CROWD], f"crowd {number}") for number in range(BATCH)
    ]
    account.quiet = False
    bad = {**events[0], "timestamp": "never", "message": {"mid": 5, "text": "crowd"}}
    all_at_once, _headers = account.as_delivered([*events[:500], bad, *events[500:]])
    some_again, _headers = account.as_delivered(events[:50])
    before = {letter["id"] for letter in product.dead_letters(channel)}
    for body in (all_at_once, some_again, all_at_once):
        assert product.deliver(channel, body) == 200
    print(f"{BATCH:,} events in one request: read after {product.drain():.1f} s")
    (row,) = product.sql(
        """SELECT count(*) AS n, count(DISTINCT body) AS texts,
            count(DISTINCT partner_id) AS people
        FROM mini_crm_message WHERE body LIKE 'crowd %'"""
    )
    assert row == {"n": BATCH, "texts": BATCH, "people": CROWD}
    letters = product.dead_letters(channel)
    new = [letter["kind"] for letter in letters if letter["id"] not in before]
    assert new == ["item"]


def test_messages_show_while_a_large_import_works(
    product, shop_channels, people, full, tmp_path
):
    rows = [
        {"customer": f"POISON:{number}", "name": f"Imported {number}"}
        for number in range(FULL_ROWS if full else ROWS)
    ]
    shop.write_csv(tmp_path / "many.csv", ("customer", "name"), rows)
    batch = product.import_file(tmp_path / "many.csv", "customers", key="customer")
    seconds, number = [], 0
    while product.batch(batch)["state"] not in ("done", "failed"):
        text = f"during the import {number}"
        seconds.append(_shown_after(product, shop_channels.bot, people[0], text, full))
        number += 1
    assert product.wait(batch)["created"] == len(rows)
    assert seconds
    print(
        f"{len(seconds)} messages during an import of {len(rows):,} rows, each shown"
        f" within {max(seconds):.1f} s (goal: {SHOWN_SECONDS} s)"
    )


def test_a_body_above_a_megabyte_is_refused(product, shop_channels):
    body = b'{"a": "' + b"x" * (MEGABYTE + 100_000) + b'"}'
    before = _rows(product)
    for channel in shop_channels.ids:
        assert product.deliver(channel, body) == 413
    assert _rows(product) == before


def test_a_flood_of_forgeries_writes_nothing_and_pages_stay_quick(
    product, shop_channels, full, chance
):
    dice = as_random(chance, "flood")
    seconds = FULL_FLOOD_SECONDS if full else FLOOD_SECONDS
    product.rpc("agent", "res.partner", "search_count", [])
    shop_channels.settle()  # what follows from earlier tests is written first
    product.drain()
    before = _written(product)
    with ThreadPoolExecutor(SENDERS + 1) as threads:
        pages = threads.submit(_pages, product, seconds)
        flood = [
            threads.submit(_flood, product, dice.choice(shop_channels.ids), seconds)
            for _each in range(SENDERS)
        ]
        statuses = [status for each in flood for status in each.result()]
        times = sorted(pages.result())
    assert set(statuses) <= {403, 429}, set(statuses)
    p95 = times[int(len(times) * 0.95)]
    print(
        f"{len(statuses)} forged requests in {seconds} s, {len(times)} pages meanwhile,"
        f" p95 {p95 * 1000:.0f} ms (goal: 1 s)"
    )
    assert len(statuses) > seconds * FLOOD_RATE / 5, "that was no flood"
    assert p95 < PAGE_SECONDS * (1 if full else CI_TIMES)
    assert _written(product) == before


def _flood(product, channel, seconds):
    connection, statuses = product.connection(), []
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        body = b'{"update_id": %d}' % len(statuses)
        statuses.append(product.deliver(channel, body, JSON, connection=connection))
        time.sleep(max(0, len(statuses) * SENDERS / FLOOD_RATE - passed))
    connection.close()
    return statuses


def _pages(product, seconds):
    times, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        product.rpc(
            "agent", "res.partner", "search_read", [], ["name", "crm_score"], limit=40
        )
        times.append(time.monotonic() - began)
        time.sleep(0.05)
    return times


def _written(product):
    """Rows that have been written to where deliveries go, ever (dict)."""
    time.sleep(2)  # PostgreSQL counts a little later
    rows = product.sql(
        """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS n
        FROM pg_stat_user_tables WHERE relname IN ('mini_crm_inbox', 'mini_crm_channel',
            'mini_crm_message', 'mini_crm_identity', 'mini_crm_outbox', 'res_partner',
            'mini_crm_event', 'ir_logging', 'mail_message')"""
    )
    return {row["relname"]: row["n"] for row in rows}
