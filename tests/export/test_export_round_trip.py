import io
import json

from python_calamine import CalamineWorkbook

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.field_values import ValueProblem, read_value, show_value
from ...engine.fields import SLOT_COUNTS, SLOTS, slot_type
from ..factories import make_customer
from .export_case import ExportCase
from .nasty import nasty_texts

CUSTOMERS = 100  # with 30 texts each, and as many in the columns of contacts
TEXTS = ("name", "ref", "company_name", "function", "street", "street2", "city", "zip")


@tagged("post_install", "-at_install")
class TestExportRoundTrip(ExportCase):
    """What is exported and imported again changes nothing, however nasty it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        cls._all_slots()
        cls.customers = cls.env["res.partner"].browse(
            [cls._nasty_customer(number).id for number in range(CUSTOMERS)]
        )
        cls.env.flush_all()
        cls.env["res.partner"].invalidate_model()
        cls.only = [["id", "in", cls.customers.ids]]

    @classmethod
    def _all_slots(cls):
        """Custom fields in all 90 slots, and three beyond."""
        fields = cls.env["mini_crm.field"]
        for kind in SLOT_COUNTS:
            for slot in fields._free_slots().get(kind, []):
                made = fields.create(
                    {"name": f"Own {slot}", "type": kind, "slot": slot}
                )
                if kind == "select":
                    cls._add_options(made)
        for kind in ("text", "number", "date"):
            fields.create(
                {"name": f"Beyond {kind}", "key": f"beyond_{kind}", "type": kind}
                | {"slot": False}
            )
        assert len(fields._active_slots()) == len(SLOTS)

    @classmethod
    def _add_options(cls, definition):
        names = [("a", "=1+1", "اول"), ("b", "A, b", "دوم"), ("c", "سوم", "یک؛ دو")]
        for code, english, persian in names:
            option = cls.env["mini_crm.field.option"].create(
                {"field_id": definition.id, "code": code, "name": english}
            )
            option.with_context(lang="fa_IR").name = persian

    @classmethod
    def _nasty_customer(cls, number):
        """A customer with another nasty text in each place that takes one."""
        texts = nasty_texts(CUSTOMERS * (30 + len(TEXTS) + 1))
        texts = iter(texts[number::CUSTOMERS])
        rules = cls.env["mini_crm.field"]._rules().values()
        custom, beyond = {}, {}
        for rule in rules:
            if rule.slot:
                custom[rule.slot] = cls._value(rule, texts, number)
            else:
                beyond[rule.key] = {"number": number / 7, "date": "2020-02-29"}.get(
                    rule.type, f"beyond\n={number}"
                )
        customer = make_customer(cls.env, **custom, custom_fields_extra=beyond)
        # as other add-ons and old data have them: not by a door that cleans texts
        values = {name: next(texts, "x") or "x" for name in TEXTS}
        values["ref"] = f"{number}{values['ref']}"
        values["comment"] = f"<p>{number}<br/><b>a</b> &amp; {chr(0x600 + number)}</p>"
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(n), v) for n, v in values.items()
                ),
                customer.id,
            )
        )
        customer.invalidate_recordset()
        names = ["a, b", 'say "hi"', "=tag", f"tag{number % 5}"]
        tags = cls.env["res.partner.category"]
        for name in names[: number % 4]:
            tags |= tags.search([("name", "=", name)]) or tags.create({"name": name})
        customer.category_id = tags
        customer.lang = ("en_US", "fa_IR", False)[number % 3]
        countries = ("base.ir", "base.us", "base.de")
        customer.country_id = cls.env.ref(countries[number % 3])
        return customer

    @classmethod
    def _value(cls, rule, texts, number):
        """A value that a slot takes; of a text the next nasty one that it takes."""
        if rule.type == "text":
            for text in texts:
                try:
                    return read_value(rule, text)
                except ValueProblem:
                    continue
            return None
        values = {
            "number": (0.1 + number, -number, 10.0**14 + 0.25, 0, 1e-7 * number),
            "date": ("1850-01-01", "2024-02-29", "2199-12-31", None),
            "boolean": (True, False),
            "email": (f"a+{number}@example.com", None),
            "phone": ("+989121234567", "+12025550123", None),
            "url": (f"https://example.com/?a={number}&b=%3C+%3E", None),
            "select": ("a", "b", "c", None),
        }[rule.type]
        return values[number % len(values)]

    def snapshot(self):
        """Everything that is stored of these customers: list of dict."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """SELECT p.*, f.imported_since, f.customer_since,
                    (SELECT array_agg(r.category_id ORDER BY r.category_id)
                        FROM res_partner_res_partner_category_rel r
                        WHERE r.partner_id = p.id) AS tags
                FROM res_partner p JOIN mini_crm_profile f ON f.id = p.id
                WHERE p.id = ANY(%s) ORDER BY p.id""",
                self.customers.ids,
            )
        )

    def check_round_trip(self, file_format, lang):
        self.manager.lang = lang
        self.settle()
        columns = list(self.env(user=self.manager)["mini_crm.export.log"]._columns())
        choices = {"domain": self.only, "columns": columns}
        raw, before = self.raw(file_format, **choices), self.snapshot()
        everybody = self.env["res.partner"].search_count([])
        batch = self.run_import("customers", raw)
        told = [line.message for line in batch.line_ids if line.message]
        self.assertEqual(told, [])
        mapped = set(batch.settings["mapping"].values())
        known = {
            c.name
            for c in self.env["mini_crm.export.log"]._columns().values()
            if c.importable
        }
        self.assertEqual(known - mapped, set())
        lines = [(x.values, x.before) for x in batch.line_ids if x.state != "unchanged"]
        self.assertEqual(lines[:3], [])
        self.assertEqual(self.counts(batch), {"unchanged": CUSTOMERS})
        self.assertEqual(self.env["res.partner"].search_count([]), everybody)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.raw(file_format, **choices), raw)

    def test_a_csv_for_an_import_changes_nothing(self):
        self.check_round_trip("csv_import", "en_US")

    def test_a_csv_for_an_import_changes_nothing_in_persian(self):
        self.check_round_trip("csv_import", "fa_IR")

    def test_a_csv_for_a_spreadsheet_changes_nothing(self):
        self.check_round_trip("csv", "en_US")

    def test_a_csv_for_a_spreadsheet_changes_nothing_in_persian(self):
        self.check_round_trip("csv", "fa_IR")

    def test_a_sheet_says_what_is_stored(self):
        for lang in ("en_US", "fa_IR"):
            self.manager.lang = lang
            log = self.env(user=self.manager)["mini_crm.export.log"]
            names = [c.name for c in log._columns().values() if c.importable]
            raw = self.raw("xlsx", domain=self.only, columns=names)
            rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
            header, *found = rows.to_python()
            labels = log.with_context(lang=lang)._column_labels()
            self.assertEqual(header, [labels[name] for name in names])
            self.assertEqual(len(found), CUSTOMERS)
            rules = self.env["mini_crm.field"]._rules()
            for customer, row in zip(self.customers, found, strict=True):
                self._compare(customer, dict(zip(names, row, strict=True)), rules, lang)

    def _compare(self, customer, row, rules, lang):
        for name in TEXTS:
            self.assertEqual(row[name], customer[name] or "", name)
        for rule in rules.values():
            shown = row[f"custom:{rule.key}"]
            stored = (
                customer[rule.slot]
                if rule.slot
                else customer.custom_fields_extra[rule.key]
            )
            self._compare_custom(rule, shown, stored, lang.startswith("fa"))

    def _compare_custom(self, rule, shown, stored, persian):
        if rule.type == "number":
            self.assertEqual(shown or 0, stored or 0)
        elif rule.type == "date":
            self.assertEqual(str(shown or ""), str(stored or ""))
        elif rule.type in ("boolean", "select"):
            value = stored or (False if rule.type == "boolean" else None)
            self.assertEqual(shown, show_value(rule, value, persian))
        else:
            self.assertEqual(shown, stored or "")

    def test_a_backup_says_exactly_what_is_stored(self):
        found = self.backup(domain=self.only)["customers"]
        rules = self.env["mini_crm.field"]._rules()
        for customer, said in zip(self.customers, found, strict=True):
            self.assertEqual(said["id"], customer.id)
            for name in (*TEXTS, "comment"):
                self.assertEqual(said[name], customer[name] or None)
            own = {rule.key: rule for rule in rules.values() if rule.slot}
            for key, rule in own.items():
                stored = customer.read([rule.slot])[0][rule.slot]
                if rule.type == "date":
                    stored = stored and stored.isoformat()
                if rule.type != "boolean" and stored is False:
                    stored = None
                self.assertEqual(said["custom"][key], stored, key)
            for key in customer.custom_fields_extra:
                self.assertEqual(said["custom"][key], customer.custom_fields_extra[key])
        again = json.loads(json.dumps(found))
        self.assertEqual(again, found)

    def test_there_are_three_thousand_texts_and_every_slot_is_used(self):
        texts = [c[s] for c in self.customers for s in SLOTS if slot_type(s) == "text"]
        self.assertGreaterEqual(len([t for t in texts if t]), 2_900)
        for slot in SLOTS:
            self.assertTrue(any(c[slot] for c in self.customers), slot)
