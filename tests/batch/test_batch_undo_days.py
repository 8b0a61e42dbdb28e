from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchUndoDays(BatchCase):
    """The daily figures count nothing that an undo has taken back."""

    def undo(self, batch):
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(5000)
            self.env.flush_all()
            batch.invalidate_recordset()
        self.settle()
        self.assertEqual(batch.state, "undone", batch.error)

    def figures(self):
        days = self.env["mini_crm.journey.day"].search(
            [("company_id", "=", self.company.id), ("date", ">=", "2026-01-31")],
            order="date",
        )
        return [(one.purchases, one.revenue, one.active_customers) for one in days]

    def test_purchases_of_customers_who_are_deleted_leave_their_days(self):
        days = self.env["mini_crm.journey.day"]
        days.search([]).unlink()
        make_customer(self.env, ref="A1")
        rows = [["A1", "2026-01-31", "4"]]
        self.run_import("purchases", [["id", "date", "amount"], *rows])
        until = self.utc("2026-02-10 12:00:00")
        days._write_days(self.company, until)
        before = self.figures()
        self.assertEqual(before[0], (1, 4, 1))
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount"],
                ["B1", "2026-01-31", "5"],
                ["B2", "2026-02-03", "7"],
            ],
        )
        days.search([]).unlink()
        days._write_days(self.company, until)
        self.assertNotEqual(self.figures(), before)
        self.undo(batch)
        self.assertFalse(self.customer("B1") | self.customer("B2"))
        days.invalidate_model()
        self.assertEqual(self.figures(), before)
