import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase, csv_text


@tagged("post_install", "-at_install")
class TestBatchScreen(BatchCase):
    """What the import screen asks for, step by step."""

    def open(self, rows, name="shop.csv"):
        """Open a file: (the import, what is in it)."""
        raw = rows if isinstance(rows, bytes) else csv_text(rows).encode()
        model = self.env(user=self.manager)["mini_crm.import"]
        found = model.open_file(name, base64.b64encode(raw).decode())
        return model.browse(found["id"]), found

    def settings(self, found, **choices):
        return {
            "mapping": {str(c["index"]): c["field"] for c in found["columns"]},
            **found["settings"],
            **choices,
        }

    def test_a_file_is_described_with_samples_and_guesses(self):
        _import, found = self.open(
            "نام;موبايل;شهر\nسارا;09123456789;تهران\n".encode("cp1256")
        )
        self.assertEqual(found["kind"], "customers")
        self.assertEqual((found["rows"], found["encoding"]), (1, "cp1256"))
        self.assertEqual((found["delimiter"], found["has_header"]), (";", True))
        self.assertEqual(
            [(c["name"], c["field"], c["samples"]) for c in found["columns"]],
            [
                ("نام", "name", ["سارا"]),
                ("موبايل", "phone", ["09123456789"]),
                ("شهر", "city", ["تهران"]),
            ],
        )
        self.assertEqual(found["settings"]["key"], "phone")
        self.assertIn("IRT", [c["value"] for c in found["currencies"]])

    def test_a_file_that_cannot_be_read_is_explained(self):
        for raw, word in (
            (b"", "empty"),
            (b"PK\x03\x04", "spreadsheet"),
            (b"id,name\n", "no rows"),
            (b"id,name\n1,\x00", "zero byte"),
        ):
            with self.assertRaisesRegex(UserError, word):
                self.open(raw)
        with self.assertRaises(UserError):
            self.env(user=self.manager)["mini_crm.import"].open_file("x.csv", "%%%")

    def test_another_kind_or_delimiter_is_guessed_anew(self):
        wizard, found = self.open([["id", "date", "amount"], ["1", "2026-01-31", "5"]])
        self.assertEqual(found["kind"], "purchases")
        found = wizard.choose(kind="customers")
        self.assertEqual(found["kind"], "customers")
        self.assertEqual([c["field"] for c in found["columns"]], ["ref", "", ""])
        found = wizard.choose(delimiter=";")
        self.assertEqual(len(found["columns"]), 1)
        found = wizard.choose(delimiter=",", has_header=False, kind="purchases")
        self.assertEqual(found["rows"], 2)

    def test_rows_that_were_read_in_another_way_are_read_anew(self):
        wizard, found = self.open([["id", "name"], ["A1", "Somebody"], ["A2", "Else"]])
        wizard.check(self.settings(found))
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        self.assertEqual(batch.line_ids.mapped("row"), [2, 3])
        found = wizard.choose(has_header=False)
        self.assertFalse(batch.line_ids)
        settings = self.settings(found)
        wizard.check({**settings, "mapping": {"0": "ref", "1": "name"}, "key": "ref"})
        self.work(batch)
        self.assertEqual(batch.line_ids.mapped("row"), [1, 2, 3])

    def test_the_check_tells_what_the_run_will_do_and_writes_nothing(self):
        make_customer(self.env, ref="A1", name="Same")
        make_customer(self.env, ref="A2", name="Old")
        self.admin.partner_id.ref = "BOSS"
        self.settle()
        wizard, found = self.open(
            [
                ["id", "name", "tags", "source"],
                ["A1", "Same", "", ""],
                ["A2", "New name", "Brand new tag", ""],
                ["A3", "Somebody", "", "Brand new source"],
                ["BOSS", "Thief", "", ""],
                ["A3", "Again", "", ""],
                ["", "Nobody", "", ""],
            ]
        )
        before = self.counted()
        wizard.check(self.settings(found))
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        self.assertEqual(self.counted(), before)
        checked = batch.with_user(self.manager).progress()
        self.assertEqual((checked["state"], checked["percent"]), ("ready", 100))
        self.assertEqual(
            checked["counts"],
            {"created": 1, "updated": 1, "unchanged": 1, "skipped": 0, "failed": 3},
        )
        self.assertEqual([row["row"] for row in checked["rows"]], [5, 6, 7])
        refused = batch.line_ids.filtered(lambda line: line.row == 5)
        self.assertEqual(refused.res_id, self.admin.partner_id.id, "whom it is about")
        wizard.run()
        self.work(batch)
        done = batch.with_user(self.manager).progress()
        self.assertEqual(done["state"], "done")
        self.assertEqual(done["counts"], checked["counts"])
        # who a row is about is noted where it is written, not by the check
        told = [{**row, "customer": "", "state": "failed"} for row in checked["rows"]]
        self.assertEqual([{**row, "customer": ""} for row in done["rows"]], told)
        self.counts(batch)

    def counted(self):
        models = (
            "res.partner",
            "res.partner.category",
            "utm.source",
            "mini_crm.event",
            "mini_crm.purchase",
            "mini_crm.profile",
        )
        self.env.flush_all()
        counts = {name: self.env[name].sudo().search_count([]) for name in models}
        self.env.cr.execute("SELECT max(write_date) FROM res_partner")
        return counts, self.env.cr.fetchone()

    def test_what_the_database_says_later_counts_for_the_run(self):
        self.admin.partner_id.ref = "X1"
        wizard, found = self.open([["id", "name"], ["X1", "A"]])
        wizard.check(self.settings(found))
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        self.assertEqual(self.problems(batch), [(2, "internal_user")])
        self.admin.partner_id.ref = False
        wizard.run()
        self.work(batch)
        self.assertEqual(self.counts(batch), {"created": 1})
        self.assertEqual(self.problems(batch), [])

    def test_a_check_may_be_repeated_with_other_choices(self):
        wizard, found = self.open([["id", "name", "date"], ["A1", "B", "03/04/2020"]])
        wizard.check(self.settings(found))
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        settings = self.settings(found, date_order="mdy")
        settings["mapping"] = {"0": "ref", "1": "name", "2": "since"}
        wizard.check(settings)
        self.work(batch)
        wizard.run()
        self.work(batch)
        self.assertEqual(self.counts(batch), {"created": 1})
        self.settle()
        self.assertEqual(self.customer("A1").customer_since.month, 3)

    def test_columns_that_are_needed_are_asked_for(self):
        wizard, found = self.open([["what", "date", "sum"], ["x", "2026-01-31", "5"]])
        with self.assertRaisesRegex(UserError, "tells customers apart"):
            wizard.check(self.settings(found))
        settings = self.settings(found, key="ref")
        settings["mapping"] = {"0": "ref", "1": "date"}
        with self.assertRaisesRegex(UserError, "amount"):
            wizard.check(settings)
        for bad in (
            {"mapping": {"0": "password"}},
            {"mapping": {"99": "ref"}},
            {"mapping": {"0": "ref", "1": "ref"}},
            {"currency": "XYZ"},
            {"mode": "destroy"},
            {"user_ids": [1]},
        ):
            with self.assertRaises(UserError):
                wizard.check({**self.settings(found), **bad})

    def test_choices_are_remembered_for_the_next_file_with_the_same_columns(self):
        rows = [["id", "who", "date", "amount"], ["A1", "Sara", "2026-01-31", "5"]]
        wizard, found = self.open(rows)
        settings = self.settings(found, currency="EUR")
        settings["mapping"]["1"] = "name"
        wizard.check(settings)
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        wizard.run()
        self.work(batch)
        _next, found = self.open([rows[0], ["A2", "John", "2026-02-01", "7"]])
        self.assertEqual(found["columns"][1]["field"], "name")
        self.assertEqual(found["settings"]["currency"], "EUR")
        self.assertFalse(found["warning"])
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        manager = self.env(
            user=self.manager, context={"allowed_company_ids": other.ids}
        )
        data = base64.b64encode(csv_text(rows).encode()).decode()
        elsewhere = manager["mini_crm.import"].open_file("x.csv", data)
        self.assertEqual(elsewhere["columns"][1]["field"], "")

    def test_the_same_file_again_is_warned_of(self):
        rows = [["id", "name"], ["A1", "Sara"]]
        self.run_import("customers", rows)
        _wizard, found = self.open(rows)
        self.assertIn("imported before", found["warning"])

    def test_currencies_are_warned_of_before_the_import(self):
        self.env.ref("base.MXN").active = False
        rows = [["id", "date", "amount", "currency"], ["A1", "2026-01-31", "5", "MXN"]]
        wizard, found = self.open(rows)
        wizard.check(self.settings(found))
        batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
        text = "\n".join(batch.report["warnings"])
        self.assertIn("switched on: MXN", text)
        self.assertIn("no exchange rate for MXN", text)
        self.assertIn("1 customers", text)
        self.assertFalse(self.env.ref("base.MXN").active)

    def test_rial_or_toman_is_asked_when_the_file_does_not_say(self):
        self.env.ref("base.IRR").active = True
        wizard, found = self.open(
            [["id", "date", "amount"], ["A1", "1404/01/01", "500"]]
        )
        for currency, asked in (("IRR", False), ("IRT", False)):
            wizard.check(self.settings(found, currency=currency))
            batch = self.work(self.env["mini_crm.batch"].browse(found["batch_id"]))
            text = "\n".join(batch.report["warnings"])
            self.assertEqual("Toman" in text, asked)
        self.assertEqual(batch.line_ids.values["amount"], "5000")

    def test_programs_name_columns_and_the_key(self):
        batch = self.run_import(
            "customers",
            [["shop no", "who"], ["7", "Sara"]],
            mapping={"who": "name"},
            key="shop no",
        )
        self.assertEqual(self.counts(batch), {"created": 1})
        self.assertEqual(self.customer("7").name, "Sara")
        with self.assertRaisesRegex(UserError, "no column"):
            self.start("customers", [["id"], ["7"]], mapping={"nowhere": "name"})
        with self.assertRaises(UserError):
            self.start("secrets", [["id"], ["7"]])
