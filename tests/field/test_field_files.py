import json

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestFieldFiles(HttpCase):
    """Labels in what leaves and enters by files, and in what browsers keep."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        cls.definition = cls.env["mini_crm.field"].create(
            {
                "name": "Shoe size",
                "key": "shoe_size_of_files",
                "type": "text",
                "slot": "custom_text_30",
            }
        )
        cls.definition.with_context(lang="fa_IR").name = "سایز کفش"
        cls.user = new_test_user(
            cls.env,
            "file_user",
            "mini_crm.mini_crm_group_agent,base.group_allow_export",
            lang="fa_IR",
        )

    def call(self, path, **params):
        response = self.url_open(path, json={"params": params})
        return response.json()["result"]

    def offered(self):
        """Fields that the export dialog offers: {name: label}."""
        rows = self.call(
            "/web/export/get_fields",
            model="res.partner",
            domain=[],
            import_compat=False,
        )
        return {row["id"]: row["string"] for row in rows}

    def test_export_is_headed_by_the_label_in_the_users_language(self):
        customer = make_customer(self.env, custom_text_30="42")
        self.authenticate("file_user", "file_user")
        label = self.offered()["custom_text_30"]
        self.assertEqual(label, "سایز کفش")
        data = {
            "model": "res.partner",
            "fields": [{"name": "custom_text_30", "label": label, "type": "char"}],
            "ids": [customer.id],
            "domain": [],
            "import_compat": False,
            "context": {"lang": "fa_IR"},
        }
        form = {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        response = self.url_open("/web/export/csv", data=form)
        header, row = response.content.decode("utf-8-sig").splitlines()
        self.assertEqual(header.strip('"'), "سایز کفش")
        self.assertEqual(row.strip('"'), "42")

    def test_export_offers_no_archived_field(self):
        self.definition.active = False
        self.authenticate("file_user", "file_user")
        self.assertNotIn("custom_text_30", self.offered())

    def test_import_finds_the_column_by_its_label(self):
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file": "نام,سایز کفش\nSara,42\n".encode(),
                "file_name": "customers.csv",
                "file_type": "text/csv",
            }
        )
        preview = wizard.with_context(lang="fa_IR").parse_preview(
            {"quoting": '"', "separator": ",", "has_headers": True}
        )
        self.assertEqual(preview["matches"][1], ["custom_text_30"])

    def test_browser_forgets_old_labels_when_definitions_change(self):
        self.authenticate("file_user", "file_user")
        path = "/web/session/get_session_info"
        before = self.call(path)["registry_hash"]
        self.assertEqual(self.call(path)["registry_hash"], before)
        self.definition.name = "Hat size"
        self.env.flush_all()
        self.assertNotEqual(self.call(path)["registry_hash"], before)
