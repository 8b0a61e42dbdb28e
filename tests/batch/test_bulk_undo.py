from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .bulk_case import BulkCase

WORKER = "odoo.addons.mini_crm.models.batch.mini_crm_batch"


@tagged("post_install", "-at_install")
class TestBulkUndo(BulkCase):
    """Undo: who may, what stops it, and what it leaves alone."""

    def other_company(self):
        """The manager has another company as well, and chooses both."""
        other = self.env["res.company"].create({"name": "Branch"})
        self.manager.company_ids |= other
        self.bulk = self.bulk.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        return other

    def test_a_manager_of_fewer_companies_uses_no_undo_up(self):
        self.other_company()
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        fewer = new_test_user(
            self.env, "fewer", "mini_crm.mini_crm_group_manager", name="Fewer"
        )
        with self.assertRaisesRegex(UserError, "Branch"):
            batch.with_user(fewer).undo()
        self.assertTrue(batch.can_undo)
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (7, 0))

    @mute_logger(WORKER)
    def test_who_loses_a_company_meanwhile_stops_it_and_another_goes_on(self):
        other = self.other_company()
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        batch.with_user(self.manager).undo()
        self.manager.company_ids -= other
        self.process()
        self.assertEqual((batch.state, batch.kept), ("failed", 0))
        with self.assertRaisesRegex(UserError, "Branch"):
            batch.with_user(self.manager).action_resume()
        admin = self.admin
        admin.company_ids |= other
        batch.with_user(admin).action_resume()
        self.work(batch)
        self.assertEqual((batch.state, batch.restored), ("undone", 7), batch.error)
        self.assertEqual(batch.undone_by_id, admin)

    @mute_logger(WORKER)
    def test_a_change_stops_as_well(self):
        other = self.other_company()
        batch = self.start_bulk("tag_add", {"tag_id": self.tag.id})
        self.manager.company_ids -= other
        self.process()
        self.assertEqual((batch.state, batch.failed), ("failed", 0))

    def test_a_task_that_somebody_has_worked_with_stays(self):
        batch = self.change("task", {"summary": "Call", "date": "2030-01-31"})
        tasks = [partner.activity_ids for partner in self.partners]
        tasks[0].user_id = self.agent
        tasks[1].note = "He prefers the evening"
        tasks[2].activity_type_id = self.env.ref("mail.mail_activity_data_call")
        tasks[3].date_deadline = "2030-02-01"
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (3, 4))
        self.assertEqual([len(task.exists()) for task in tasks], [1] * 4 + [0] * 3)

    def test_a_preview_makes_no_tag(self):
        tags = self.env["res.partner.category"]
        self.bulk.preview("tag_add", self.domain, {"tag_id": False, "tag": "Brand new"})
        self.assertFalse(tags.search([("name", "=", "Brand new")]))
        batch = self.change("tag_add", {"tag_id": False, "tag": "Brand new"})
        self.assertEqual(batch.updated, 7)
        self.assertEqual(self.partners.category_id.name, "Brand new")

    def test_a_tag_is_found_by_its_name_only(self):
        tags = self.env["res.partner.category"].create(
            [{"name": "100 percent"}, {"name": "gold"}, {"name": "Gold"}]
        )
        self.change("tag_add", {"tag": "100%"})
        self.assertEqual(self.partners.category_id.name, "100%")
        with self.assertRaises(UserError):
            self.bulk.preview("tag_remove", self.domain, {"tag": "____"})
        self.change("tag_add", {"tag": "Gold"})
        self.assertIn(tags[2], self.partners.category_id)
        self.assertNotIn(tags[1], self.partners.category_id)

    def test_rows_of_an_undo_that_has_stopped_are_kept(self):
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        batch.with_user(self.manager).undo()
        batch._as_user()._step(3)
        batch._as_user()._set_failed("no disk")
        ages_ago = Datetime.subtract(Datetime.now(), days=31)
        batch.finished_at = ages_ago
        self.env.flush_all()
        self.env["mini_crm.batch"]._gc_batches()
        self.assertEqual(len(batch.line_ids), 7)
        self.cr.execute(
            SQL(
                "UPDATE mini_crm_batch SET write_date = %s WHERE id = %s",
                ages_ago,
                batch.id,
            )
        )
        self.env["mini_crm.batch"]._gc_batches()
        self.assertFalse(batch.line_ids)

    def test_archived_customers_who_are_selected_are_found(self):
        self.partners[:2].active = False
        selected = [("id", "in", self.partners.ids), ("active", "in", [True, False])]
        shown = self.bulk.preview("unarchive", selected, {})
        self.assertEqual((shown["count"], shown["changed"]), (7, 2))

    def test_rows_that_are_kept_name_the_customer(self):
        batch = self.change("field", {"field": "city", "value": "Qom"})
        self.partners[2].city = "Rey"
        self.take_back(batch)
        batch = batch.with_user(self.manager)
        self.assertEqual(batch.told_count, 1)
        (row,) = batch.progress()["rows"]
        self.assertEqual((row["customer"], row["state"]), ("Bulk 2", "kept"))
        listed = self.env["mini_crm.batch.line"].with_user(self.manager)
        line = listed.search(batch.action_open_rows()["domain"])
        self.assertEqual(line.partner_id, self.partners[2])
        self.assertEqual(line.action_open_customer()["res_id"], line.partner_id.id)
        self.partners[2].company_id = self.env["res.company"].create({"name": "Else"})
        line.invalidate_recordset()
        self.assertFalse(line.partner_id, "he may not see him any more")
        self.assertFalse(line.action_open_customer())

    def test_a_row_that_the_database_refuses_is_still_left_alone(self):
        batch = self.change("field", {"field": "city", "value": "Qom"})
        self.env.cr.execute(
            """ALTER TABLE res_partner ADD CONSTRAINT mini_crm_test_city
            CHECK (name <> 'Bulk 3' OR city IS NOT NULL)"""
        )
        batch.with_user(self.manager).undo()
        with mute_logger("odoo.sql_db", WORKER), patch(f"{WORKER}.CHUNK_ROWS", 4):
            self.process()
        self.assertEqual((batch.restored, batch.kept), (6, 1), batch.error)
