import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.export import mini_crm_export_start
from ..factories import make_customer
from .export_case import ExportCase


@tagged("post_install", "-at_install")
class TestExportBackground(ExportCase):
    """Large exports: by the worker, with progress, kept for a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].browse()
        for number in range(3):
            cls.customers |= make_customer(cls.env, name=f"Customer {number}")
        cls.only = [["id", "in", cls.customers.ids]]
        cls.startClassPatcher(patch.object(mini_crm_export_start, "AT_ONCE", 1))

    def export(self, file_format="csv", **choices):
        return self.ask(file_format, domain=self.only, columns=["name"], **choices)

    def attachment(self, export):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", export._name),
                ("res_field", "=", "file_data"),
                ("res_id", "=", export.id),
            ]
        )

    def test_the_worker_makes_the_file_and_keeps_it_for_a_day(self):
        export = self.export()
        self.assertEqual(export.progress()["state"], "running")
        self.assertFalse(export.progress()["url"])
        self.work(export.sudo().batch_id)
        progress = export.progress()
        self.assertEqual((progress["state"], progress["count"]), ("done", 3))
        self.assertTrue(progress["url"])
        attachment = self.attachment(export)
        text = attachment.raw.decode("utf-8-sig")
        self.assertEqual(len(text.splitlines()), 4)
        self.assertEqual(
            attachment.checksum, attachment._compute_checksum(attachment.raw)
        )
        self.assertEqual(attachment.file_size, len(attachment.raw))
        self.assertFalse(attachment.public)
        kept = export.expires_at - fields.Datetime.now()
        self.assertLess(abs(kept - timedelta(hours=24)), timedelta(minutes=1))

    def test_the_same_content_twice_is_kept_twice(self):
        exports = [self.export(), self.export()]
        for export in exports:
            self.work(export.sudo().batch_id)
        self.assertEqual(len({*(self.attachment(e).id for e in exports)}), 2)

    def test_a_database_that_keeps_files_itself_keeps_this_one(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        export = self.export()
        self.work(export.sudo().batch_id)
        self.assertEqual(len(self.attachment(export).raw.splitlines()), 4)

    def test_only_who_asked_and_administrators_get_the_kept_file(self):
        export = self.export()
        self.work(export.sudo().batch_id)
        attachment = self.attachment(export)
        for user in (self.manager, self.admin):
            self.assertTrue(base64.b64decode(attachment.with_user(user).datas))
        with self.assertRaises(AccessError):
            attachment.with_user(self.agent).check_access("read")
        allowed = self.env.ref("base.group_allow_export")
        self.agent.group_ids += allowed
        with self.assertRaises(AccessError):
            attachment.with_user(self.agent).check_access("read")

    def test_a_file_is_deleted_when_its_day_is_over_and_the_record_stays(self):
        export = self.export()
        self.work(export.sudo().batch_id)
        export.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(export.can_download)
        self.env["mini_crm.export.log"]._gc_files()
        self.assertFalse(self.attachment(export))
        self.assertEqual(export.state, "expired")

    def test_an_error_is_told_and_the_file_can_be_made_again(self):
        export = self.export()
        batch = export.sudo().batch_id
        batch._as_user()._blame(ValueError("no space"))
        self.assertEqual(export.state, "failed")
        self.assertIn("no space", export.progress()["error"])
        self.assertFalse(export.progress()["url"])
        self.assertEqual(export.action_again()["state"], "running")
        self.work(batch)
        self.assertEqual(export.state, "done")

    def test_a_wish_to_cancel_leaves_no_file(self):
        export = self.export()
        export.action_cancel()
        self.work(export.sudo().batch_id)
        self.assertEqual(export.state, "cancelled")
        self.assertFalse(self.attachment(export))

    def test_every_format_can_be_made_in_the_background(self):
        for file_format in ("xlsx", "csv_import", "json"):
            export = self.export(file_format)
            self.work(export.sudo().batch_id)
            self.assertEqual((export.state, export.count), ("done", 3))
            self.assertTrue(self.attachment(export).raw)
