# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo in the middle of a merge: it has happened, or it has not."""

import json
import random
import threading
import time

from table_hash import TABLES, differences, hash_query

MESSAGES, FULL_MESSAGES = 1_000, 10_000
KILLS, FULL_KILLS = 2, 10
MORE_KILLS = 3  # while none has fallen inside a merge
# Traces that are kept for a month, and what jobs count and compare for themselves.
MACHINE = {
    *("mini_crm_merge_trace", "mini_crm_rule_mark", "mini_crm_customer_count"),
    *("mini_crm_segment_count", "mini_crm_tag_count"),
    *("mini_crm_duplicate_mark", "mini_crm_duplicate_trait", "mini_crm_duplicate_word"),
    "mini_crm_duplicate",
}


def test_a_killed_merge_leaves_before_or_after(product, full, chance):
    messages = FULL_MESSAGES if full else MESSAGES
    luck = random.Random(chance)
    wanted = FULL_KILLS if full else KILLS
    in_peace, *families = _families(product, 1 + wanted + MORE_KILLS, messages)
    began = time.monotonic()
    product.merge(in_peace[0], in_peace[1:])
    seconds = time.monotonic() - began
    print(f"undisturbed: {seconds:.2f} s")
    seen, cut_off, kills = {"before": 0, "after": 0}, 0, 0
    while kills < wanted or (not cut_off and families):
        kills += 1
        people = families.pop()
        before, rows = _state(product, people), _snapshot(product)
        ended = _kill_a_merge(product, people, luck.uniform(0, seconds))
        cut_off += ended is None
        # the first one was slow: later kills come before the end
        seconds = min(seconds, ended or seconds)
        after = _state(product, people)
        seen["before" if after == before else "after"] += 1
        if after != before:
            _assert_merged(after, before, people)
            batch = product.sql("SELECT max(id) AS id FROM mini_crm_batch")[0]["id"]
            product.rpc("manager", "mini_crm.merge", "undo", batch)
            product.drain()
            assert _state(product, people) == before
        assert differences(rows, _snapshot(product)) == []
    print(f"left as before: {seen['before']}, merged: {seen['after']}")
    print(f"cut off in the middle: {cut_off} of {kills}")
    assert cut_off, "Every kill came after the end: nothing was tried."


def _kill_a_merge(product, people, seconds):
    """Kill Odoo so many seconds after a merge has begun.

    :return: seconds that the merge took; ``None``: the kill has cut it off
    """
    told, began = [], time.monotonic()
    merging = threading.Thread(target=_merge, args=(product, people, told), daemon=True)
    merging.start()
    time.sleep(seconds)
    product.kill()
    merging.join(60)
    product.wait_until_healthy()
    product.drain()
    return told[0] - began if told else None


def _snapshot(product):
    """A hash of every table that a merge and its undo must leave as they are."""
    tables = [row["table_name"] for row in product.sql(TABLES)]
    return {
        table: product.sql(hash_query(table))[0]["hash"]
        for table in tables
        if table not in MACHINE
    }


def _merge(product, people, told):
    """Merge them, and note when that was done (monotonic seconds)."""
    try:
        product.merge(people[0], people[1:])
        told.append(time.monotonic())
    except Exception as error:
        print(f"  cut off: {type(error).__name__}")


def _families(product, number, messages):
    """So many times the ids of three customers with messages and a purchase each."""
    script = f"""
import json
from odoo.tools import SQL
partners = env["res.partner"].create([
    {{"name": f"Merge {{n}}", "email": f"merge{{n}}@example.com"}}
    for n in range({3 * number})])
env["mini_crm.purchase"].create([
    {{"partner_id": customer.id, "amount": 10.0}} for customer in partners])
env["mini_crm.event"]._log_many(
    {{"partner_id": SQL("p.id"), "type": SQL("'message_received'"),
      "date": SQL("timestamp '2026-01-01' + n * interval '1 minute'")}},
    SQL("FROM res_partner p, generate_series(1, {messages}) n WHERE p.id = ANY(%s)",
        partners.ids))
env.cr.commit()
print("ids:", json.dumps(partners.ids))
"""
    shell = product.run(
        *("odoo", "shell", "-d", product.db, "--no-http", "--log-level=warn"),
        stdin=script,
    )
    assert shell.returncode == 0, shell.stderr[-2000:]
    ids = json.loads(shell.stdout.rpartition("ids:")[2].strip().splitlines()[0])
    product.drain()
    return [ids[first : first + 3] for first in range(0, len(ids), 3)]


def _state(product, people):
    """What is known of these customers, by table."""
    ids = ", ".join(map(str, people))
    counts = product.sql(
        f"""SELECT p.id, p.active, p.name, p.email,
            (SELECT count(*) FROM mini_crm_event e WHERE e.partner_id = p.id
                AND e.type = 'message_received') AS events,
            (SELECT count(*) FROM mini_crm_purchase b WHERE b.partner_id = p.id)
                AS purchases,
            (SELECT f.total_interactions FROM mini_crm_profile f WHERE f.id = p.id)
                AS interactions,
            (SELECT r.survivor_id FROM mini_crm_redirect r WHERE r.source_id = p.id)
                AS survivor
        FROM res_partner p WHERE p.id IN ({ids}) ORDER BY p.id"""
    )
    return {row["id"]: row for row in counts}


def _assert_merged(after, before, people):
    survivor, others = people[0], people[1:]
    for name in ("events", "purchases"):
        total = sum(row[name] for row in before.values())
        assert after[survivor][name] == total, (name, after)
    for other in others:
        row = after[other]
        assert (row["active"], row["survivor"]) == (False, survivor), row
        assert (row["events"], row["purchases"], row["interactions"]) == (0, 0, None)
