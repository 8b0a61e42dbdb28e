# ruff: noqa: T201 - what a test measures is printed
"""Outages of PostgreSQL and kills of Odoo under load: all is back without anybody.

Back means: pages, scheduled jobs (a heartbeat after the trouble) and an import that
was queued or at work when it came.
"""

import random
import time

import shop
from load import Load
from scheduled_jobs import job, switch

BACK_SECONDS = 90
ROWS = 400
OUTAGES, KILLS = ((2, "fast"), (8, "immediate")), 3
FULL_OUTAGES = (
    (2, "fast"),
    (8, "immediate"),
    (30, "fast"),
    (8, "fast"),
    (30, "immediate"),
)
FULL_KILLS = 10
WORK_SECONDS = 70  # more than one heartbeat
BRANCH = "CALM:"


def test_outages_and_kills_under_load_lose_nothing(product, full, chance, tmp_path):
    chance = random.Random(chance)
    outages = FULL_OUTAGES if full else OUTAGES
    troubles = [
        (f"{seconds} s without PostgreSQL ({mode})", product.outage, (seconds, mode))
        for seconds, mode in outages
    ]
    kills = FULL_KILLS if full else KILLS
    troubles += [(f"kill {n} of Odoo", product.kill, ()) for n in range(1, kills + 1)]
    chance.shuffle(troubles)
    times = []
    with Load([product], BRANCH) as load:
        for number, (name, trouble, arguments) in enumerate(troubles):
            time.sleep(chance.uniform(0, 3))
            batch = _import(product, tmp_path / f"{number}.csv", number)
            time.sleep(chance.uniform(0, 1))
            trouble(*arguments)
            times.append(_until_back(product, batch))
            print("{}: health {:.1f} s, import {:.1f} s".format(name, *times[-1]))
    print(
        f"{load.check():,} customers acknowledged, {load.refused} tries refused, none"
        f" lost; back within {max(map(max, times)):.1f} s"
    )
    (row,) = product.sql(
        "SELECT count(*) AS n, count(DISTINCT ref) AS refs FROM res_partner"
        f" WHERE ref LIKE 'QUEUED{BRANCH}%'"
    )
    assert row == {"n": ROWS * len(troubles), "refs": ROWS * len(troubles)}


def _import(product, path, number):
    """Start an import: id of its batch."""
    rows = [
        {"customer": f"QUEUED{BRANCH}{number}-{row}", "name": f"Queued {number} {row}"}
        for row in range(ROWS)
    ]
    shop.write_csv(path, ("customer", "name"), rows)
    return product.import_file(path, "customers", key="customer")


def _until_back(product, batch):
    """Seconds from now until health and import are back: (float, float)."""
    began = time.monotonic()
    healthy = product.wait_until_healthy(BACK_SECONDS, beat_within=0)
    ended = product.wait(batch, seconds=BACK_SECONDS - (time.monotonic() - began))
    assert ended["state"] == "done", ended
    assert (ended["created"], ended["failed"]) == (ROWS, 0)
    return healthy, time.monotonic() - began


def test_the_heart_beats_while_an_import_works(product, tmp_path):
    """Long work must not keep the heartbeat's job waiting for a thread."""
    rows = shop.read_shop(product, tmp_path / "all", 3_000)
    customers, purchases = shop.Shop(*rows, "BUSY:").write(tmp_path / "busy")
    shop.import_and_wait(product, customers, "customers")
    batches = [product.import_file(purchases, "purchases", key="customer")]
    batches.append(product.recalculate())
    ages, before = [], _beats(product)
    deadline = time.monotonic() + WORK_SECONDS
    while time.monotonic() < deadline:
        ages.append(product.health()["heartbeat"])
        if all(product.batch(b)["state"] == "done" for b in batches):
            batches.append(product.recalculate())
        time.sleep(1)
    print(f"oldest heartbeat {max(ages):.0f} s, {len(batches)} batches meanwhile")
    assert max(ages) < 120
    assert _beats(product) > before
    for batch in batches:
        product.wait(batch)


def _beats(product):
    (row,) = product.sql("SELECT max(up_to)::text AS last FROM mini_crm_heartbeat")
    return row["last"]


def test_jobs_are_switched_on_again(product):
    """By hand or by Odoo after many failures: our jobs do not stay off."""
    name = "ir_cron_mini_crm_batch"
    switch(product, name, active=False)
    began = time.monotonic()
    watch = job(product, "ir_cron_mini_crm_watch")
    product.rpc("superuser", "ir.cron", "method_direct_trigger", [watch])
    (state,) = product.sql(
        f"SELECT active FROM ir_cron WHERE id = {job(product, name)}"
    )
    print(f"on again after {time.monotonic() - began:.1f} s")
    assert state["active"]
    assert product.health()["jobs_repaired"] >= 1
