from odoo import fields
from odoo.tests import tagged

from ..batch.batch_case import BatchCase
from ..factories import make_customer
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateDeletion(DuplicateCase, BatchCase):
    """Who looks like somebody can be deleted like anybody else."""

    def compare(self):
        """The job, as it runs within the minute."""
        self.settle()
        with self.worker():
            self.env["mini_crm.duplicate.mark"]._cron_compare()

    def test_an_undone_import_deletes_whom_it_made_alike_or_not(self):
        known = make_customer(self.env, name="علی احمدی", phone="+989121234567")
        batch = self.run_import(
            "customers",
            [
                ["id", "name", "phone"],
                ["A1", "علی احمدی", "09121234567"],
                ["A2", "رضا کریمی", "09127654321"],
                ["A3", "رضا کریمی", "09127654321"],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 3})
        made = [self.customer(ref) for ref in ("A1", "A2", "A3")]
        self.compare()
        self.assertTrue(self.waiting(known, made[0]))
        self.found(*made[1:]).with_user(self.agent).action_not_duplicate()
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(5000)
            self.env.flush_all()
            batch.invalidate_recordset()
        self.assertEqual((batch.restored, batch.kept), (3, 0))
        self.assertFalse(any(customer.exists() for customer in made))
        self.assertFalse(self.pairs.search([]))

    def test_the_bin_deletes_who_looks_like_somebody(self):
        one, other = self.pair_up()
        self.compare()
        self.assertTrue(self.waiting(one, other))
        one.write(
            {
                "active": False,
                "binned_at": fields.Datetime.subtract(fields.Datetime.now(), days=31),
            }
        )
        self.compare()
        self.env["res.partner"]._gc_bin()
        self.assertFalse(one.exists())
        self.assertTrue(other.exists())
