# ruff: noqa: T201 - what a test measures is printed
"""A real shop's files, cut to size, and what a product has made of them."""

import csv
import time
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import oracle
import raw_rows

CUSTOMERS = ("customer", "name")
PURCHASES = ("customer", "date", "amount", "currency", "quantity")


class Shop:
    """CDNOW or its first customers, with the keys of a branch.

    :param rows: lists of customers and purchases (dicts) as ``demo-data`` wrote them
    :param str branch: prefix of the customers' keys
    """

    def __init__(self, customers, purchases, branch):
        self.branch = branch
        self.customers = [
            {**row, "customer": branch + row["customer"]} for row in customers
        ]
        self.purchases = [
            {**row, "customer": branch + row["customer"]} for row in purchases
        ]

    def write(self, folder):
        """Write both files: (customers, purchases) paths."""
        folder.mkdir(parents=True, exist_ok=True)
        files = folder / "customers.csv", folder / "purchases.csv"
        write_csv(files[0], CUSTOMERS, self.customers)
        write_csv(files[1], PURCHASES, self.purchases)
        return files

    def ledger(self):
        """What the ledger must hold: {key: sorted (date, amount)}."""
        expected = defaultdict(list)
        for row in self.purchases:
            expected[row["customer"]].append((row["date"], Decimal(row["amount"])))
        return {key: sorted(lines) for key, lines in expected.items()}


def read_shop(product, folder, limit=None):
    """The shop's rows, of its first ``limit`` customers: (customers, purchases)."""
    done = product.run("demo-data", "cdnow", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    with open(folder / "customers.csv", encoding="utf-8", newline="") as file:
        customers = list(csv.DictReader(file))[:limit]
    keys = {row["customer"] for row in customers}
    with open(folder / "purchases.csv", encoding="utf-8", newline="") as file:
        purchases = [row for row in csv.DictReader(file) if row["customer"] in keys]
    return customers, purchases


def write_csv(path, header, rows):
    """Write dicts as CSV."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def import_and_wait(product, path, kind):
    """Import a file and wait for its end: the batch (dict), with its seconds."""
    began = time.monotonic()
    batch = product.import_file(path, kind, key="customer")
    ended = product.wait(batch)
    ended["id"], ended["seconds"] = batch, time.monotonic() - began
    rows = ended["total"]
    print(
        f"\n{kind}: {rows:,} rows in {ended['seconds']:.1f} s"
        f" ({rows / ended['seconds']:,.0f} a second): {ended['created']:,} new,"
        f" {ended['unchanged']:,} unchanged, {ended['failed']:,} failed"
    )
    assert ended["state"] == "done", ended
    return ended


def ledger(product, branch):
    """What the ledger holds of a branch: {key: sorted (date, amount)}."""
    rows = product.sql(
        f"""SELECT p.ref, l.date::date::text AS date, l.amount::text AS amount
        FROM mini_crm_purchase l JOIN res_partner p ON p.id = l.partner_id
        WHERE p.ref LIKE '{branch}%'"""
    )
    found = defaultdict(list)
    for row in rows:
        found[row["ref"]].append((row["date"], Decimal(row["amount"])))
    return {key: sorted(lines) for key, lines in found.items()}


def figures(product, branch):
    """Counters and results of a branch's customers: {key: dict}."""
    rows = product.sql(
        f"""SELECT p.ref, f.crm_score, f.score_parts, f.crm_health, f.journey_stage,
            f.total_purchases, f.total_spent, f.average_order_value,
            f.first_purchase_at, f.last_purchase_at, f.total_interactions,
            (SELECT count(*) FROM mini_crm_event e WHERE e.partner_id = p.id
                AND e.type = 'purchase_made') AS events
        FROM mini_crm_profile f JOIN res_partner p ON p.id = f.id
        WHERE p.ref LIKE '{branch}%'"""
    )
    return {row.pop("ref"): row for row in rows}


def recalculate(product):
    """Have everybody scored as of one moment: that moment (datetime, UTC)."""
    ended = product.wait(product.recalculate())
    assert ended["state"] == "done", ended
    print(f"recalculated {ended['done']:,} customers")
    return datetime.fromisoformat(ended["started_at"])


def judged(product, branch, now):
    """What the oracle says of a branch's customers: {key: dict}.

    It is told the raw facts: ledger, details of the contact, settings; no counter.
    """
    which = f"p.ref LIKE '{branch}%'"
    truth = raw_rows.judged(oracle.judge, product.sql, now, which)
    refs = product.sql(f"SELECT id, ref FROM res_partner p WHERE {which}")
    return {row["ref"]: truth[row["id"]] for row in refs}
