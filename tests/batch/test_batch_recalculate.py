from odoo.tests import tagged
from odoo.tools import SQL

from ..factories import make_customer, make_purchase
from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchRecalculate(BatchCase):
    def test_every_customer_is_counted_and_scored_anew(self):
        customers = [make_customer(self.env) for _ in range(5)]
        make_purchase(self.env, customers[0])
        self.settle()
        score = customers[0].crm_score
        everybody = self.env["mini_crm.profile"].search_count([])
        self.env.cr.execute(
            SQL("UPDATE mini_crm_profile SET crm_score = 99, total_purchases = 77")
        )
        self.env.invalidate_all()
        batch_id = self.batches.start_recalculation()
        batch = self.work(self.env["mini_crm.batch"].browse(batch_id), limit=2)
        self.assertEqual(batch.state, "done")
        self.assertEqual((batch.done, batch.total), (everybody, everybody))
        self.assertEqual(customers[0].crm_score, score)
        self.assertEqual(customers[0].total_purchases, 1)
        self.assertEqual(customers[1].total_purchases, 0)
        self.assertEqual(batch.with_user(self.manager).progress()["percent"], 100)
