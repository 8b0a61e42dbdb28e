from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..factories import make_purchase
from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestBulkBin(BulkCase):
    """Deleted customers: where they are, how they come back, when they are gone."""

    def setUp(self):
        super().setUp()
        self.before = self.state_of_things()
        self.batch = self.change("delete", typed=len(self.partners))
        self.visible = self.env(user=self.manager)["res.partner"]

    def inside(self):
        return self.visible.with_context(active_test=False).search(
            [("binned_at", "!=", False)]
        )

    def test_the_bin_is_the_only_place_that_shows_them(self):
        self.assertEqual(self.inside(), self.partners)
        self.assertFalse(any(self.partners.mapped("active")))
        self.assertFalse(self.visible.search(self.domain))
        archived = [*self.domain, ("active", "=", False)]
        self.assertFalse(self.visible.search(archived))
        self.assertEqual(set(self.partners.mapped("bin_days_left")), {30})

    def test_undo_takes_them_out(self):
        self.take_back(self.batch)
        self.assert_same(self.before)

    def test_one_and_many_are_put_back(self):
        self.partners[0].with_user(self.manager).action_put_back()
        self.assertTrue(self.partners[0].active)
        self.partners[1:].with_user(self.manager).action_put_back()
        self.assert_same(self.before)
        with self.assertRaises(UserError):
            self.partners.with_user(self.manager).action_put_back()
        with self.assertRaises(AccessError):
            self.partners.with_user(self.agent).action_put_back()

    def test_whoever_was_put_back_is_as_before_the_undo_already(self):
        self.partners[0].with_user(self.manager).action_put_back()
        self.take_back(self.batch)
        self.assertEqual(self.batch.kept, 0)
        self.assert_same(self.before)

    def test_who_buys_or_writes_comes_back(self):
        make_purchase(self.env, self.partners[0])
        self.partners[1]._log("message_received")
        self.settle()
        self.assertEqual(self.inside(), self.partners[2:])
        self.assertTrue(all(self.partners[:2].mapped("active")))

    def test_after_30_days_only_who_is_referred_to_stays(self):
        kept, gone = self.partners[0], self.partners[1:]
        self.env["mini_crm.purchase"].flush_model()
        purchase = make_purchase(self.env, self.partners[0])
        self.settle()
        self.assertTrue(purchase.exists())
        days_ago = fields.Datetime.subtract(fields.Datetime.now(), days=31)
        kept.write({"active": False, "binned_at": days_ago})
        gone[1:].binned_at = days_ago
        self.env.flush_all()
        self.env["res.partner"]._gc_bin()
        self.assertFalse(gone[1:].exists())
        self.assertTrue(gone[0].exists(), "his 30 days are not over")
        self.assertTrue(kept.exists())
        self.assertIn("Purchase", kept.bin_note)
        self.assertEqual(self.env["res.partner"]._gc_bin(), (0, 0))

    def test_an_administrator_empties_it_now(self):
        with self.assertRaises(AccessError):
            self.env(user=self.manager)["mini_crm.batch"].start_empty_bin()
        batch_id = self.env(user=self.admin)["mini_crm.batch"].start_empty_bin()
        batch = self.work(self.env["mini_crm.batch"].browse(batch_id), 100)
        self.assertEqual((batch.state, batch.updated), ("done", 7), batch.error)
        self.assertFalse(self.partners.exists())
        self.assertFalse(batch.can_undo)
        self.take_back(self.batch)
        self.assertEqual((self.batch.restored, self.batch.kept), (0, 7))

    def test_archived_is_not_in_the_bin(self):
        self.take_back(self.batch)
        self.change("archive")
        self.assertFalse(self.inside())
        archived = [*self.domain, ("active", "=", False)]
        self.assertEqual(self.visible.search(archived), self.partners)
