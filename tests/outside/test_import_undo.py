# ruff: noqa: T201 - what a test measures is printed
"""An import with bad and repeated rows, killed again and again, and taken back.

The same file is imported twice: in peace, and with kill -9 at random instants. Both
must end alike; and each undo, the second one killed as well, must bring back the first
state: a hash over all tables but those that architecture names.
"""

import random
import time

import shop
from table_hash import TABLES, differences, hash_query

ROWS, KILLS = 1_500, 2
FULL_ROWS, FULL_KILLS = 50_000, 10
BAD = REPEATED = 20  # each so manieth row
HEADER = ("customer", "name", "e-mail", "phone", "city", "tags", "source", "notes")


def test_a_killed_import_ends_like_an_undisturbed_one_and_can_be_taken_back(
    product, full, chance, tmp_path
):
    number = FULL_ROWS if full else ROWS
    path = tmp_path / "known.csv"
    shop.write_csv(path, HEADER, _rows(number // 5, "Known"))
    shop.import_and_wait(product, path, "customers")
    product.drain()
    first = _snapshot(product)

    path = tmp_path / "customers.csv"
    shop.write_csv(path, HEADER, _flawed(number))
    batch = product.import_file(path, "customers", key="customer")
    seconds = _wait(product, batch, "done")
    product.drain()
    peace = _outcome(product, batch)
    print(f"{number:,} rows in {seconds:.1f} s: {peace['states']}")
    _take_back(product, batch, first)

    dice, kills = random.Random(chance), FULL_KILLS if full else KILLS
    batch = product.import_file(path, "customers", key="customer")
    _kill(product, batch, dice, kills, seconds)
    _wait(product, batch, "done")
    product.drain()
    war = _outcome(product, batch)
    assert war == peace
    _take_back(product, batch, first, lambda s: _kill(product, batch, dice, kills, s))


def _rows(number, label):
    return [
        {
            "customer": f"U{n}",
            "name": f"{label} {n}",
            "e-mail": f"u{n}@example.com",
            "phone": f"+9891{n:08}",
            "city": ("Tehran", "Shiraz", "Yazd")[n % 3] if label != "Known" else "Qom",
            "tags": "Imported" if n % 7 == 0 and label != "Known" else "",
            "source": "A fair" if n % 5 == 0 and label != "Known" else "",
            "notes": "",
        }
        for n in range(number)
    ]


def _flawed(number):
    """Rows of which 5 % are bad and 5 % repeat an earlier one."""
    rows = _rows(number, "Shop")
    for n, row in enumerate(rows):
        if n % BAD == 3:
            row["e-mail"] = "nobody"
        elif n % REPEATED == 7:
            row["customer"] = f"U{n - 1}"
    return rows


def _snapshot(product):
    tables = [row["table_name"] for row in product.sql(TABLES)]
    return {table: product.sql(hash_query(table))[0]["hash"] for table in tables}


def _outcome(product, batch):
    """What became of the rows, and what the customers are."""
    states = product.sql(
        f"""SELECT state, count(*) AS n FROM mini_crm_batch_line
        WHERE batch_id = {batch} GROUP BY state ORDER BY state"""
    )
    customers = product.sql(
        """SELECT md5(string_agg(concat_ws('|', p.ref, p.name, p.email_normalized,
                p.phone_sanitized, p.city, s.name, p.active,
                (SELECT count(*) FROM res_partner_res_partner_category_rel r
                    WHERE r.partner_id = p.id),
                (SELECT count(*) FROM mini_crm_event e WHERE e.partner_id = p.id
                    AND e.type = 'customer_created' AND e.undone_by IS NULL)),
            E'\\n' ORDER BY p.ref)) AS hash, count(*) AS n
        FROM res_partner p LEFT JOIN utm_source s ON s.id = p.source_id
        WHERE p.ref LIKE 'U%'"""
    )
    return {"states": {row["state"]: row["n"] for row in states}, "all": customers}


def _take_back(product, batch, first, meanwhile=None):
    """Undo a batch: afterwards everything is as it was at first."""
    began = time.monotonic()
    product.undo(batch)
    if meanwhile:
        meanwhile(_take_back.seconds)
    _wait(product, batch, "undone")
    _take_back.seconds = time.monotonic() - began
    print(f"taken back in {_take_back.seconds:.1f} s")
    product.drain()
    (counts,) = product.sql(f"SELECT kept FROM mini_crm_batch WHERE id = {batch}")
    assert counts["kept"] == 0
    assert differences(first, _snapshot(product)) == []


def _wait(product, batch, wanted, seconds=900):
    """Wait until a batch is in a state: seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        now = product.batch(batch)
        if now["state"] in (wanted, "failed"):
            assert now["state"] == wanted, now
            return time.monotonic() - began
        time.sleep(0.3)
    raise AssertionError(f"Not {wanted} within {seconds} s: {now}")


def _kill(product, batch, dice, kills, seconds):
    """Kill Odoo at random instants of the work."""
    hits = 0
    for number in range(1, kills + 1):
        time.sleep(dice.uniform(0, 0.6 * seconds / (number + 1)))
        state = product.batch(batch)["state"]
        hits += state in ("running", "undoing")
        product.kill()
        product.wait_until_healthy()
        print(f"kill {number}: while {state}")
    assert hits, "Every kill came after the end: nothing was tried."
