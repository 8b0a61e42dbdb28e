import base64
import io

from odoo.tests import HttpCase, tagged

from ...models.batch.spreadsheet import read_workbook
from .batch_case import BatchCase
from .test_batch_workbook import workbook

ROWS = [
    ["id", "name", "e-mail", "notes"],
    ["A1", "Sara", "sara@example.com", ""],
    ["A2", "=1+1", "nobody", "+x, y"],
    ["", "Nobody", "", "-"],
    ["A1", "Again", "", "'=kept"],
]


@tagged("post_install", "-at_install")
class TestBatchErrors(BatchCase):
    """The rows that failed, as a file to put right and import again."""

    def errors(self, batch):
        """Name and content of the file of failed rows."""
        batch = batch.with_user(self.manager)
        self.assertTrue(batch._check_errors_file())
        name, _type, content = batch._errors_file()
        with content:
            return name, content.read()

    def test_failed_rows_come_back_with_their_number_and_reason(self):
        batch = self.run_import("customers", ROWS)
        name, raw = self.errors(batch)
        self.assertEqual(name, "customers - rows to correct.csv")
        lines = raw.decode("utf-8-sig").splitlines()
        self.assertEqual(
            lines[0], "id,name,e-mail,notes,Mini CRM: row,Mini CRM: reason"
        )
        self.assertTrue(lines[1].startswith("A2,'=1+1,nobody,\"'+x, y\",3,"), lines[1])
        self.assertEqual(len(lines), 4)

    def test_the_corrected_file_is_imported_without_its_two_columns(self):
        batch = self.run_import("customers", ROWS)
        _name, raw = self.errors(batch)
        fixed = raw.decode("utf-8-sig").replace("nobody", "ali@example.com")
        again = self.run_import("customers", fixed)
        self.assertEqual(again.settings["mapping"], batch.settings["mapping"])
        self.assertEqual(self.counts(again), {"created": 1, "updated": 1, "failed": 1})
        customer = self.customer("A2")
        self.assertEqual(customer.name, "=1+1")
        self.assertIn("+x, y", customer.comment)
        wizard = self.env(user=self.manager)["mini_crm.import"]
        found = wizard.open_file("x.csv", base64.b64encode(raw).decode())
        self.assertEqual(len(found["columns"]), 4)

    def test_of_a_spreadsheet_it_is_a_spreadsheet(self):
        batch = self.run_import("customers", workbook({"A": ROWS}))
        name, raw = self.errors(batch)
        self.assertTrue(name.endswith(".xlsx"))
        self.assertNotIn(b"<f>", raw)
        table, _sheets, _number = read_workbook(raw)
        lines = table.decode().splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[1].startswith('A2,=1+1,nobody,"+x, y",3,'), lines[1])
        again = self.run_import("customers", raw)
        self.assertEqual(self.counts(again), {"failed": 2, "updated": 1})

    def test_a_check_offers_the_rows_as_well(self):
        model = self.env(user=self.manager)["mini_crm.import"]
        self.admin.partner_id.ref = "BOSS"
        raw = io.StringIO()
        raw.write("id,name\nBOSS,Thief\nA9,Fine\n")
        data = base64.b64encode(raw.getvalue().encode()).decode()
        found = model.open_file("shop.csv", data)
        settings = {
            "mapping": {str(c["index"]): c["field"] for c in found["columns"]},
            **found["settings"],
        }
        model.browse(found["id"]).check(settings)
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        _name, raw = self.errors(batch)
        self.assertEqual(len(raw.decode("utf-8-sig").splitlines()), 2)
        fine = self.run_import("customers", [["id"], ["A10"]])
        self.assertEqual(fine.with_user(self.manager).progress()["errors_url"], "")


@tagged("post_install", "-at_install")
class TestBatchErrorsRoute(HttpCase, BatchCase):
    def test_only_managers_get_the_file(self):
        batch = self.run_import("customers", ROWS)
        url = batch.with_user(self.manager).progress()["errors_url"]
        for login, status in ((None, 303), (self.agent, 403), (self.manager, 200)):
            self.authenticate(login and login.login, login and login.login)
            got = self.url_open(url, allow_redirects=False)
            self.assertEqual(got.status_code, status, login)
        self.assertIn("attachment", got.headers["Content-Disposition"])
        self.assertIn("Mini CRM: row", got.text)
        self.assertEqual(self.url_open("/mini_crm/batch/0/errors").status_code, 404)
