from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.fields import SLOTS
from ...models.field import mini_crm_field
from ..factories import make_customer
from .custom_field_case import CustomFieldCase


@tagged("post_install", "-at_install")
class TestFieldLabels(CustomFieldCase):
    def slots_digest(self):
        """Checksum of all slots of all contacts."""
        self.env.flush_all()
        columns = SQL(", ").join(SQL.identifier(slot) for slot in SLOTS)
        return self.env.execute_query(
            SQL(
                """SELECT md5(string_agg(ROW(id, %s, custom_fields_extra)::text, '|'
                    ORDER BY id)) FROM res_partner""",
                columns,
            )
        )

    def test_label_shows_in_every_language_at_once(self):
        definition = self.define("Shoe size", "custom_number_1", persian="سایز کفش")
        for model in ("res.partner", "res.users"):
            english = self.env[model].with_context(lang="en_US")
            persian = self.env[model].with_context(lang="fa_IR")
            self.assertEqual(self.label("custom_number_1", english), "Shoe size")
            self.assertEqual(self.label("custom_number_1", persian), "سایز کفش")
        definition.with_context(lang="fa_IR").name = "اندازهٔ کفش"
        definition.with_context(lang="en_US").name = "Size of shoes"
        self.assertEqual(self.label("custom_number_1", self.persian), "اندازهٔ کفش")
        self.assertEqual(self.label("custom_number_1"), "Size of shoes")

    def test_label_from_the_translation_dialog_shows_at_once(self):
        definition = self.define("Shoe size", "custom_number_1", persian="سایز")
        self.assertEqual(self.label("custom_number_1", self.persian), "سایز")
        definition.update_field_translations("name", {"fa_IR": "سایز کفش"})
        self.assertEqual(self.label("custom_number_1", self.persian), "سایز کفش")

    def test_caller_without_a_language_gets_the_label(self):
        self.define("Shoe size", "custom_number_1")
        nobody = self.env["res.partner"].with_context(lang=False)
        self.assertEqual(self.label("custom_number_1", nobody), "Shoe size")

    def test_help_shows_where_the_field_does(self):
        self.define("Shoe size", "custom_number_1", help="European")
        for model in ("res.partner", "res.users"):
            described = self.env[model].fields_get()["custom_number_1"]
            self.assertEqual(described["help"], "European")

    def test_pickers_of_fields_name_the_label(self):
        self.define("Shoe size", "custom_number_1", persian="سایز کفش")
        field = self.env["ir.model.fields"]._get("res.partner", "custom_number_1")
        persian = field.with_context(lang="fa_IR")
        self.assertIn("سایز کفش (", persian.display_name)
        self.assertEqual(
            field.with_context(lang="en_US", hide_model=True).display_name, "Shoe size"
        )

    def test_archived_field_vanishes_but_can_be_asked_for(self):
        definition = self.define("Shoe size", "custom_number_1")
        definition.active = False
        self.assertNotIn("custom_number_1", self.partners.fields_get())
        self.assertIn("custom_number_1", self.partners.fields_get(["custom_number_1"]))

    def test_who_asks_for_archived_ones_leaves_none_in_a_cache(self):
        fields = self.env["mini_crm.field"]
        archived = fields.create({"name": "Gone", "key": "gone", "type": "text"})
        archived.action_archive()
        fields.with_context(active_test=False)._rules()
        self.assertNotIn("gone", fields._rules())

    def test_change_that_is_rolled_back_leaves_no_label_in_a_cache(self):
        definition = self.define("Shoe size", "custom_number_1")
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            definition.name = "Hat size"
            self.assertEqual(self.label("custom_number_1"), "Hat size")
            raise ZeroDivisionError
        self.assertEqual(self.label("custom_number_1"), "Shoe size")

    def test_what_is_read_amid_a_refused_change_leaves_no_label_in_a_cache(self):
        self.label("custom_number_1")
        seen = []

        def another_type(slot):
            seen.append(self.label(slot))
            return "text"

        with (
            patch.object(mini_crm_field, "slot_type", another_type),
            self.assertRaises(ValidationError),
            self.env.cr.savepoint(),
        ):
            self.define("Hat size", "custom_number_1")
        self.assertEqual(seen, ["Hat size"])
        self.assertNotEqual(self.label("custom_number_1"), "Hat size")
        self.assertNotIn("custom_number_1", self.partners.fields_get())

    def test_worker_that_still_sees_the_old_version_keeps_the_old_label(self):
        definition = self.define("Shoe size", "custom_number_1")
        Field = self.env["mini_crm.field"]
        old = self.env["mini_crm.version"]._current()
        Field._looks_of(old, "en_US")
        definition.name = "Hat size"
        new = self.env["mini_crm.version"]._current()
        self.assertNotEqual(old, new)
        label = {
            version: Field._looks_of(version, "en_US").by_slot["custom_number_1"].label
            for version in (old, new)
        }
        self.assertEqual(label, {old: "Shoe size", new: "Hat size"})

    def test_open_pages_are_told_once(self):
        self.env.cr.flush()
        Bus = self.env["bus.bus"]
        domain = [("message", "like", "mini_crm.definitions")]
        before = Bus.search_count(domain)
        definition = self.define("Shoe size", "custom_number_1")
        definition.name = "Hat size"
        self.env.cr.flush()
        self.assertEqual(Bus.search_count(domain), before + 1)

    def test_definitions_never_touch_the_data(self):
        tier = self.define_tier()
        size = self.define("Shoe size", "custom_number_1")
        make_customer(self.env, custom_select_1="gold", custom_number_1=41)
        before = self.slots_digest()
        size.write({"name": "Hat size", "sequence": 99, "active": False})
        tier.option_ids[0].write({"name": "Golden", "active": False})
        tier.section_id = self.env["mini_crm.field.section"].create(
            {"name": "Club", "key": "club"}
        )
        tier.active = False
        self.assertEqual(self.slots_digest(), before)

    def test_describing_all_fields_asks_once_for_their_labels(self):
        Fields = self.env["ir.model.fields"]
        for describe in (Fields.get_field_string, Fields.get_field_help):
            self.assertIs(describe("res.partner"), describe("res.partner"))


@tagged("post_install", "-at_install")
class TestFieldChoices(CustomFieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls.define_tier()
        gold = cls.tier.option_ids.filtered(lambda option: option.code == "gold")
        gold.with_context(lang="fa_IR").name = "طلایی"
        cls.gold = gold

    def selection(self, model):
        return model.fields_get(["custom_select_1"])["custom_select_1"]["selection"]

    def test_choices_have_labels_in_every_language(self):
        self.assertEqual(
            self.selection(self.partners),
            [("gold", "Gold"), ("silver", "Silver"), ("bronze", "Bronze (archived)")],
        )
        self.assertEqual(self.selection(self.persian)[0], ("gold", "طلایی"))
        self.gold.with_context(lang="en_US").name = "Golden"
        self.assertEqual(self.selection(self.partners)[0], ("gold", "Golden"))

    def had_bronze(self):
        """A customer whose choice has been archived since."""
        bronze = self.tier.with_context(active_test=False).option_ids[-1]
        bronze.active = True
        customer = make_customer(self.env, custom_select_1="bronze")
        bronze.active = False
        return customer

    def test_customers_are_grouped_by_choice(self):
        make_customer(self.env, custom_select_1="gold")
        self.had_bronze()
        groups = self.partners.formatted_read_group(
            [("custom_select_1", "!=", False)], ["custom_select_1"], ["__count"]
        )
        found = {group["custom_select_1"]: group["__count"] for group in groups}
        self.assertEqual(found, {"gold": 1, "bronze": 1})

    def test_exported_values_are_labels_archived_ones_too(self):
        customers = make_customer(self.env, custom_select_1="gold") | self.had_bronze()
        rows = customers.with_context(lang="fa_IR").export_data(["custom_select_1"])
        self.assertEqual(rows["datas"][0], ["طلایی"])
        self.assertIn("Bronze", rows["datas"][1][0])

    def test_labels_of_any_language_and_codes_are_imported(self):
        result = self.persian.load(
            ["name", "custom_select_1"],
            [["Loaded 1", "طلایی"], ["Loaded 2", "Silver"], ["Loaded 3", "gold"]],
        )
        self.assertTrue(result["ids"], result["messages"])
        loaded = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(loaded.mapped("custom_select_1"), ["gold", "silver", "gold"])

    def test_import_names_the_field_and_its_choices_when_it_refuses(self):
        result = self.partners.load(
            ["name", "custom_select_1"], [["Loaded", "Platinum"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Tier", result["messages"][0]["message"])
        self.assertIn("Gold", result["messages"][0]["moreinfo"])
