# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo while everybody is compared: it goes on and finds the same pairs."""

import random
import time

import shop

CUSTOMERS, KILLS = 4_000, 2
FULL_CUSTOMERS, FULL_KILLS = 100_000, 5


def test_a_killed_search_goes_on_and_finds_the_same_pairs(
    product, full, chance, tmp_path
):
    customers = FULL_CUSTOMERS if full else CUSTOMERS
    _import(product, customers, random.Random(chance), tmp_path / "twice.csv")
    product.drain()

    began = time.monotonic()
    assert product.wait(product.find_duplicates())["state"] == "done"
    seconds = time.monotonic() - began
    peace = product.duplicates()
    print(f"{customers:,} customers in {seconds:.1f} s, {len(peace):,} pairs")
    assert len(peace) > 0.04 * customers

    luck, hits = random.Random(chance), 0
    batch = product.find_duplicates()
    for number in range(1, (FULL_KILLS if full else KILLS) + 1):
        time.sleep(luck.uniform(0, 0.5 * seconds / number))
        before = product.batch(batch)
        product.kill()
        hits += before["state"] == "running"
        print(f"kill {number}: {before['state']}, {before['done']:,} done")
        product.wait_until_healthy()
    assert hits, "Every kill came after the end: nothing was tried."
    ended = product.wait(batch)
    assert (ended["state"], ended["done"]) == ("done", ended["total"]), ended
    assert product.duplicates() == peace


def _import(product, count, luck, path):
    """Import customers of whom one in ten is there twice, with a slip."""
    rows = []
    for number in range(count):
        name = f"{_word(luck)} {_word(luck)}"
        phone = f"+98912{luck.randrange(10**7):07d}"
        rows.append({"customer": f"DUP:{number}", "name": name, "phone": phone})
        if number % 10 == 0:
            key = f"DUP:{number}:again"
            rows.append({"customer": key, "name": name[:-1], "phone": phone})
    shop.write_csv(path, ("customer", "name", "phone"), rows)
    shop.import_and_wait(product, path, "customers")


def _word(luck):
    return "".join(luck.choice("abcdefghiklmnoprstuvz") for _n in range(7)).title()
