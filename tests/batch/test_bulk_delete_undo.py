from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestBulkDeleteUndo(BulkCase):
    """What a person deletes on a form or in a list is in the bin, and comes back."""

    def delete(self, partners, user=None):
        self.settle()
        told = partners.with_user(user or self.agent)._delete_by_hand()
        self.settle()
        return told

    def undo(self, told, user=None):
        partners = self.env(user=user or self.agent)["res.partner"]
        kept = partners.undo_delete(told["undo"])
        self.settle()
        return kept

    def test_an_agent_takes_back_what_he_has_deleted(self):
        self.partners[0].active = False
        self.settle()
        before = self.state_of_things()
        told = self.delete(self.partners[:3])
        self.assertEqual((told["count"], told["name"]), (3, ""))
        self.assertTrue(all(self.partners[:3].mapped("binned_at")))
        self.assertEqual(self.undo(told), 0)
        self.assert_same(before)
        self.assertFalse(self.partners[0].active, "he was archived before")
        self.assertEqual(self.undo(told), 3, "they are no longer in the bin")

    def test_one_is_told_by_name_and_who_was_there_before_is_not_told(self):
        told = self.delete(self.partners[0])
        self.assertEqual((told["count"], told["name"]), (1, self.partners[0].name))
        self.assertFalse(self.delete(self.partners[0])["count"])

    def test_who_came_back_or_was_deleted_again_stays_as_he_is(self):
        told = self.delete(self.partners[:3])
        self.partners[:2].with_user(self.manager).action_put_back()
        self.partners[1].write({"active": False, "binned_at": "2026-01-01"})
        self.assertEqual(self.undo(told), 2)
        self.assertEqual(self.partners[:3].mapped("active"), [True, False, True])

    def test_nobody_takes_back_what_another_has_deleted_or_nobody(self):
        told = self.delete(self.partners[0], self.manager)
        forged = told["undo"][:-4] + "AAAA"
        for undo in (told["undo"], forged, "", "%", "ü", False):
            with self.assertRaises(UserError):
                self.undo({"undo": undo})
        self.assertFalse(self.partners[0].active)
        self.assertEqual(self.undo(told, self.manager), 0)

    def test_who_may_not_delete_any_more_undoes_nothing(self):
        told = self.delete(self.partners[0])
        self.agent.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.undo(told)
        self.assertFalse(self.partners[0].active)
