from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ...models.export import mini_crm_export_start
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestExportFetch(HttpCase):
    """The address of a file: of whom it is, and what is sent."""

    def setUp(self):
        super().setUp()
        self.users = {
            name: new_test_user(
                self.env, f"fetch_{name}", f"mini_crm.mini_crm_group_{role}"
            )
            for name, role in (
                ("owner", "manager"),
                ("other", "manager"),
                ("agent", "agent"),
                ("admin", "admin"),
            )
        }
        self.customer = make_customer(self.env, name="Sara Ahmadi")

    def ask(self, file_format="csv", **choices):
        log = self.env(user=self.users["owner"])["mini_crm.export.log"]
        choices = {"ids": self.customer.ids, **choices}
        return log.browse(log.start_export(file_format, **choices)["id"])

    def fetch(self, export, name):
        user = self.users[name]
        self.authenticate(user.login, user.login)
        return self.url_open(f"/mini_crm/export/{export.id}")

    def test_a_small_file_comes_at_once(self):
        for file_format, begin in (
            ("csv", b"\xef\xbb\xbf"),
            ("csv_import", b"ref,"),
            ("xlsx", b"PK"),
            ("json", b"{"),
        ):
            export = self.ask(file_format)
            answer = self.fetch(export, "owner")
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(answer.content.startswith(begin))
            self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            export.invalidate_recordset()
            self.assertEqual((export.state, export.count), ("done", 1))
            self.assertEqual(export.downloads, 1)

    def test_nobody_else_gets_a_file_that_is_made_now(self):
        export = self.ask()
        for name in ("other", "agent", "admin"):
            answer = self.fetch(export, name)
            self.assertEqual(answer.status_code, 403)
            self.assertNotIn(b"Sara", answer.content)

    def test_a_kept_file_is_for_who_asked_and_for_administrators(self):
        with patch.object(mini_crm_export_start, "AT_ONCE", 0):
            export = self.ask()
        batch = export.sudo().batch_id
        batch._as_user()._step(5000)
        self.env.flush_all()
        got = {name: self.fetch(export, name) for name in self.users}
        self.assertEqual(
            {name for name, answer in got.items() if answer.status_code == 200},
            {"owner", "admin"},
        )
        self.assertIn(b"Sara", got["owner"].content)
        self.assertIn("attachment", got["owner"].headers["Content-Disposition"])
        for name in ("other", "agent"):
            self.assertNotIn(b"Sara", got[name].content)

    def test_a_file_with_customers_of_a_company_is_not_for_who_is_not_in_it(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        owner = self.users["owner"]
        owner.company_ids += company
        make_customer(self.env, name="Theirs", company_id=company.id)
        self.env.flush_all()
        log = self.env["mini_crm.export.log"].with_user(owner)
        log = log.with_context(allowed_company_ids=owner.company_ids.ids)
        with patch.object(mini_crm_export_start, "AT_ONCE", 0):
            export = log.browse(log.start_export("csv")["id"])
        export.sudo().batch_id._as_user()._step(5000)
        self.env.flush_all()
        admin = self.users["admin"]
        kept = f"/web/content/mini_crm.export.log/{export.id}/file_data"
        self.assertIn(b"Theirs", self.fetch(export, "owner").content)
        self.assertEqual(self.fetch(export, "admin").status_code, 403)
        self.assertNotIn(b"Theirs", self.url_open(kept).content)
        told = export.with_user(admin).with_context(allowed_company_ids=None).sudo()
        self.assertFalse(told.can_download)
        admin.company_ids += company
        self.assertIn(b"Theirs", self.fetch(export, "admin").content)
        self.assertIn(b"Theirs", self.url_open(kept).content)
        owner.company_ids -= company
        self.assertEqual(self.fetch(export, "owner").status_code, 403)

    def test_a_file_that_is_over_is_not_made_again(self):
        export = self.ask()
        export.sudo().expires_at = "2020-01-01 00:00:00"
        answer = self.fetch(export, "owner")
        self.assertEqual(answer.status_code, 410)
        self.assertIn("Export it again", answer.text)

    def test_nothing_is_there_under_a_number_that_is_none(self):
        self.authenticate("fetch_owner", "fetch_owner")
        self.assertEqual(self.url_open("/mini_crm/export/99999999").status_code, 410)
