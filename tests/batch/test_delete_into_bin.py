from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..factories import make_customer
from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestDeleteIntoBin(BulkCase):
    """What a person deletes on a form or in a list is in the bin, and comes back."""

    def delete(self, partners, user=None):
        self.settle()
        told = partners.with_user(user or self.agent).delete_into_bin()
        self.settle()
        return told

    def test_an_agent_deletes_into_the_bin_and_takes_it_back(self):
        self.partners[0].activity_schedule(
            "mail.mail_activity_data_todo", summary="Call"
        )
        before = self.state_of_things()
        told = self.delete(self.partners[:3])
        self.assertEqual(told["count"], 3)
        self.assertEqual(len(self.partners.exists()), 7)
        self.assertTrue(all(self.partners[:3].mapped("binned_at")))
        self.assertFalse(any(self.partners[:3].mapped("active")))
        self.assertTrue(self.partners[0].with_context(active_test=False).activity_ids)
        partners = self.env(user=self.agent)["res.partner"]
        self.assertEqual(partners.undo_delete(told["batch_id"]), 0)
        self.assert_same(before)
        with self.assertRaises(UserError):
            partners.undo_delete(told["batch_id"])

    def test_who_is_in_the_bin_already_stays_there(self):
        self.delete(self.partners[0])
        since = self.partners[0].binned_at
        self.assertEqual(self.delete(self.partners[0])["count"], 0)
        self.assertEqual(self.partners[0].binned_at, since)

    def test_contacts_of_users_and_companies_are_refused_with_all_others(self):
        for refused in (self.manager.partner_id, self.company.partner_id):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.delete(self.partners[0] | refused)
            self.env.invalidate_all()
            self.assertTrue(self.partners[0].active)

    def test_who_may_not_delete_may_not_delete_into_the_bin_either(self):
        user = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "reader",
                "group_ids": [self.env.ref("base.group_user").id],
            }
        )
        with self.assertRaises(AccessError):
            self.delete(self.partners[0], user)

    def test_an_agent_takes_back_nobody_elses_deletion(self):
        told = self.delete(self.partners[0], self.manager)
        partners = self.env(user=self.agent)["res.partner"]
        with self.assertRaises(AccessError):
            partners.undo_delete(told["batch_id"])
        other = self.change("archive", domain=[("id", "=", self.partners[1].id)])
        with self.assertRaises(UserError):
            partners.undo_delete(other.id)

    def test_other_apps_delete_as_ever(self):
        gone = make_customer(self.env, name="Gone")
        self.settle()
        gone.unlink()
        self.assertFalse(gone.exists())
