import json

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer

BOTTOM = {"name": "Age", "key": "age", "type": "number", "rules": {"minimum": 18}}


@tagged("post_install", "-at_install")
class TestFieldValues(MiniCrmCase):
    """Whatever writes custom values, they are read and judged at one door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ir")
        cls.customer = make_customer(cls.env)

    def define(self, **values):
        return self.env["mini_crm.field"].create(
            {"name": "Size", "type": "text", **values}
        )

    def stored(self, definition):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(p) -> %s FROM res_partner p WHERE id = %s",
            (definition.slot, self.customer.id),
        )
        return self.env.cr.fetchone()[0]

    # Reading

    def test_every_writing_of_a_value_is_stored_in_one_form(self):
        for kind, given, stored in (
            ("text", "  red ", "red"),
            ("number", "۱۲٫۵", 12.5),
            ("date", "1368/01/01", "1989-03-21"),
            ("boolean", "بله", True),
            ("email", " Sara@Example.com", "Sara@Example.com"),
            ("phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+989121234567"),
            ("url", "https://example.com/a", "https://example.com/a"),
        ):
            definition = self.define(type=kind)
            self.customer.write({definition.slot: given})
            self.assertEqual(self.stored(definition), stored, kind)

    def test_empty_is_null_of_every_type_but_yes_or_no(self):
        for kind, value in (
            ("text", "x"),
            ("number", 4),
            ("date", "2000-01-01"),
            ("email", "a@example.com"),
            ("phone", "+989121234567"),
            ("url", "https://example.com"),
        ):
            definition = self.define(type=kind)
            self.customer.write({definition.slot: value})
            self.customer.write({definition.slot: False})
            self.assertIsNone(self.stored(definition), kind)

    def test_number_that_is_zero_is_not_unset(self):
        definition = self.define(type="number")
        key = definition.key
        self.assertIsNone(self.customer._custom_values()[self.customer.id][key])
        self.customer[definition.slot] = 0
        self.env.invalidate_all()
        self.assertEqual(self.customer._custom_values()[self.customer.id][key], 0.0)
        self.customer._set_custom({key: None})
        self.env.invalidate_all()
        self.assertIsNone(self.customer._custom_values()[self.customer.id][key])
        self.assertEqual(self.customer[definition.slot], 0.0)

    def test_untouched_number_of_a_form_is_unset_where_0_is_out_of_range(self):
        definition = self.define(**BOTTOM)
        self.customer.write({definition.slot: 0})
        self.assertIsNone(self.stored(definition))
        with self.assertRaises(ValidationError):
            self.customer._set_custom({"age": 0})

    def test_national_phone_is_read_by_the_country_of_each_customer(self):
        definition = self.define(type="phone")
        french = make_customer(self.env, country_id=self.env.ref("base.fr").id)
        both = self.customer | french
        with self.assertRaises(ValidationError):
            both.write({definition.slot: "0912 123 4567"})
        french.write({definition.slot: "01 42 68 53 00"})
        self.assertEqual(french[definition.slot], "+33142685300")
        french.write(
            {definition.slot: "09121234567", "country_id": self.env.ref("base.ir").id}
        )
        self.assertEqual(french[definition.slot], "+989121234567")

    # Judging

    def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(self):
        age, mail = self.define(**BOTTOM), self.define(name="Work mail", type="email")
        with self.assertRaises(ValidationError) as caught:
            self.customer.write({"city": "Qom", age.slot: 5, mail.slot: "nobody"})
        message = str(caught.exception)
        for part in ("Age", "5", "18", "Work mail", "nobody"):
            self.assertIn(part, message)
        self.assertFalse(self.customer.city)
        with self.assertRaises(ValidationError):
            make_customer(self.env, **{age.slot: 5})

    def test_message_speaks_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        age = self.define(**BOTTOM)
        age.with_context(lang="fa_IR").name = "سن"
        with self.assertRaises(ValidationError) as caught:
            self.customer.with_context(lang="fa_IR").write({age.slot: 5})
        self.assertIn("سن", str(caught.exception))

    def test_stored_value_passes_although_its_rule_became_stricter(self):
        age = self.define(**{**BOTTOM, "rules": {}})
        self.customer.write({age.slot: 5})
        age.rules = {"minimum": 18}
        self.customer.write({age.slot: 5, "city": "Qom"})
        self.assertEqual(self.customer.city, "Qom")
        with self.assertRaises(ValidationError):
            self.customer.write({age.slot: 6})
        with self.assertRaises(ValidationError):
            (self.customer | make_customer(self.env)).write({age.slot: 5})

    def test_default_value_passes_the_door_as_well(self):
        age = self.define(**BOTTOM)
        with self.assertRaises(ValidationError):
            make_customer(self.env(context={f"default_{age.slot}": 5}))

    def test_no_context_from_outside_opens_the_door(self):
        age = self.define(**BOTTOM)
        for value in (True, 1, "STORED", {}):
            with self.assertRaises(ValidationError):
                self.customer.with_context(mini_crm_values=value).write({age.slot: 5})

    def test_slot_without_definition_keeps_what_its_type_asks_for(self):
        with self.assertRaises(ValidationError):
            self.customer.custom_email_5 = "nobody"
        self.customer.custom_select_10 = "any"
        self.assertEqual(self.customer.custom_select_10, "any")

    # Beyond the slots

    def test_overflow_is_merged_key_by_key(self):
        shoe = self.define(name="Shoe", type="number", slot=False)
        born = self.define(name="Born", type="date", slot=False)
        self.customer.custom_fields_extra = {"shoe": "۴۲", "note_of_till": "x"}
        self.customer.custom_fields_extra = {"born": "1368/01/01"}
        self.assertEqual(
            self.customer.custom_fields_extra,
            {"shoe": 42.0, "note_of_till": "x", "born": "1989-03-21"},
        )
        self.customer.custom_fields_extra = {"shoe": None}
        values = self.customer._custom_values(extra=True)[self.customer.id]
        self.assertIsNone(values[shoe.key])
        self.assertEqual(str(values[born.key]), "1989-03-21")
        self.assertEqual(values["note_of_till"], "x")
        self.customer.custom_fields_extra = False
        self.assertFalse(self.customer.custom_fields_extra)

    def test_customers_keep_their_own_other_keys_when_written_together(self):
        other = make_customer(self.env, custom_fields_extra={"a": True})
        self.customer.custom_fields_extra = {"a": 1}
        (self.customer | other).write({"custom_fields_extra": {"b": "x"}})
        self.assertIs(other.custom_fields_extra["a"], True)
        self.assertEqual(self.customer.custom_fields_extra, {"a": 1, "b": "x"})

    def test_overflow_takes_neither_wrong_values_nor_wrong_keys(self):
        self.define(name="Shoe", type="number", slot=False)
        slotted = self.define(name="Hat")
        for extra in (
            {"shoe": "large"},
            {slotted.key: "x"},
            {"Upper": 1},
            {"name": "x"},
            {"a": [1]},
            {"a": {"b": 1}},
            {"a": "x" * 4001},
            {"a": float("nan")},
            {"a": "nul \0"},
            {"a": "half \ud800"},
            ["a"],
            "a",
            {f"k{n}": 1 for n in range(501)},
        ):
            with self.assertRaises(ValidationError, msg=json.dumps(extra)[:60]):
                self.customer.custom_fields_extra = extra
        self.assertFalse(self.customer.custom_fields_extra)

    def test_key_that_customers_use_for_something_else_is_refused(self):
        self.customer.custom_fields_extra = {"shoe": "large"}
        with self.assertRaisesRegex(Exception, "another type"):
            self.define(name="Shoe", type="number", slot=False)
        self.define(name="Shoe", type="text", slot=False)
        self.assertEqual(
            self.customer._custom_values()[self.customer.id]["shoe"], "large"
        )

    # By key

    def test_values_are_set_by_key_all_or_none(self):
        self.define(**BOTTOM)
        self.define(name="Shoe", type="number", slot=False)
        vals, problems = self.customer._custom_problems(
            {"age": 5, "shoe": "x", "nothing": 1}
        )
        self.assertFalse(vals)
        self.assertEqual([p["key"] for p in problems], ["age", "shoe", "nothing"])
        self.assertEqual(problems[2]["code"], "key_unknown")
        with self.assertRaises(ValidationError):
            self.customer._set_custom({"age": 20, "nothing": 1})
        self.customer._set_custom({"age": 20, "shoe": 42, "more": "x"}, extra=True)
        self.env.invalidate_all()
        values = self.customer._custom_values(extra=True)[self.customer.id]
        values.pop("birth_date")
        self.assertEqual(values, {"age": 20.0, "shoe": 42.0, "more": "x"})

    def test_values_of_many_are_read_with_one_query(self):
        self.define(**BOTTOM)
        customers = self.customer | make_customer(self.env) | make_customer(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["mini_crm.field"]._rules()
        with self.assertQueryCount(1):
            values = customers._custom_values()
        self.assertEqual(set(values), set(customers.ids))

    def test_plain_write_asks_the_database_nothing_more(self):
        self.define(**BOTTOM)
        self.customer.with_context(mini_crm_no_events=True).city = "Tehran"
        self.env.flush_all()
        self.env["mini_crm.field"]._rules()
        with self.assertQueryCount(2):  # Odoo looks for letters, then updates
            self.customer.with_context(mini_crm_no_events=True).zip = "12345"
            self.env.flush_all()

    # By other ways

    def test_copy_has_the_values_and_is_judged(self):
        age = self.define(**{**BOTTOM, "rules": {}})
        shoe = self.define(name="Shoe", slot=False)
        self.customer._set_custom({"age": 5, "shoe": "42"})
        copied = self.customer.copy()
        values = copied._custom_values()[copied.id]
        self.assertEqual((values["age"], values["shoe"]), (5.0, "42"))
        shoe.action_archive()
        self.assertEqual(self.customer.copy().custom_fields_extra, {"shoe": "42"})
        age.rules = {"minimum": 18}
        with self.assertRaises(ValidationError):
            self.customer.copy()

    def test_import_of_odoo_tells_the_row(self):
        age = self.define(**BOTTOM)
        result = self.env["res.partner"].load(
            ["name", age.slot], [["One", "20"], ["Two", "5"]]
        )
        self.assertFalse(result["ids"])
        last = result["messages"][-1]
        self.assertIn("Age", last["message"])
        self.assertEqual(last["rows"], {"from": 1, "to": 1})

    # Required

    def test_required_fields_that_are_empty_are_told_and_found(self):
        size = self.define(required=True)
        shoe = self.define(name="Shoe", type="number", slot=False, required=True)
        self.define(name="Agreed", type="boolean", required=True)
        full = make_customer(
            self.env, **{size.slot: "L", "custom_fields_extra": {"shoe": 42}}
        )
        half = make_customer(self.env, **{size.slot: "L"})
        self.assertEqual(self.customer.missing_required, 2)
        self.assertEqual(half.missing_required_names, "Shoe")
        self.assertEqual(full.missing_required, 0)
        everybody = [("id", "in", (self.customer | half | full).ids)]
        for condition, expected in (
            (("missing_required", ">", 0), self.customer | half),
            (("missing_required", "=", 2), self.customer),
            (("missing_required", "!=", 1), self.customer | full),
            (("missing_required", "in", [0, 1]), half | full),
        ):
            found = self.env["res.partner"].search([*everybody, condition])
            self.assertEqual(found, expected, condition)
        half._set_custom({shoe.key: 40})
        self.assertEqual(half.missing_required, 0)

    def test_required_field_never_stops_a_program(self):
        self.define(required=True)
        self.customer.write({"city": "Qom"})
        self.assertEqual(make_customer(self.env, city="Qom").city, "Qom")
