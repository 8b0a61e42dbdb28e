from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...engine.fields import SLOTS
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestFieldSlots(MiniCrmCase):
    def define(self, **values):
        return self.env["mini_crm.field"].create(
            {
                "name": "Shoe size",
                "key": "shoe_size",
                "type": "number",
                "slot": "custom_number_1",
                **values,
            }
        )

    def test_there_are_ninety_slots_on_every_contact(self):
        self.assertEqual(len(SLOTS), 90)
        for slot in SLOTS:
            field = self.env["res.partner"]._fields[slot]
            self.assertEqual(field.prefetch, "mini_crm_slots")
            self.assertFalse(field.required or field.index)

    def test_slot_shows_only_while_a_definition_uses_it(self):
        for model in ("res.partner", "res.users"):
            self.assertNotIn("custom_number_1", self.env[model].fields_get())
        definition = self.define()
        self.assertIn("custom_number_1", self.env["res.partner"].fields_get())
        definition.active = False
        self.assertNotIn("custom_number_1", self.env["res.partner"].fields_get())

    def test_search_view_offers_no_slot_without_definition(self):
        view = self.env["res.partner"].get_views([(False, "search")])
        names = view["models"]["res.partner"]["fields"]
        defined = self.env["mini_crm.field"]._active_slots()
        self.assertEqual(set(names) & set(SLOTS), set(defined))

    def test_slot_of_another_type_is_refused(self):
        with self.assertRaises(ValidationError):
            self.define(slot="custom_text_1")
        with self.assertRaises(ValidationError):
            self.define(slot="custom_number_16")

    def test_reading_a_name_reads_no_slot(self):
        customer = make_customer(self.env, custom_text_1="x")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(customer.name)
        slot = self.env["res.partner"]._fields["custom_text_1"]
        self.assertNotIn(customer.id, slot._get_cache(self.env))

    def test_portal_user_reads_searches_and_groups_by_none_of_our_fields(self):
        portal = self.portal
        ours = {
            (model, name)
            for model in ("res.partner", "res.users")
            for name, field in self.env[model]._fields.items()
            if field._module == "mini_crm"
            or (field.inherited and field.related_field._module == "mini_crm")
        }
        self.assertGreater(len(ours), 200)
        for model, name in sorted(ours):
            records = self.env[model].with_user(portal)
            self.assertNotIn(name, records.fields_get())
            with self.assertRaises(AccessError, msg=name):
                portal.partner_id.with_user(portal).read([name])
            with self.assertRaises(AccessError, msg=name):
                records.search([(name, "!=", False)])
            shape = self.env[model].fields_get([name])[name]
            if shape["sortable"]:
                with self.assertRaises(AccessError, msg=name):
                    records.search([], order=name)
            if shape["groupable"]:
                with self.assertRaises(AccessError, msg=name):
                    records.formatted_read_group([], [name], ["__count"])
            if shape.get("aggregator"):
                with self.assertRaises(AccessError, msg=name):
                    records.formatted_read_group([], [], [f"{name}:max"])
