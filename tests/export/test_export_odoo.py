import csv
import io
import json
import zipfile

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer
from .export_case import FORMULAS


@tagged("post_install", "-at_install")
class TestExportOdoo(HttpCase):
    """Odoo's own Export button: no formula of contacts, and phones come back."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env,
            "export_manager",
            "mini_crm.mini_crm_group_manager,base.group_system",
            password="export_manager",
        )
        self.authenticate("export_manager", "export_manager")

    def fetch(self, kind, model, ids, names, **more):
        data = {
            "model": model,
            "fields": [{"name": n, "label": n, "type": "char"} for n in names],
            "ids": ids,
            "domain": [],
            "import_compat": False,
            "context": {},
            **more,
        }
        answer = self.url_open(
            f"/web/export/{kind}",
            data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
        )
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def contacts(self):
        contacts = self.env["res.partner"]
        for text in FORMULAS:
            contacts |= make_customer(self.env, name="x", city=text)
        return contacts

    def test_a_csv_of_contacts_has_no_formula_and_phones_as_they_are(self):
        contacts = self.contacts()
        contacts[0].phone = "+98 912 123 4567"
        self.env.flush_all()
        content = self.fetch("csv", "res.partner", contacts.ids, ["city", "phone"])
        rows = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
        self.assertEqual(len(rows), len(contacts))
        cells = [cell for row in rows for cell in row if cell]
        self.assertFalse([c for c in cells if c[0] in "=-@\t\r\n"])
        self.assertEqual([c for c in cells if c[0] == "+"], ["+98 912 123 4567"])

    def test_a_sheet_of_contacts_has_no_formula_and_no_link(self):
        contacts = self.contacts()
        contacts |= make_customer(self.env, name="x", city="http://x.example")
        content = self.fetch("xlsx", "res.partner", contacts.ids, ["city"])
        self.check_sheet(content)
        cells = [row[0].value for row in load_workbook(io.BytesIO(content)).active]
        self.assertIn("=1+1", cells)

    def check_sheet(self, content):
        files = zipfile.ZipFile(io.BytesIO(content))
        xml = files.read("xl/worksheets/sheet1.xml")
        self.assertNotIn(b"<f>", xml)
        self.assertNotIn(b"hyperlink", xml)

    def test_a_grouped_sheet_of_contacts_has_no_formula(self):
        contacts = self.contacts()
        content = self.fetch(
            "xlsx", "res.partner", contacts.ids, ["city", "name"], groupby=["city"]
        )
        self.check_sheet(content)

    def test_our_own_models_are_safe_as_well(self):
        segment = self.env["mini_crm.segment"].create({"name": "=1+1", "domain": "[]"})
        content = self.fetch("xlsx", "mini_crm.segment", segment.ids, ["name"])
        self.check_sheet(content)

    def test_other_models_are_exported_as_odoo_does(self):
        country = self.env["res.country"].create({"name": "=1+1", "code": "Q9"})
        content = self.fetch("xlsx", "res.country", country.ids, ["name"])
        xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
        self.assertIn(b"<f>", xml)

    def test_what_odoo_exports_of_contacts_is_on_record(self):
        contact = make_customer(self.env, name="Sara")
        self.fetch("csv", "res.partner", contact.ids, ["name"])
        noted = self.env["mini_crm.export.log"].search([("door", "=", "odoo")], limit=1)
        self.assertEqual((noted.user_id, noted.count), (self.user, 1))
        self.assertEqual(noted.column_names, ["name"])
        self.assertFalse(noted.can_download)
