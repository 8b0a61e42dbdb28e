from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.translate import code_translations

from ...engine.columns import guess_mapping
from ..factories import make_customer
from .batch_case import BatchCase

VALUES = {
    "name": "Sara Ahmadi",
    "email": "Sara.A@Example.com",
    "phone": "+98 912 345 6789",
    "company_name": "Acme",
    "function": "Baker",
    "street": "Street 1",
    "street2": "Floor 2",
    "city": "Tehran",
    "zip": "12345",
    "comment": "<p>one<br>two &lt; three</p>",
}
OWN = {"id", "commercial_partner_id", "create_date", "write_date", "ref"}


@tagged("post_install", "-at_install")
class TestBatchColumns(BatchCase):
    """What an import writes equals what ``create()`` and ``write()`` write."""

    def row_of(self, partner):
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT * FROM res_partner WHERE id = %s", partner.id))
        row = self.env.cr.dictfetchone()
        self.assertEqual(row["commercial_partner_id"], row["id"])
        return {name: value for name, value in row.items() if name not in OWN}

    def test_the_example_files_have_columns_that_are_known(self):
        persian = code_translations.get_web_translations("mini_crm", "fa_IR")
        texts = {one["id"]: one["string"] for one in persian["messages"]}
        headers = {
            "customers": "customer key,name,e-mail,phone,city,tags,customer since",
            "purchases": "customer key,date,amount,currency,quantity,reference",
        }
        for kind, header in headers.items():
            for language in (header, texts[header]):
                names = language.split(",")
                found = guess_mapping(kind, names, [], None)
                self.assertEqual(len(found), len(names), language)

    def test_an_address_that_stands_twice_is_told_of_at_its_column(self):
        batch = self.run_import(
            "customers",
            [
                ["name", "phone", "email"],
                ["Rita", "", "rita@example.com"],
                ["Rita", "", "rita@example.com"],
            ],
            key="any",
        )
        failed = batch.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(set(failed.mapped("column")), {"email"})

    def created(self, **values):
        source = self.env["utm.source"].create({"name": "Fair"})
        model = self.env(user=self.manager)["res.partner"].with_context(
            tracking_disable=True, lang=self.manager.lang, tz=self.manager.tz
        )
        return model.create({**VALUES, "source_id": source.id, **values})

    def imported(self, ref):
        header = [
            "id",
            "name",
            "email",
            "phone",
            "company",
            "job",
            "street",
            "street2",
            "city",
            "zip",
            "notes",
            "country",
            "lang",
            "source",
        ]
        cells = [ref, *VALUES.values(), "Iran", "en_US", "Fair"]
        cells[header.index("notes")] = "one\ntwo < three"
        batch = self.run_import("customers", [header, cells])
        self.assertEqual(batch.done, 1, batch.line_ids.message)
        return self.customer(ref)

    def test_every_column_of_a_new_row_is_that_of_create(self):
        made = self.created(country_id=self.env.ref("base.ir").id, lang="en_US")
        self.assertEqual(self.row_of(self.imported("A1")), self.row_of(made))

    def test_a_bare_row_is_that_of_create(self):
        model = self.env(user=self.manager)["res.partner"].with_context(
            lang=self.manager.lang, tz=self.manager.tz
        )
        made = model.create({"name": "Only a name"})
        self.run_import("customers", [["id", "name"], ["A1", "Only a name"]])
        self.assertEqual(self.row_of(self.customer("A1")), self.row_of(made))

    def test_defaults_of_the_database_hold_for_new_rows_only(self):
        germany = self.env.ref("base.de")
        self.env["ir.default"].set("res.partner", "city", "Default City")
        self.env["ir.default"].set("res.partner", "country_id", germany.id)
        old = make_customer(
            self.env, ref="OLD", name="Old", city=False, country_id=False
        )
        self.run_import(
            "customers",
            [
                ["id", "name", "city"],
                ["A1", "A", ""],
                ["A2", "B", "X"],
                ["OLD", "C", ""],
            ],
        )
        self.assertEqual(self.customer("A1").city, "Default City")
        self.assertEqual(self.customer("A1").country_id, germany)
        self.assertEqual(self.customer("A2").city, "X")
        self.assertEqual((old.name, old.city, old.country_id.id), ("C", False, False))

    def test_columns_that_others_compute_are_computed_by_the_orm(self):
        made = self.created(country_id=self.env.ref("base.ir").id, lang="en_US")
        unknown = {"complete_name", "email_normalized", "phone_sanitized"}
        Partner = type(self.env["res.partner"])
        with patch.object(Partner, "_unknown_computes", lambda self: unknown):
            imported = self.imported("A1")
        self.assertEqual(self.row_of(imported), self.row_of(made))

    def test_a_foreign_create_is_respected(self):
        made = self.created(country_id=self.env.ref("base.ir").id, lang="en_US")
        Partner = type(self.env["res.partner"])
        with patch.object(Partner, "_foreign_creates", lambda self: {"elsewhere"}):
            imported = self.imported("A1")
        self.assertEqual(self.row_of(imported), self.row_of(made))
        self.assertEqual(len(self.events(imported)), 1)
        self.assertTrue(imported.journey_stage)

    def test_only_known_addons_define_create_and_computes_here(self):
        Partner = self.env["res.partner"]
        self.assertEqual(Partner._foreign_creates(), set())
        self.assertIn("mail", Partner._definers("_compute_email_normalized"))

    def test_every_column_of_an_updated_row_is_that_of_write(self):
        one = make_customer(self.env, ref="ONE", name="Before")
        two = make_customer(self.env, ref="TWO", name="Before")
        self.env.flush_all()
        model = self.env(user=self.manager)["res.partner"]
        model.browse(two.id).write({n: v for n, v in VALUES.items() if n != "comment"})
        model.env.flush_all()  # as he, before anybody else does
        header = [n for n in VALUES if n != "comment"]
        names = {"company_name": "company", "function": "job"}
        rows = [["id", *(names.get(n, n) for n in header)]]
        rows += [["ONE", *(VALUES[n] for n in header)]]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(self.row_of(one), self.row_of(two))
