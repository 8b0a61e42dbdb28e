from contextlib import closing
from unittest.mock import patch

import psycopg2

from odoo.fields import Command
from odoo.sql_db import connection_info_for
from odoo.tests import tagged

from ...models.purchase import mini_crm_purchase_source_pull
from ..factories import make_customer
from .sources_case import SourcesCase

# The same sums as the ledger, written without it. No invoice here is of an order.
EXPECTED = """
    WITH documents AS (
        SELECT partner_id, currency_id, amount_total FROM sale_order
        WHERE state = 'sale'
        UNION ALL
        SELECT o.partner_id, c.currency_id, o.amount_total
        FROM pos_order o JOIN pos_config c ON c.id = o.config_id
        WHERE o.state IN ('paid', 'done') AND o.partner_id IS NOT NULL
        UNION ALL
        SELECT partner_id, currency_id, amount_total_in_currency_signed
        FROM account_move WHERE state = 'posted'
            AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            AND id NOT IN (SELECT m.move_id FROM account_move_line m
                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = m.id)
    )
    SELECT partner_id, currency_id, count(*), sum(round(amount_total, 2))
    FROM documents GROUP BY 1, 2 ORDER BY 1, 2"""
LEDGER = """
    SELECT partner_id, currency_id, count(*), sum(amount)
    FROM mini_crm_purchase GROUP BY 1, 2 ORDER BY 1, 2"""


@tagged("mini_crm_sources", "post_install", "-at_install")
class TestSourcesThousand(SourcesCase):
    """1,000 documents of all kinds, in chunks, against sums of the documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [make_customer(cls.env) for _number in range(20)]

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(mini_crm_purchase_source_pull, "CHUNK", 100))

    def rows(self, query):
        self.env.flush_all()
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def make_sales(self, number):
        """Orders in two currencies: 1 of 10 cancelled, 1 of 10 a quotation."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customers[n % 20].id,
                    "pricelist_id": self.pricelists[
                        self.foreign if n % 3 else self.own
                    ].id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "price_unit": 3.33 * n}
                        )
                    ],
                }
                for n in range(number)
            ]
        )
        sold = orders.filtered(lambda o: o.id % 10)
        sold.action_confirm()
        sold.filtered(lambda o: o.id % 10 == 1)._action_cancel()
        return sold.filtered(lambda o: o.state == "sale")

    def make_till(self, number):
        """Orders of two tills, every fifth a refund, every seventh of nobody."""
        tills = [self.session(), self.session(self.foreign)]
        values = []
        for n in range(number):
            price = (1 + n) * (-1 if n % 5 == 0 else 1)
            customer = self.customers[n % 20] if n % 7 else None
            till = tills[n % 2]
            values.append(
                {**self.till_values(till, price, customer=customer), "state": "paid"}
            )
        return self.env["pos.order"].create(values)

    def make_invoices(self, number):
        """Invoices and credit notes in two currencies; every sixth is a draft."""
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice" if n % 4 else "out_refund",
                    "partner_id": self.customers[n % 20].id,
                    "currency_id": (self.own if n % 2 else self.foreign).id,
                    "invoice_date": "2026-03-04",
                    "invoice_line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "price_unit": 1.11 + n}
                        )
                    ],
                }
                for n in range(number)
            ]
        )
        moves[::6].state = "draft"
        (moves - moves[::6]).action_post()
        return moves

    def spoil_statistics(self):
        """Let the planner think that the tables are empty, as autovacuum does when it
        comes while their first rows are being written."""
        self.env.flush_all()
        _name, where = connection_info_for(self.env.cr.dbname)
        with closing(psycopg2.connect(**where)) as other:
            other.autocommit = True
            other.cursor().execute("VACUUM (TRUNCATE FALSE, ANALYZE)")

    def test_ledger_equals_the_documents_and_stays_so(self):
        sold = self.make_sales(450)
        till = self.make_till(400)
        self.make_invoices(150)
        self.spoil_statistics()
        self.pull()
        self.assertEqual(self.rows(LEDGER), self.rows(EXPECTED))
        self.assertGreater(sum(row[2] for row in self.rows(LEDGER)), 800)
        version = "SELECT array_agg((id, xmin, ctid)::text ORDER BY id) FROM "
        before = self.rows(version + "mini_crm_purchase")
        self.pull()
        self.assertEqual(self.rows(version + "mini_crm_purchase"), before)

        sold[0].order_line.price_unit = 1000
        sold[1]._action_cancel()
        sold[2].partner_id = self.customers[7]
        sold[3]._action_cancel()
        sold[3].unlink()
        till[1].partner_id = False
        self.pull()
        self.assertEqual(self.rows(LEDGER), self.rows(EXPECTED))
        spent = """SELECT pr.id, round(pr.total_spent::numeric, 2)
            - round((SELECT sum(l.amount_company) FROM mini_crm_purchase l
                WHERE l.partner_id = pr.id), 2)
            FROM mini_crm_profile pr WHERE pr.id = ANY(ARRAY%s)"""
        ids = [customer.id for customer in self.customers]
        figures = self.rows(spent % ids)
        self.assertEqual(figures, [(figure[0], 0) for figure in figures])
        self.assertEqual(len(figures), 20)

    def test_pull_that_was_broken_off_goes_on_where_it_was(self):
        self.make_sales(150)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as commit:
            commit.return_value = 0
            self.states._cron_pull()
        state = self.states._by_name()["sale.order"]
        self.assertEqual((state.done, state.total), (100, 150))
        self.assertIn("100 of 150", self.states._result_text())
        self.pull()
        self.assertEqual(self.rows(LEDGER), self.rows(EXPECTED))
        self.assertEqual(state.done, 150)

    def test_chunk_takes_the_same_number_of_queries_whatever_its_size(self):
        def queries(number):
            self.make_sales(number)
            self.pull()
            self.states._by_name()["sale.order"]._restart()
            self.rows("DELETE FROM mini_crm_purchase RETURNING id")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.states._cron_pull()
            return self.env.cr.sql_log_count - before

        queries(10)
        few = queries(10)
        self.assertEqual(queries(60), few)
