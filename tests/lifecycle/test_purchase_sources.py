# ruff: noqa: T201 - what a test measures is printed
"""Sales comes, goes and comes back: purchases stay, none is doubled, nothing breaks."""

import json
import os
import time
from pathlib import Path

from products import fresh_product

MARK = "@@"
TELL = """
env["mini_crm.purchase.source"]._cron_pull()
env["mini_crm.queue"]._cron_process()
env.cr.commit()
env.cr.execute('''SELECT coalesce(jsonb_agg(jsonb_build_object(
    'source', source, 'document_id', document_id, 'reference', reference,
    'amount', amount, 'origin', origin, 'id', id) ORDER BY id), '[]')
    FROM mini_crm_purchase''')
ledger = env.cr.fetchone()[0]
buyer = env["res.partner"].search([("ref", "=", "BUYER")])
events = env["mini_crm.event"].search_count([("type", "=", "purchase_changed")])
print("@@" + __import__("json").dumps(
    {"ledger": ledger, "spent": buyer.total_spent, "corrections": events}))
"""
SELL = """
env["account.chart.template"].try_loading("generic_coa", env.company)
product = env["product.product"].create(
    {"name": "Advice", "type": "service", "invoice_policy": "order",
     "taxes_id": [(5, 0, 0)]})
buyer = env["res.partner"].search([("ref", "=", "BUYER")])
if not buyer:
    buyer = buyer.create({"name": "Buyer", "ref": "BUYER"})
orders = env["sale.order"].create([
    {"partner_id": buyer.id, "order_line": [
        (0, 0, {"product_id": product.id, "price_unit": price})]}
    for price in (100, 20, 3)])
orders.action_confirm()
(orders[0]._create_invoices()).action_post()
env.cr.commit()
"""
LATE = """
# A transaction that began before a pull and ends after it.
env["mini_crm.purchase.source"]._cron_pull()
late = env.registry.cursor()
late.execute("UPDATE sale_order SET amount_total = 21,"
             " write_date = now() AT TIME ZONE 'utc' WHERE amount_total = 20")
__import__("time").sleep(3)
orders.filtered(lambda o: o.amount_total == 3).order_line.price_unit = 4
env.cr.commit()
env["mini_crm.purchase.source"]._cron_pull()
env.cr.commit()
late.commit()
late.close()
"""
UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "sale")])
module.button_immediate_uninstall()
"""
TOUCH = """
env.cr.execute("UPDATE account_move SET write_date = now() AT TIME ZONE 'utc'")
env.cr.commit()
"""


def run(product, *arguments, stdin=None):
    """Run Odoo's command: its output; a failure shows the end of it."""
    began = time.monotonic()
    done = product.run("odoo", *arguments, "-d", product.db, "--no-http", stdin=stdin)
    print(f"odoo {arguments[0]}: {time.monotonic() - began:.0f} s")
    assert not done.returncode, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stdout


def tell(product, script=""):
    """Run a script in a shell, pull, and tell what the ledger holds then."""
    for line in run(product, "shell", stdin=script + TELL).splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise AssertionError("the shell told nothing")


def install(product):
    run(product, "--init=sale", "--stop-after-init", "--max-cron-threads=0")


def amounts(told):
    return sorted(line["amount"] for line in told["ledger"])


def test_sales_comes_goes_and_comes_back():
    with fresh_product(Path(os.environ["MINI_CRM_HOME"])) as product:
        product.stop()
        install(product)
        sold = tell(product, SELL + LATE)
        assert amounts(sold) == [4, 21, 100], "also what was committed late"
        assert sold["spent"] == 125
        assert sold["corrections"] == 2

        run(product, "shell", stdin=UNINSTALL)
        gone = tell(product, TOUCH)
        assert amounts(gone) == [4, 21, 100], "lines stay, the invoice does not count"
        assert gone["spent"] == 125
        assert gone["corrections"] == 2
        assert all(line["document_id"] < 0 for line in gone["ledger"])
        origins = [line["origin"] for line in gone["ledger"]]
        assert origins == [line["origin"] for line in sold["ledger"]]

        install(product)
        again = tell(product, SELL)
        assert amounts(again) == [3, 4, 20, 21, 100, 100], "ids come back, lines stay"
        assert again["spent"] == 248
        assert again["ledger"][:3] == gone["ledger"]
        ids = sorted(-line["document_id"] for line in gone["ledger"])
        assert sorted(line["document_id"] for line in again["ledger"][3:]) == ids

        product.start()
        read = product.rpc(
            "agent", "mini_crm.purchase", "search_read", [], ["source", "reference"]
        )
        assert [line["source"] for line in read] == ["sale.order"] * 6
