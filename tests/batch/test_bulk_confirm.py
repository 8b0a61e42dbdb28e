from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..factories import make_customer
from .bulk_case import BulkCase

WORKER = "odoo.addons.mini_crm.models.batch.mini_crm_batch"


@tagged("post_install", "-at_install")
class TestBulkConfirm(BulkCase):
    """Exactly what was shown is done, as the user, and never to the wrong people."""

    def apply_shown(self, shown, domain=None):
        return self.bulk.apply(
            "tag_add",
            domain or self.domain,
            {"tag_id": self.tag.id},
            shown["count"],
            shown["hash"],
        )

    def test_other_customers_than_those_shown_are_refused(self):
        domain = [("city", "=", "Bulk City")]
        self.partners[:3].city = "Bulk City"
        shown = self.bulk.preview("tag_add", domain, {"tag_id": self.tag.id})
        self.assertEqual((shown["count"], shown["changed"]), (3, 3))
        # as many, but others
        self.partners[0].city = False
        self.partners[4].city = "Bulk City"
        with self.assertRaisesRegex(UserError, "have changed"):
            self.apply_shown(shown, domain)
        self.partners[4].city = False
        self.partners[0].city = "Bulk City"
        self.assertTrue(self.apply_shown(shown, domain))

    def test_who_comes_after_the_start_is_not_changed(self):
        domain = [("city", "=", "Bulk City")]
        self.partners[:3].city = "Bulk City"
        batch = self.start_bulk("tag_add", {"tag_id": self.tag.id}, domain)
        self.partners[4].city = "Bulk City"
        self.work(batch)
        self.assertEqual(batch.updated, 3)
        self.assertFalse(self.partners[4].category_id)

    def test_own_users_and_companies_are_never_touched(self):
        staff = self.agent.partner_id | self.company.partner_id
        domain = [("id", "in", (staff | self.partners[:2]).ids)]
        for action, values in (
            ("tag_add", {"tag_id": self.tag.id}),
            ("field", {"field": "city", "value": "Qom"}),
            ("owner", {"user_id": self.manager.id}),
            ("archive", {}),
            ("delete", {}),
        ):
            with self.subTest(action):
                typed = len(staff) + 2 if action == "delete" else None
                batch = self.change(action, values, domain, typed)
                self.assertEqual(batch.skipped, len(staff))
                self.assertTrue(all(staff.mapped("active")))
                self.assertFalse(staff.category_id)
                if action == "archive":
                    self.take_back(batch)
        lines = batch.line_ids.filtered("message")
        self.assertEqual(set(lines.mapped("res_id")), set(staff.ids))

    def test_rules_for_writing_hold(self):
        self.env["ir.rule"].create(
            {
                "name": "Only some",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', 'not in', {self.partners[:2].ids})]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        self.assertEqual((batch.updated, batch.skipped), (5, 2))
        self.assertFalse(self.partners[:2].category_id)

    def test_other_companies_are_not_found(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.partners[0].company_id = company
        shown = self.bulk.preview("tag_add", self.domain, {"tag_id": self.tag.id})
        self.assertEqual(shown["count"], 6)

    def test_a_preview_writes_nothing(self):
        before = self.state_of_things()
        self.bulk.preview("delete", self.domain, {})
        self.assert_same(before)

    def test_it_stops_between_portions_and_that_much_is_undone(self):
        before = self.state_of_things()
        batch = self.start_bulk("tag_add", {"tag_id": self.tag.id})
        batch._as_user()._step(3)
        batch.with_user(self.manager).action_cancel()
        self.work(batch)
        self.assertEqual((batch.state, batch.updated), ("cancelled", 3))
        self.take_back(batch)
        self.assertEqual(batch.restored, 3)
        self.assert_same(before)

    def test_a_step_that_was_not_committed_is_done_again(self):
        batch = self.start_bulk("tag_add", {"tag_id": self.tag.id})
        batch._as_user()._step(3)
        savepoint = self.env.cr.savepoint()
        batch._as_user()._step(3)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.work(batch)
        self.assertEqual(self.counts(batch), {"updated": 7})

    def test_what_was_changed_since_is_kept_and_listed(self):
        batch = self.change("field", {"field": "city", "value": "Qom"})
        self.partners[0].city = "Tehran"
        self.partners[1].city = False  # as it was
        self.settle()
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (6, 1))
        self.assertEqual(self.partners[0].city, "Tehran")
        self.assertFalse(any(self.partners[1:].mapped("city")))
        kept = batch.line_ids.filtered(lambda line: line.state == "kept")
        self.assertEqual(kept.res_id, self.partners[0].id)
        self.assertIn("changed this since", kept.message)

    def test_an_undone_change_is_told_nowhere_and_counts_for_nothing(self):
        batch = self.change("field", {"field": "city", "value": "Qom"})
        one = self.partners[0]
        shown = one.with_user(self.agent).get_timeline(types=["field_updated"])
        self.assertEqual(len(shown["events"]), 1)
        found = [("event_ids", "any", [("type", "=", "field_updated")])]
        condition = self.env["mini_crm.condition"]
        owner, company = self.manager, self.company
        ids = condition._query(
            found, owner, company, SQL("SELECT %s", one.id)
        ).get_result_ids()
        self.assertEqual(tuple(ids), (one.id,))
        self.take_back(batch)
        shown = one.with_user(self.agent).get_timeline(types=["field_updated"])
        self.assertFalse(shown["events"])
        history = self.env["mini_crm.field.change"]
        self.assertFalse(history.search([("partner_id", "=", one.id)]))
        ids = condition._query(
            found, owner, company, SQL("SELECT %s", one.id)
        ).get_result_ids()
        self.assertFalse(tuple(ids))
        events = self.events(one, "field_updated")
        self.assertEqual(len(events), 2)
        self.assertEqual(events.undone_by, batch)

    def test_a_batch_is_undone_once_and_for_30_days(self):
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        self.assertTrue(batch.can_undo)
        with self.assertRaises(AccessError):
            batch.with_user(self.agent).undo()
        batch.finished_at = Datetime.subtract(Datetime.now(), days=31)
        self.assertFalse(batch.can_undo)
        with self.assertRaisesRegex(UserError, "30 days"):
            batch.with_user(self.manager).undo()
        batch.finished_at = Datetime.now()
        self.take_back(batch)
        with self.assertRaisesRegex(UserError, "already"):
            batch.with_user(self.manager).undo()

    @mute_logger(WORKER)
    def test_an_undo_that_an_error_stops_goes_on(self):
        before = self.state_of_things()
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        batch.with_user(self.manager).undo()
        batch._as_user()._step(3)
        batch._as_user()._set_failed("no disk")
        batch.with_user(self.manager).action_resume()
        self.assertEqual(batch.state, "undoing")
        self.work(batch)
        self.assertEqual((batch.state, batch.restored), ("undone", 7))
        self.assert_same(before)

    def test_a_customer_whom_the_database_refuses_is_listed(self):
        self.env.cr.execute(
            """ALTER TABLE res_partner ADD CONSTRAINT mini_crm_test_city
            CHECK (name <> 'Bulk 3' OR city IS NULL)"""
        )
        batch = self.start_bulk("field", {"field": "city", "value": "Qom"})
        with mute_logger("odoo.sql_db", WORKER), patch(f"{WORKER}.CHUNK_ROWS", 4):
            self.process()
        self.assertEqual(self.counts(batch), {"updated": 6, "failed": 1})
        self.assertIn("mini_crm_test_city", batch.line_ids.filtered("message").message)

    def test_an_undo_starts_no_workflow(self):
        starts = type(self.env["mini_crm.workflow"])
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        with patch.object(starts, "_enter") as entered:
            self.take_back(batch)
        entered.assert_not_called()

    def test_deleting_asks_for_the_number(self):
        shown = self.bulk.preview("delete", self.domain, {})
        self.assertTrue(shown["typed"])
        arguments = ("delete", self.domain, {}, shown["count"], shown["hash"])
        for typed in (None, "", "6", "yes"):
            with self.assertRaisesRegex(UserError, "type the number"):
                self.bulk.apply(*arguments, typed)
        self.assertTrue(self.bulk.apply(*arguments, " ۷ "))

    def test_nobody_is_no_bulk_change(self):
        with self.assertRaises(UserError):
            self.start_bulk("archive", domain=[("id", "=", 0)])

    def test_a_customer_who_is_gone_meanwhile_is_left_out(self):
        gone = make_customer(self.env)
        batch = self.start_bulk(
            "tag_add", {"tag_id": self.tag.id}, [("id", "=", gone.id)]
        )
        gone.unlink()
        self.work(batch)
        self.assertEqual(self.counts(batch), {"skipped": 1})
