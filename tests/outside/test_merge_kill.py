# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo in the middle of a merge: it has happened, or it has not."""

import random
import threading
import time

MESSAGES, FULL_MESSAGES = 1_000, 10_000
KILLS, FULL_KILLS = 2, 10


def test_a_killed_merge_leaves_before_or_after(product, full, chance):
    messages = FULL_MESSAGES if full else MESSAGES
    luck = random.Random(chance)
    seconds = _in_peace(product, messages)
    print(f"undisturbed: {seconds:.2f} s")
    seen = {"before": 0, "after": 0}
    for number in range(FULL_KILLS if full else KILLS):
        people = _people(product, messages, f"kill{number}")
        before = _state(product, people)
        merging = threading.Thread(target=_merge, args=(product, people), daemon=True)
        merging.start()
        time.sleep(luck.uniform(0, seconds))
        product.kill()
        merging.join(60)
        product.wait_until_healthy()
        product.drain()
        after = _state(product, people)
        seen["before" if after == before else "after"] += 1
        if after != before:
            _assert_merged(after, before, people)
            batch = product.sql("SELECT max(id) AS id FROM mini_crm_batch")[0]["id"]
            product.rpc("manager", "mini_crm.merge", "undo", batch)
            product.drain()
            assert _state(product, people) == before
    print(f"left as before: {seen['before']}, merged: {seen['after']}")


def _in_peace(product, messages):
    """Seconds that such a merge takes."""
    people = _people(product, messages, "peace")
    began = time.monotonic()
    product.merge(people[0], people[1:])
    return time.monotonic() - began


def _merge(product, people):
    try:
        product.merge(people[0], people[1:])
    except Exception as error:
        print(f"  cut off: {type(error).__name__}")


def _people(product, messages, name):
    """Ids of three customers with messages and purchases."""
    ids = [
        product.rpc(
            "manager",
            "res.partner",
            "create",
            [{"name": f"{name} {n}", "email": f"{name}{n}@example.com"}],
        )[0]
        for n in range(3)
    ]
    for customer in ids:
        product.rpc(
            "manager",
            "mini_crm.purchase",
            "create",
            [{"partner_id": customer, "amount": 10.0}],
        )
    script = f"""
partners = env["res.partner"].browse({ids})
env["mini_crm.event"]._log_many(
    {{"partner_id": SQL("p.id"), "type": SQL("'message_received'"),
      "date": SQL("timestamp '2026-01-01' + n * interval '1 minute'")}},
    SQL("FROM res_partner p, generate_series(1, {messages}) n WHERE p.id = ANY(%s)",
        partners.ids))
env.cr.commit()
"""
    shell = product.run(
        "odoo",
        *("shell", "-d", product.db, "--no-http", "--log-level=warn"),
        stdin="from odoo.tools import SQL\n" + script,
    )
    assert shell.returncode == 0, shell.stderr[-2000:]
    product.drain()
    return ids


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
