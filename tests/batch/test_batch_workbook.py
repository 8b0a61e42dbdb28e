import base64
import io
import zipfile
from datetime import date

import xlsxwriter

from odoo.exceptions import UserError
from odoo.tests import tagged

from .batch_case import BatchCase


def workbook(sheets):
    """An XLSX file of {name: rows} (bytes)."""
    raw = io.BytesIO()
    options = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    with xlsxwriter.Workbook(raw, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return raw.getvalue()


@tagged("post_install", "-at_install")
class TestBatchWorkbook(BatchCase):
    """Spreadsheets: what is in them, and what is refused."""

    def open(self, raw, name="shop.xlsx"):
        model = self.env(user=self.manager)["mini_crm.import"]
        found = model.open_file(name, base64.b64encode(raw).decode())
        return model.browse(found["id"]), found

    def test_a_spreadsheet_is_imported_with_its_dates_and_numbers(self):
        raw = workbook(
            {
                "Empty": [],
                "مشتری": [
                    ["id", "name", "phone", "since", "zip"],
                    ["A1", "Sara", 989123456789, date(2020, 1, 31), 12345],
                    [17, "John", "", "", "00123"],
                ],
            }
        )
        batch = self.run_import("customers", raw)
        self.assertEqual(self.counts(batch), {"created": 2})
        sara = self.customer("A1")
        self.assertEqual(sara.phone_sanitized, "+989123456789")
        self.assertEqual(str(sara.customer_since), "2020-01-31 00:00:00")
        self.assertEqual(sara.zip, "12345")
        self.assertEqual(self.customer("17").zip, "00123")
        again = self.run_import("customers", raw)
        self.assertEqual(self.counts(again), {"unchanged": 2})

    def test_another_sheet_can_be_chosen(self):
        raw = workbook(
            {"People": [["id"], ["A1"]], "Sales": [["id", "city"], ["A2", "Yazd"]]}
        )
        wizard, found = self.open(raw)
        self.assertEqual((found["sheets"], found["sheet"]), (["People", "Sales"], 0))
        found = wizard.choose(sheet=1)
        self.assertEqual([c["name"] for c in found["columns"]], ["id", "city"])
        self.assertEqual((found["sheet"], found["rows"]), (1, 1))

    def test_a_file_of_30_days_ago_leaves_no_table_behind(self):
        _wizard, found = self.open(workbook({"A": [["id"], ["A1"]]}))
        batch = self.env["mini_crm.batch"].browse(found["batch_id"])
        self.assertTrue(batch._file_bytes("table_data"))
        batch._forget_files(batch.ids)
        self.assertFalse(batch._file_bytes("table_data"))

    def test_hostile_workbooks_are_refused_before_they_are_read(self):
        bomb, laughs, damaged = io.BytesIO(), io.BytesIO(), workbook({"A": [["id"]]})
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
        with zipfile.ZipFile(laughs, "w") as package:
            package.writestr(
                "xl/workbook.xml", '<!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'
            )
        for raw, word in (
            (bomb.getvalue(), "memory"),
            (laughs.getvalue(), "memory"),
            (damaged[:-100], "damaged"),
            (damaged[:30] + b"x" * 40 + damaged[70:], "damaged|cannot be read"),
        ):
            with self.assertRaisesRegex(UserError, word):
                self.open(raw)

    def test_one_long_text_in_every_cell_is_refused(self):
        raw = workbook({"A": [["id"], *[["😀" * 7_500] for _row in range(3_800)]]})
        self.assertLess(len(raw), 100_000)
        with self.assertRaisesRegex(UserError, "too large"):
            self.open(raw)
