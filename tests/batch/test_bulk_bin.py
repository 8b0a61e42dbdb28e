from unittest.mock import patch

from psycopg2.errors import CheckViolation, SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..factories import make_customer, make_purchase
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

    def test_delete_of_one_who_may_puts_contacts_into_the_bin(self):
        one = make_customer(self.env, name="Deleted by hand")
        task = one.activity_schedule("mail.mail_activity_data_todo")
        one.with_user(self.manager)._delete_by_hand()
        self.assertIn(one, self.inside())
        self.assertTrue(task.exists(), "nothing would bring it back")
        when = one.binned_at
        one.with_user(self.manager)._delete_by_hand()
        self.assertEqual(one.binned_at, when, "he is there already")
        one.with_user(self.manager).action_put_back()
        self.assertTrue(one.active)

    def test_delete_refuses_users_and_who_may_not_delete(self):
        login = self.agent.partner_id
        with self.assertRaises(UserError):
            login.with_user(self.manager)._delete_by_hand()
        self.assertTrue(login.active)
        one = make_customer(self.env, name="Not his to delete")
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "bin-portal",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaises(AccessError):
            one.with_user(portal)._delete_by_hand()
        self.assertTrue(one.active)

    def test_what_another_program_deletes_is_gone(self):
        one = make_customer(self.env, name="Deleted by a program")
        one.unlink()
        self.assertFalse(one.exists())

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

    def test_who_left_by_another_door_is_not_deleted_when_archived_later(self):
        back = self.partners[:4]
        back[0].with_user(self.manager).action_unarchive()
        back[1].with_user(self.manager).write({"active": True})
        self.env["res.users"].create(
            {"name": "In", "login": "in", "partner_id": back[2].id}
        )
        back[2].active = True
        domain = [("id", "in", back.ids), ("active", "in", [True, False])]
        self.change("archive", domain=[*domain, ("id", "in", back[:2].ids)])
        self.assertFalse(any(back[:3].mapped("binned_at")))
        self.env.flush_all()
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE res_partner SET active = TRUE WHERE id = %s", [back[3].id]
            )

    def test_undoing_an_archiving_takes_nobody_out_of_the_bin(self):
        self.take_back(self.batch)
        archived = self.change("archive")
        everybody = [*self.domain, ("active", "in", [True, False])]
        deleted = self.change(
            "delete", domain=[*everybody, ("id", "in", self.partners[:2].ids)], typed=2
        )
        self.take_back(archived)
        self.assertEqual((archived.restored, archived.kept), (5, 2))
        self.assertEqual(self.inside(), self.partners[:2])
        self.take_back(deleted)
        self.assertFalse(any(self.partners[:2].mapped("active")))

    def old(self, *partners):
        """Contacts who have been in the bin for 31 days."""
        found = self.env["res.partner"].concat(*partners)
        days_ago = fields.Datetime.subtract(fields.Datetime.now(), days=31)
        found.write({"active": False, "binned_at": days_ago})
        self.env.flush_all()
        return found

    def test_the_company_of_somebody_who_stays_is_not_deleted(self):
        company, empty = (
            make_customer(self.env, name=name, is_company=True) for name in "AB"
        )
        joe, ann, tom = (
            make_customer(self.env, name=name, parent_id=parent.id)
            for name, parent in (("Joe", company), ("Ann", company), ("Tom", empty))
        )
        make_purchase(self.env, joe)
        self.settle()
        self.old(company, empty, joe, ann, tom)
        self.env["res.partner"]._gc_bin()
        self.assertTrue(company.exists() and joe.exists())
        self.assertEqual(joe.parent_id, company)
        self.assertTrue(company.bin_note)
        self.assertFalse((empty | ann | tom).exists())

    def test_what_another_app_objects_to_is_told_in_words(self):
        company = make_customer(self.env, name="A", is_company=True)
        joe = make_customer(self.env, name="Joe", parent_id=company.id)
        other = make_customer(self.env, name="Ann")
        self.old(company, joe, other)
        partners = type(self.env["res.partner"])
        unlink = partners.unlink

        def refuse(self):
            if self.name == "Joe":
                raise ValueError("NoneType has no attribute 'x'")
            if self.name == "Ann":
                raise UserError("Ann is needed.")
            return unlink(self)

        with (
            patch.object(partners, "unlink", refuse),
            mute_logger("odoo.addons.mini_crm.models.batch.res_partner_bin"),
        ):
            self.env["res.partner"]._gc_bin()
        self.assertEqual(joe.bin_note, "Another app does not let him be deleted.")
        self.assertEqual(other.bin_note, "Ann is needed.")
        self.assertIn("Contact", company.bin_note)

    def test_a_conflict_keeps_nobody_and_is_tried_again(self):
        joe = self.old(make_customer(self.env))
        partners = type(self.env["res.partner"])
        with (
            patch.object(partners, "unlink", side_effect=SerializationFailure()),
            self.assertRaises(SerializationFailure),
        ):
            self.env["res.partner"]._gc_bin()
        self.assertFalse(joe.bin_note)
