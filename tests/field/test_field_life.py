from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...engine.fields import SLOT_COUNTS
from ...models.field import mini_crm_field_life
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestFieldLife(MiniCrmCase):
    """Definitions: made, archived, released, restored, deleted."""

    def define(self, **values):
        return self.env["mini_crm.field"].create(
            {"name": "Size", "type": "text", **values}
        )

    def value(self, customer, definition):
        return customer._custom_values()[customer.id][definition.key]

    # Keys

    def test_key_is_made_of_the_label(self):
        for label, key in (
            ("Shoe size (EU)", "shoe_size_eu"),
            ("Größe", "grosse"),
            ("تاریخ عضویت", "tarykh_azvyt"),
            ("مشتری ۲", "mshtry_2"),
            ("42", "field_42"),
            ("★", "field_1"),
            ("★", "field_2"),
            ("Name", "name_2"),
            ("Birth date", "birth_date_2"),
        ):
            self.assertEqual(self.define(name=label).key, key, label)

    def test_key_that_cannot_be_one_is_refused(self):
        for key in ("Size", "1st", "a b", "x" * 64, "name", "custom_text_1", "city"):
            with self.assertRaises(UserError, msg=key):
                self.define(key=key)

    def test_key_of_an_archived_field_is_told(self):
        self.define(key="size").action_archive()
        with self.assertRaisesRegex(UserError, "restore it"):
            self.define(key="size")

    def test_key_type_and_slot_never_change(self):
        definition = self.define(key="size")
        definition.write({"key": "size", "type": "text", "slot": definition.slot})
        for vals in ({"key": "x"}, {"type": "date"}, {"slot": False}):
            with self.assertRaisesRegex(UserError, "Make a new field"):
                definition.write(vals)

    def test_code_of_a_choice_is_made_of_its_label_and_never_changes(self):
        definition = self.define(
            type="select",
            option_ids=[
                (0, 0, {"name": "Extra large"}),
                (0, 0, {"name": "42"}),
                (0, 0, {"name": "طلایی"}),
            ],
        )
        self.assertEqual(
            definition.option_ids.mapped("code"), ["extra_large", "42", "tlayy"]
        )
        with self.assertRaises(UserError):
            definition.option_ids[0].code = "xl"
        customer = make_customer(self.env, **{definition.slot: "42"})
        with self.assertRaises(UserError):
            definition.option_ids[1].unlink()
        customer[definition.slot] = False
        definition.option_ids[1].unlink()

    def test_rules_that_make_no_sense_are_refused(self):
        for values in (
            {"rules": {"smallest": 1}},
            {"type": "number", "rules": {"minimum": 5, "maximum": 1}},
            {"type": "number", "rules": {"pattern": "x"}},
            {"type": "date", "rules": {"earliest": "yesterday"}},
            {"rules": {"pattern": "("}},
            {"rules": ["x"]},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self.define(**values)

    def test_only_one_field_in_use_is_the_birthday(self):
        birthday = self.env.ref("mini_crm.mini_crm_field_birth_date")
        self.assertEqual((birthday.key, birthday.type), ("birth_date", "date"))
        with self.assertRaises(ValidationError):
            self.define(type="date", role="birthday")
        birthday.action_archive()
        self.define(type="date", role="birthday")
        with self.assertRaises(ValidationError):
            birthday.restore()
        with self.assertRaises(ValidationError):
            self.define(type="text", role="birthday")

    def test_birth_date_is_made_once(self):
        birthday = self.env.ref("mini_crm.mini_crm_field_birth_date")
        birthday.action_archive()
        birthday.unlink()
        own = self.define(key="birth_date", name="Born on", type="date")
        self.env["mini_crm.field"]._make_birth_date()
        self.assertFalse(
            self.env.ref("mini_crm.mini_crm_field_birth_date", raise_if_not_found=False)
        )
        own.action_archive()
        own.unlink()
        self.env["res.lang"]._activate_lang("fa_IR")
        self.env["mini_crm.field"]._make_birth_date()
        made = self.env.ref("mini_crm.mini_crm_field_birth_date")
        self.assertEqual(made.with_context(lang="fa_IR").name, "تاریخ تولد")
        self.assertEqual(made.with_context(lang="en_US").name, "Birth date")

    # Slots

    def test_fields_take_the_slots_of_their_type_until_none_is_left(self):
        made = self.env["mini_crm.field"].create(
            [{"name": f"P{n}", "type": "phone"} for n in range(SLOT_COUNTS["phone"])]
        )
        self.assertEqual(len(set(made.mapped("slot"))), SLOT_COUNTS["phone"])
        made[0].action_archive()
        slots = self.env["mini_crm.field"].slots()["phone"]
        self.assertEqual(
            slots,
            {"all": 5, "free": 0, "archived": [{"id": made[0].id, "name": "P0"}]},
        )
        with self.assertRaisesRegex(UserError, "P0"):
            self.define(name="One more", type="phone")
        beyond = self.define(name="Beyond", type="phone", slot=False)
        self.assertFalse(beyond.slot)
        made[0].release_slot()
        self.assertEqual(
            self.define(name="One more", type="phone").slot, "custom_phone_1"
        )

    def test_slot_where_values_stand_is_not_given_away(self):
        make_customer(self.env, custom_url_1="https://example.com")
        free = self.env["mini_crm.field"].slots()["url"]["free"]
        self.assertEqual(free, SLOT_COUNTS["url"] - 1)
        self.assertEqual(self.define(type="url").slot, "custom_url_2")

    def test_zeros_of_a_field_that_is_gone_do_not_show_under_a_new_label(self):
        children = self.define(name="Children", type="number")
        slot, customer = children.slot, make_customer(self.env)
        customer._set_custom({children.key: 0})
        self.env.flush_all()
        children.action_archive()
        children.unlink()
        discount = self.define(name="Discount", type="number")
        self.assertEqual(discount.slot, slot)
        self.assertIsNone(self.value(customer, discount))

    def test_zeros_come_back_with_a_released_field(self):
        children = self.define(name="Children", type="number")
        customer = make_customer(self.env)
        customer._set_custom({children.key: 0})
        self.env.flush_all()
        children.action_archive()
        children.release_slot()
        children.restore()
        self.assertEqual(self.value(customer, children), 0.0)

    def test_slot_of_an_archived_field_is_nobody_elses(self):
        first = self.define()
        first.action_archive()
        with self.assertRaisesRegex(ValidationError, "archived field Size"):
            self.define(name="Other", slot=first.slot)

    # Archive, release, restore

    def test_archived_field_keeps_its_values(self):
        definition = self.define()
        customer = make_customer(self.env, **{definition.slot: "L"})
        definition.action_archive()
        self.assertNotIn(definition.key, customer._custom_values()[customer.id])
        definition.action_unarchive()
        self.assertEqual(self.value(customer, definition), "L")

    def test_released_values_come_back_to_another_slot(self):
        for kind, given, stored in (
            ("text", "L", "L"),
            ("number", 4.25, 4.25),
            ("date", "2000-02-29", "2000-02-29"),
            ("boolean", True, True),
        ):
            first = self.define(name=f"First {kind}", type=kind)
            customer = make_customer(self.env, **{first.slot: given})
            other = make_customer(self.env)
            first.action_archive()
            first.release_slot()
            second = self.define(name=f"Second {kind}", type=kind)
            self.assertFalse(self.value(customer, second))
            self.define(name=f"Third {kind}", type=kind)
            first.restore()
            self.assertEqual(first.active, True)
            value = self.value(customer, first)
            self.assertEqual(str(value) if kind == "date" else value, stored)
            self.assertFalse(self.value(other, first))
            self.assertFalse(self.env["mini_crm.field.value"].search([]))

    def test_slot_of_many_values_is_emptied_without_writing_rows(self):
        for kind, value in (
            ("text", "L"),
            ("number", 4.5),
            ("date", "2000-01-01"),
            ("boolean", True),
        ):
            first = self.define(name=f"First {kind}", type=kind)
            customer = make_customer(self.env, **{first.slot: value})
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT ctid FROM res_partner WHERE id = %s", [customer.id]
            )
            row = self.env.cr.fetchone()
            first.action_archive()
            self.env.flush_all()
            with patch.object(mini_crm_field_life, "MANY", 0):
                first.release_slot()
            self.env.cr.execute(
                "SELECT ctid FROM res_partner WHERE id = %s", [customer.id]
            )
            self.assertEqual(self.env.cr.fetchone(), row)
            second = self.define(name=f"Second {kind}", type=kind)
            self.assertFalse(self.value(customer, second))
            customer.write({second.slot: value})
            first.restore()
            self.env.invalidate_all()
            for definition in (first, second):
                shown = self.value(customer, definition)
                self.assertEqual(str(shown), str(value), kind)

    def test_restored_field_without_a_free_slot_can_go_beyond_the_slots(self):
        first = self.define(type="number")
        customer = make_customer(self.env, **{first.slot: 7})
        first.action_archive()
        first.release_slot()
        free = self.env["mini_crm.field"].slots()["number"]["free"]
        self.env["mini_crm.field"].create(
            [{"name": f"N{n}", "type": "number"} for n in range(free)]
        )
        with self.assertRaises(UserError):
            first.restore()
        self.assertFalse(first.active)
        first.restore(overflow=True)
        self.assertEqual(self.value(customer, first), 7.0)
        self.assertFalse(first.slot)

    def test_field_in_use_keeps_its_slot(self):
        with self.assertRaises(UserError):
            self.define().release_slot()

    def test_releasing_tells_customers_nothing(self):
        definition = self.define()
        customer = make_customer(self.env, **{definition.slot: "L"})
        self.settle()
        definition.action_archive()
        definition.release_slot()
        self.settle()
        definition.restore()
        self.settle()
        self.assertFalse(self.events(customer, "field_updated"))

    # Deletion

    def test_field_is_deleted_only_when_archived_and_without_values(self):
        for slot in ({}, {"slot": False}):
            definition = self.define(**slot)
            customer = make_customer(self.env)
            customer._set_custom({definition.key: "L"})
            with self.assertRaises(UserError):
                definition.unlink()
            definition.action_archive()
            with self.assertRaisesRegex(UserError, "1 customers"):
                definition.unlink()
            if definition.slot:
                definition.release_slot()
                with self.assertRaisesRegex(UserError, "1 customers"):
                    definition.unlink()
            self.assertEqual(definition.delete_values(), 1)
            definition.unlink()
            self.assertFalse(customer.custom_fields_extra)

    # Usages and rights

    def test_what_uses_a_field_is_listed(self):
        definition = self.define(key="loyalty_points", type="number")
        users = self.use(definition.slot)
        decoy = self.use(definition.slot.replace("_1", "_10"))
        found = {(row["model"], row["id"]) for row in definition.usages()}
        for record in users:
            self.assertIn((record._name, record.id), found)
        for record in decoy:
            self.assertNotIn((record._name, record.id), found)
        self.assertIn("Loyal", [row["name"] for row in definition.usages()])

    def test_templates_of_industries_are_no_use_of_a_field(self):
        definition = self.define(key="loyalty_points", type="number")
        self.env["mini_crm.industry"].create(
            {
                "name": "Tea",
                "key": "tea",
                "field_ids": [(0, 0, {"name": "Points", "key": "loyalty_points"})],
            }
        )
        self.assertEqual(definition.usages(), [])

    def use(self, slot):
        """A saved filter, an export template and an import mapping with a slot."""
        saved = {"name": "Loyal", "model_id": "res.partner", "user_ids": []}
        lines = [(0, 0, {"name": slot})]
        export = {"name": "Points", "resource": "res.partner", "export_fields": lines}
        mapping = {"res_model": "res.partner", "column_name": slot, "field_name": slot}
        domain = f"[('{slot}', '>', 3)]"
        return (
            self.env["ir.filters"].create({**saved, "domain": domain}),
            self.env["ir.exports"].create(export),
            self.env["base_import.mapping"].create(mapping),
        )

    def test_only_administrators_change_definitions(self):
        definition = self.define()
        for user in (self.agent, self.manager):
            own = definition.with_user(user)
            self.assertEqual(own.name, "Size")
            self.assertTrue(own.slots())
            for act in (
                own.action_archive,
                own.restore,
                own.release_slot,
                own.delete_values,
                own.usages,
            ):
                with self.assertRaises(AccessError):
                    act()
        definition.with_user(self.admin).action_archive()
        definition.with_user(self.admin).release_slot()
        definition.with_user(self.admin).restore()
        self.assertTrue(definition.active)
