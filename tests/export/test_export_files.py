import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.text import guard, guard_phone
from ...models.export.file_sql import guarded
from ..factories import make_customer, make_purchase
from .export_case import FORMULAS, ExportCase


@tagged("post_install", "-at_install")
class TestExportFiles(ExportCase):
    """What stands in the files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Bread, cake"})
        cls.vip = cls.env["res.partner.category"].create({"name": "A VIP"})
        cls.sara = make_customer(
            cls.env,
            name="Sara",
            ref="S1",
            phone="+989121234567",
            email="sara@example.com",
            city="Tehran",
            country_id=cls.env.ref("base.ir").id,
            zip="0123",
            category_id=[(6, 0, (cls.tag | cls.vip).ids)],
            comment="<p>one<br>two &lt; three</p>",
            user_id=cls.manager.id,
        )
        cls.only = [["id", "in", cls.sara.ids]]

    def by_name(self, table):
        return dict(zip(*table, strict=True))

    def test_a_csv_for_a_spreadsheet_has_labels_and_names(self):
        table = self.table("csv", domain=self.only, columns=["ref", "tags", "country"])
        self.assertEqual(
            table,
            [
                ["Customer key", "Tags", "Country"],
                ["S1", 'A VIP, "Bread, cake"', "Iran"],
            ],
        )
        self.assertTrue(self.raw("csv", domain=self.only).startswith(b"\xef\xbb\xbf"))

    def test_a_csv_for_an_import_has_keys_and_codes(self):
        row = self.by_name(self.table("csv_import", domain=self.only))
        self.assertEqual(row["country"], "IR")
        self.assertEqual(row["tags"], 'A VIP,"Bread, cake"')
        self.assertEqual(row["comment"], "one\ntwo < three")
        self.assertEqual(row["zip"], "0123")
        self.assertEqual(row["phone"], self.sara.phone)
        self.assertNotIn("crm_score", row)

    def test_a_phone_keeps_its_plus_and_is_no_number_for_a_spreadsheet(self):
        for phone, shown in (
            ("+98 912 123 4567", "+98 912 123 4567"),
            ("+989121234567", "+98 9121234567"),
            ("+12025550123", "+1 2025550123"),
            ("+3545550123", "+354 5550123"),
            ("+1-202-555", "'+1-202-555"),
            ("0912", "0912"),
        ):
            self.env.cr.execute(
                "UPDATE res_partner SET phone = %s WHERE id = %s", [phone, self.sara.id]
            )
            self.sara.invalidate_recordset()
            table = self.table("csv", domain=self.only, columns=["phone"])
            self.assertEqual(table[1], [shown])

    def test_a_sheet_has_numbers_and_dates_as_such(self):
        make_purchase(self.env, self.sara, 12.5, date="2026-01-31 10:20:30")
        self.settle()
        names = ["name", "crm_score", "total_spent", "last_purchase_at", "zip"]
        sheet = self.sheet(domain=self.only, columns=names)
        name, score, spent, last, code = sheet[2]
        self.assertEqual((name.value, code.value), ("Sara", "0123"))
        self.assertEqual(score.data_type, "n")
        self.assertEqual(spent.value, 12.5)
        self.assertEqual(last.value, self.utc("2026-01-31 10:20:30"))
        self.assertEqual(code.number_format, "@")
        self.assertFalse(sheet.sheet_view.rightToLeft)
        self.assertEqual(sheet.freeze_panes, "A2")

    def test_a_sheet_for_who_reads_persian_stands_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.manager.lang = "fa_IR"
        self.env.ref("base.ir").with_context(lang="fa_IR").name = "ایران"
        sheet = self.sheet(domain=self.only, columns=["country", "name"])
        self.assertTrue(sheet.sheet_view.rightToLeft)
        self.assertEqual(sheet[2][0].value, "ایران")
        self.assertEqual(sheet[1][1].value, "نام")

    def test_a_backup_has_every_value_in_its_type(self):
        shoe = self.env["mini_crm.field"].create(
            {"name": "Shoe", "key": "shoe", "type": "number"}
        )
        beyond = self.env["mini_crm.field"].create(
            {"name": "Hat", "key": "hat", "type": "number", "slot": False}
        )
        self.assertFalse(beyond.slot)
        self.sara.write({shoe.slot: 0.1 + 0.2, "custom_fields_extra": {"hat": 7}})
        self.env.flush_all()
        document = self.backup(domain=self.only)
        (customer,) = document["customers"]
        self.assertEqual(document["format"], "mini_crm.customers")
        self.assertEqual(customer["custom"]["shoe"], 0.1 + 0.2)
        self.assertEqual(customer["custom"]["hat"], 7)
        self.assertEqual(customer["comment"], self.sara.comment)
        self.assertEqual(customer["tags"], ["A VIP", "Bread, cake"])
        self.assertEqual(customer["owner"], self.manager.login)
        self.assertIs(customer["active"], True)
        self.assertIn("website", customer["other"])
        self.assertIn("shoe", [field["key"] for field in document["fields"]])

    def test_a_backup_of_nobody_is_a_document(self):
        document = self.backup(domain=[["name", "=", "Nobody at all"]])
        self.assertEqual(document["customers"], [])

    def test_no_file_has_a_formula_whatever_people_write(self):
        wanted = [make_customer(self.env, name="x").id for _text in FORMULAS]
        for customer_id, text in zip(wanted, FORMULAS, strict=True):
            self.env.cr.execute(
                "UPDATE res_partner SET name = %s, city = %s WHERE id = %s",
                [text, text, customer_id],
            )
        self.env["res.partner"].invalidate_model()
        choices = {"ids": wanted, "columns": ["name", "city", "ref"]}
        for file_format in ("csv", "csv_import"):
            rows = self.table(file_format, **choices)[1:]
            self.assertEqual([row[0] for row in rows], [guard(t) for t in FORMULAS])
        raw = zipfile.ZipFile(io.BytesIO(self.raw("xlsx", **choices)))
        xml = raw.read("xl/worksheets/sheet1.xml")
        self.assertNotIn(b"<f", xml)
        self.assertNotIn(b"hyperlink", xml)
        cells = [row[0].value for row in self.sheet(**choices)][1:]
        self.assertEqual(cells, [t.replace("\r", "_x000D_") for t in FORMULAS])
        names = [c["name"] for c in self.backup(**choices)["customers"]]
        self.assertEqual(names, FORMULAS)

    def test_no_header_has_a_formula_whatever_fields_are_called(self):
        fields = self.env["mini_crm.field"].create(
            [{"name": text, "type": "text", "slot": False} for text in FORMULAS[:14]]
        )
        self.assertIn("=1+1", fields.mapped("name"))
        names = [f"custom:{field.key}" for field in fields]
        choices = {"domain": self.only, "columns": names}
        header = self.table("csv", **choices)[0]
        self.assertEqual(header, [guard(name) for name in fields.mapped("name")])
        sheet = zipfile.ZipFile(io.BytesIO(self.raw("xlsx", **choices)))
        self.assertNotIn(b"<f", sheet.read("xl/worksheets/sheet1.xml"))
        self.assertEqual(self.table("csv_import", **choices)[0], names)

    def test_the_database_guards_as_the_engine_does(self):
        texts = [
            *FORMULAS,
            *(chr(n) + "=1" for n in range(1, 0x3100)),
            "+98 9",
            "a",
            "'tis",
        ]
        texts += [chr(n) + "a" for n in range(1, 0x10000) if not 0xD800 <= n < 0xE000]
        from odoo.tools import SQL

        for phone, python in ((False, guard), (True, guard_phone)):
            self.env.cr.execute(
                SQL(
                    "SELECT %s FROM unnest(%s) WITH ORDINALITY AS t(x, n) ORDER BY n",
                    guarded(SQL("t.x"), phone=phone),
                    texts,
                )
            )
            found = [row[0] for row in self.env.cr.fetchall()]
            differing = [
                (text, sql)
                for text, sql in zip(texts, found, strict=True)
                if python(text) != sql
            ]
            self.assertEqual(differing, [])

    def test_columns_and_formats_that_there_are_not_are_named(self):
        with self.assertRaisesRegex(UserError, "secret"):
            self.ask("csv", columns=["name", "secret"])
        with self.assertRaisesRegex(UserError, "pdf"):
            self.ask("pdf")
        with self.assertRaisesRegex(UserError, "condition"):
            self.ask("csv", domain=[["nothing", "=", 1]])
        with self.assertRaisesRegex(UserError, "one by one"):
            self.ask("csv", ids=list(range(3000)))

    def test_who_is_no_customer_is_in_no_file(self):
        supplier = self.env["res.partner"].create({"name": "Child", "type": "invoice"})
        rows = self.table("csv", ids=[supplier.id, self.sara.id], columns=["name"])
        self.assertEqual(rows[1:], [["Sara"]])

    def test_archived_customers_come_only_when_they_are_asked_for(self):
        self.sara.action_archive()
        self.env.flush_all()
        only = {"domain": self.only, "columns": ["name"]}
        self.assertEqual(len(self.table("csv", **only)), 1)
        self.assertEqual(len(self.table("csv", **only, archived=True)), 2)
        self.assertEqual(len(self.table("csv", ids=self.sara.ids, columns=["name"])), 2)

    def test_few_and_many_customers_give_the_same_lists(self):
        columns = ["name", "tags", "segments"]
        export = self.ask("csv", domain=self.only, columns=columns)
        few = io.BytesIO()
        export._make(few)
        export.sudo().count = 100_000
        many = io.BytesIO()
        export._make(many)
        self.assertEqual(few.getvalue(), many.getvalue())
