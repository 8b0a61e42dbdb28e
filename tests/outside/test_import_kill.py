# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo while purchases are imported: it goes on and ends as if undisturbed.

The same purchases are imported twice, for two sets of customers: once in peace, once
with kills at random instants. Afterwards both sets must be equal, customer by customer.
"""

import random
import time

import shop

CUSTOMERS, KILLS = 3_000, 2
FULL_KILLS = 5
RESUMED_SECONDS = 90
PEACE, WAR = "PEACE:", "WAR:"


def test_a_killed_import_goes_on_and_ends_like_an_undisturbed_one(
    product, full, chance, tmp_path
):
    rows = shop.read_shop(product, tmp_path / "all", None if full else CUSTOMERS)
    seconds, purchases = _in_peace(product, shop.Shop(*rows, PEACE), tmp_path)
    disturbed = shop.Shop(*rows, WAR)
    customers_file, purchases_file = disturbed.write(tmp_path / "war")
    shop.import_and_wait(product, customers_file, "customers")
    product.drain()

    batch = product.import_file(purchases_file, "purchases", key="customer")
    _kill(product, batch, random.Random(chance), FULL_KILLS if full else KILLS, seconds)
    ended = product.wait(batch)
    print(f"ended: {ended}")
    assert ended["state"] == "done", ended
    assert (ended["created"], ended["failed"]) == (purchases, 0)
    product.drain()
    shop.recalculate(product)
    _compare(product, disturbed)


def _in_peace(product, undisturbed, tmp_path):
    """Import without kills: (seconds it took, number of purchases)."""
    customers_file, purchases_file = undisturbed.write(tmp_path / "peace")
    shop.import_and_wait(product, customers_file, "customers")
    product.drain()
    ended = shop.import_and_wait(product, purchases_file, "purchases")
    product.drain()
    return ended["seconds"], ended["total"]


def _kill(product, batch, chance, kills, seconds):
    """Kill Odoo at random instants of the import; each time it must go on by itself.

    :param float seconds: how long the import takes undisturbed
    """
    hits = 0
    for number in range(1, kills + 1):
        instant = chance.uniform(0, 0.6 * seconds / (number + 1))
        time.sleep(instant)
        before = product.batch(batch)
        product.kill()
        killed = time.monotonic()
        hits += before["state"] == "running"
        print(
            f"kill {number}: {instant:.2f} s after it began or went on,"
            f" {before['state']}, {before['done']:,} rows of {before['total']:,} done"
        )
        healthy = product.wait_until_healthy()
        resumed = _wait_until_resumed(product, batch, before, killed)
        print(f"  healthy after {healthy:.1f} s, import went on after {resumed:.1f} s")
    assert hits, "Every kill came after the end: nothing was tried."


def _wait_until_resumed(product, batch, before, killed):
    """Wait for the batch to move or a worker to be at it: seconds since the kill."""
    while time.monotonic() - killed < RESUMED_SECONDS:
        now = product.batch(batch)
        (worker,) = product.sql(
            """SELECT count(*) AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.relation = 'mini_crm_batch_line'::regclass AND a.state <> 'idle'
                AND a.pid <> pg_backend_pid() AND a.datname = current_database()"""
        )
        if now != before or now["state"] == "done" or worker["n"]:
            return time.monotonic() - killed
        time.sleep(0.2)
    raise AssertionError(f"Not resumed within {RESUMED_SECONDS} s: {before}")


def _compare(product, disturbed):
    peace, war = (_by_customer(shop.ledger(product, branch)) for branch in (PEACE, WAR))
    assert sum(map(len, war.values())) == len(disturbed.purchases)
    assert war == peace
    calm, killed = (
        _by_customer(shop.figures(product, branch)) for branch in (PEACE, WAR)
    )
    assert killed.keys() == calm.keys()
    differing = [
        (key, calm[key], killed[key]) for key in calm if calm[key] != killed[key]
    ]
    print(f"{len(calm):,} customers compared, {len(differing)} differ")
    assert not differing, differing[:3]


def _by_customer(figures):
    """The same with keys that both branches share."""
    return {key.partition(":")[2]: value for key, value in figures.items()}
