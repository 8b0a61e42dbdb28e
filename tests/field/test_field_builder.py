from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestFieldFormBuilder(MiniCrmCase):
    """The changes that the form builder makes, each by its one door."""

    def setUp(self):
        super().setUp()
        self.fields = self.env["mini_crm.field"].with_user(self.admin)

    def apply(self, kind, **operation):
        return self.fields.builder_apply({"kind": kind, **operation})

    def create_field(self, name="Shoe size", type_="number", **operation):
        values = {"name": name, "type": type_}
        result = self.apply("create", part="field", values=values, **operation)
        return self.fields.browse(result["id"])

    def create_section(self, name, **operation):
        result = self.apply(
            "create", part="section", values={"name": name}, **operation
        )
        return self.env["mini_crm.field.section"].browse(result["id"])

    def names(self, section=None):
        """Labels of the fields made here, in the order of the section."""
        section_id = section.id if section else False
        return [
            field["name"]
            for field in self.fields.builder_state()["fields"]
            if (field["section_id"] or False) == section_id
            and field["role"] != "birthday"
        ]

    def test_a_label_and_a_type_make_a_field_with_a_slot_and_a_key(self):
        field = self.create_field("Shoe size")
        self.assertEqual(field.key, "shoe_size")
        self.assertTrue(field.slot.startswith("custom_number_"))
        self.assertEqual(self.create_field("Shoe size").key, "shoe_size_2")

    def test_field_without_a_label_is_refused_and_nothing_is_written(self):
        before = self.fields.search_count([])
        with self.assertRaises(UserError):
            self.apply("create", part="field", values={"name": " ", "type": "text"})
        self.assertEqual(self.fields.search_count([]), before)

    def test_field_goes_to_its_place_and_the_others_make_room(self):
        section = self.create_section("At the shop")
        for index, name in enumerate(("A", "C")):
            self.create_field(name, section_id=section.id, index=index)
        self.create_field("B", section_id=section.id, index=1)
        self.assertEqual(self.names(section), ["A", "B", "C"])

    def test_field_moves_within_and_between_sections(self):
        one, other = self.create_section("One"), self.create_section("Other")
        a, b = (self.create_field(n, section_id=one.id) for n in "AB")
        self.create_field("C", section_id=other.id)
        self.apply("place", id=b.id, section_id=one.id, index=0)
        self.assertEqual(self.names(one), ["B", "A"])
        self.apply("place", id=a.id, section_id=other.id, index=0)
        self.assertEqual(self.names(other), ["A", "C"])
        self.apply("place", id=a.id, section_id=False, index=0)
        self.assertIn("A", self.names())
        self.assertEqual(self.names(one), ["B"])

    def test_removed_section_leaves_its_fields_and_can_come_back_with_them(self):
        first = self.create_section("First")
        section = self.create_section("Middle")
        last = self.create_section("Last")
        field = self.create_field(section_id=section.id)
        self.apply("discard", part="section", id=section.id)
        self.assertFalse(section.exists())
        self.assertFalse(field.section_id)
        back = self.create_section("Middle", index=1, fields=[field.id])
        self.assertEqual(field.section_id, back)
        ids = [section["id"] for section in self.fields.builder_state()["sections"]]
        self.assertEqual(
            [i for i in ids if i in (first | back | last).ids],
            [first.id, back.id, last.id],
        )

    def test_discarded_field_is_deleted_when_nobody_has_a_value(self):
        field = self.create_field()
        make_customer(self.env)
        result = self.apply("discard", part="field", id=field.id)
        self.assertNotIn("kept", result)
        self.assertFalse(field.exists())

    def test_discarded_field_is_archived_when_somebody_has_a_value(self):
        for type_, value in (
            ("text", "x"),
            ("number", 42),
            ("date", "2026-01-31"),
            ("boolean", True),
        ):
            field = self.create_field(f"Own {type_}", type_)
            make_customer(self.env, active=False, **{field.slot: value})
            result = self.apply("discard", part="field", id=field.id)
            self.assertTrue(result["kept"], type_)
            self.assertFalse(field.active)
            self.apply("restore", id=field.id)
            self.assertTrue(field.active)

    def test_option_keeps_its_code_when_its_label_changes(self):
        field = self.create_field("Size", "select")
        ids = [
            self.apply(
                "create", part="option", field_id=field.id, values={"name": name}
            )["id"]
            for name in ("Small", "Large")
        ]
        self.apply("write", part="option", id=ids[0], values={"name": "S", "color": 3})
        self.apply("order", part="option", ids=ids[::-1])
        state = self.fields.builder_state()
        options = next(f for f in state["fields"] if f["id"] == field.id)["options"]
        self.assertEqual(
            [(option["name"], option["code"]) for option in options],
            [("Large", "large"), ("S", "small")],
        )

    def test_label_of_another_language_is_kept_apart_and_can_be_taken_away(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        field = self.create_field("Shoe size")
        version = self.env["mini_crm.version"]._current()
        self.apply(
            "translate",
            part="field",
            id=field.id,
            name="name",
            texts={"fa_IR": "شمارهٔ کفش"},
        )
        persian = field.with_context(lang="fa_IR")
        self.assertEqual((field.name, persian.name), ("Shoe size", "شمارهٔ کفش"))
        self.assertNotEqual(self.env["mini_crm.version"]._current(), version)
        self.apply(
            "translate", part="field", id=field.id, name="name", texts={"fa_IR": False}
        )
        self.assertEqual(persian.name, "Shoe size")

    def test_only_what_the_builder_edits_can_be_written(self):
        field = self.create_field()
        for values in ({"slot": "custom_number_9"}, {"active": False}, {"key": "x"}):
            with self.assertRaises(UserError):
                self.apply("write", part="field", id=field.id, values=values)
        for operation in ({"kind": "unlink"}, {"kind": "write", "part": "user"}):
            with self.assertRaises(UserError):
                self.fields.builder_apply({"id": 1, **operation})

    def test_change_of_what_is_gone_says_so(self):
        field = self.create_field()
        field.action_archive()
        field.unlink()
        with self.assertRaisesRegex(UserError, "gone"):
            self.apply("write", part="field", id=field.id, values={"required": True})

    def test_only_administrators_see_and_change_the_form(self):
        for user in (self.agent, self.manager):
            fields = self.env["mini_crm.field"].with_user(user)
            with self.assertRaises(AccessError):
                fields.builder_state()
            with self.assertRaises(AccessError):
                fields.builder_apply({"kind": "order", "part": "section", "ids": []})
            with self.assertRaises(AccessError):
                fields.builder_try(1, "x")

    def test_state_takes_as_many_queries_for_forty_fields_as_for_two(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.fields.builder_state()
            return self.env.cr.sql_log_count - before

        section = self.create_section("One")
        field = self.create_field("Size", "select", section_id=section.id)
        option = {"part": "option", "field_id": field.id}
        self.apply("create", **option, values={"name": "Small"})
        self.create_field("Two", "text")
        self.fields.builder_state()
        few = queries()
        self.env["mini_crm.field"].create(
            [
                {
                    "name": f"Text {n}",
                    "key": f"text_{n}",
                    "type": "text",
                    "slot": f"custom_text_{n}",
                }
                for n in range(5, 30)
            ]
        )
        self.assertEqual(queries(), few)
