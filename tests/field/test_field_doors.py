from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...engine.field_values import ValueContext, ValueProblem, read_value
from ..common import MiniCrmCase
from ..factories import make_customer

# One definition of each type with rules, and two beyond the slots.
DEFINITIONS = [
    {"key": "nick", "type": "text", "rules": {"min_length": 2, "max_length": 8}},
    {"key": "code", "type": "text", "rules": {"pattern": r"[A-Z]{2}\d*"}},
    {"key": "kids", "type": "number", "rules": {"minimum": 0, "maximum": 12}},
    {"key": "born", "type": "date", "rules": {"earliest": "1900-01-01"}},
    {"key": "vip", "type": "boolean"},
    {"key": "mail", "type": "email"},
    {"key": "line", "type": "phone"},
    {"key": "page", "type": "url"},
    {
        "key": "tier",
        "type": "select",
        "option_ids": [(0, 0, {"name": "Gold"}), (0, 0, {"name": "Silver"})],
    },
    {"key": "shoe", "type": "number", "slot": False, "rules": {"maximum": 60}},
    {"key": "note", "type": "text", "slot": False, "rules": {"max_length": 8}},
]
TEXTS = st.sampled_from(
    [
        *("", " ", "a", "ab", "AB12", "۱۲", "gold", "Silver", "tin", "yes", "بله"),
        *("a@b.co", "a@", "0912 123 4567", "+33142685300", "12345", "12.5", "-1"),
        *("2000-02-29", "1368/01/01", "2000-13-01", "https://a.co", "javascript:x"),
        *("x" * 9, "x" * 5000, "a\0b", "‮abc", "1e999"),
    ]
)
VALUES = (
    TEXTS
    | st.text(max_size=6)
    | st.integers(-10, 200)
    | st.sampled_from([0.5, -0.0, 1e300, float("nan"), float("inf")])
    | st.booleans()
    | st.none()
    | st.dates(date(1800, 1, 1), date(2100, 1, 1))
)
FEW = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@tagged("post_install", "-at_install")
class TestFieldDoors(MiniCrmCase):
    """Properties: no door lets an invalid value in; no old value under a new label."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ir")
        cls.definitions = cls.env["mini_crm.field"].create(
            [{"name": values["key"].title(), **values} for values in DEFINITIONS]
        )
        cls.rules = {
            definition.key: definition._rule() for definition in cls.definitions
        }
        cls.customer = make_customer(cls.env)
        cls.env.cr.flush()

    def read(self, rule, value):
        """What the engine makes of a value: (stored, refused)."""
        try:
            return read_value(rule, value, ValueContext(region="IR")), False
        except ValueProblem:
            return None, True

    def columns(self, key, value):
        """Values of ``write`` for one field."""
        slot = self.rules[key].slot
        return {slot: value} if slot else {"custom_fields_extra": {key: value}}

    def doors(self):
        """{name: function(key, value) -> the customer that was written}."""
        Partner, customer = self.env["res.partner"], self.customer

        def writes(key, value):
            customer.write(self.columns(key, value))
            return customer

        def saves(key, value):
            customer.web_save(self.columns(key, value), {"id": {}})
            return customer

        def edits_list(key, value):
            both = customer | make_customer(self.env)
            both.web_save(self.columns(key, value), {"id": {}})
            return both[1]

        def creates(key, value):
            return make_customer(self.env, **self.columns(key, value))

        def copies(key, value):
            return customer.copy(self.columns(key, value))

        def sets(key, value):
            customer._set_custom({key: value})
            return customer

        def has_default(key, value):
            context = {f"default_{n}": v for n, v in self.columns(key, value).items()}
            return Partner.with_context(**context).create({"name": "By default"})

        return [writes, saves, edits_list, creates, copies, sets, has_default]

    def test_no_door_lets_a_value_in_that_the_engine_refuses(self):
        keys = st.sampled_from(sorted(self.rules))

        @FEW
        @given(keys, VALUES, st.sampled_from(self.doors()))
        def check(key, value, door):
            rule = self.rules[key]
            if door.__name__ == "has_default" and not (
                isinstance(value, str) and rule.type not in ("number", "boolean")
            ):
                return  # Odoo makes another value of a default before it gets here
            with self.env.cr.savepoint() as savepoint:
                expected, refused = self.read(rule, value)
                try:
                    written = door(key, value)
                except (ValidationError, ValueError, TypeError) as error:
                    written = None
                    self.assertTrue(
                        refused or not isinstance(error, ValidationError),
                        f"{door.__name__} {key} {value!r}: {error}",
                    )
                if written:
                    self.env.flush_all()
                    self.env.invalidate_all()
                    stored = written._custom_values()[written.id][key]
                    if refused:
                        # an empty field as Odoo's clients send it
                        self.assertIn(value, (False, 0))
                    blank = False if rule.type == "boolean" else None
                    self.assertEqual(stored, blank if expected is None else expected)
                savepoint.rollback()

        check()

    def test_import_of_odoo_stores_what_the_engine_makes_of_a_cell(self):
        keys = [key for key, rule in self.rules.items() if rule.slot]

        @settings(FEW, max_examples=25)
        @given(st.sampled_from(keys), TEXTS)
        def check(key, text):
            rule = self.rules[key]
            with self.env.cr.savepoint() as savepoint:
                expected, refused = self.read(rule, text)
                result = self.env["res.partner"].load(
                    ["name", rule.slot], [["Loaded", text]]
                )
                if result["ids"]:
                    self.env.flush_all()
                    self.env.invalidate_all()
                    loaded = self.env["res.partner"].browse(result["ids"])
                    stored = loaded._custom_values()[loaded.id][key]
                    self.assertFalse(refused, f"{key} {text!r}")
                    blank = False if rule.type == "boolean" else None
                    self.assertEqual(stored, blank if expected is None else expected)
                savepoint.rollback()

        check()

    def test_no_label_ever_shows_the_values_of_another_field(self):
        steps = st.lists(
            st.tuples(
                st.sampled_from(["make", "set", "archive", "release", "restore"]),
                st.integers(0, 3),
            ),
            min_size=4,
            max_size=12,
        )
        # two slots are left, so that they go from hand to hand
        self.env["mini_crm.field"].create(
            [{"name": f"Full {n}", "type": "url"} for n in range(2)]
        )

        @settings(FEW, max_examples=25)
        @given(steps)
        def check(plan):
            with self.env.cr.savepoint() as savepoint:
                self.play(plan)
                savepoint.rollback()

        check()

    def play(self, plan):
        """Do steps with fields of one type, and look at all of them after each."""
        made, values = [], {}
        for number, (step, index) in enumerate(plan):
            if step == "make":
                try:
                    with self.env.cr.savepoint():
                        definition = self.env["mini_crm.field"].create(
                            {"name": f"Made {number}", "type": "url"}
                        )
                    made.append(definition)
                except UserError:
                    self.assertFalse(self.env["mini_crm.field"].slots()["url"]["free"])
            elif made:
                self.step(step, made[index % len(made)], number, values)
            self.env.flush_all()
            self.env.invalidate_all()
            shown = self.customer._custom_values()[self.customer.id]
            for definition in made:
                if definition.active:
                    key = definition.key
                    self.assertEqual(shown[key], values.get(key), f"{plan} {number}")
                else:
                    self.assertNotIn(definition.key, shown)

    def step(self, step, definition, number, values):
        if step == "set" and definition.active:
            value = f"https://example.com/{number}"
            self.customer._set_custom({definition.key: value})
            values[definition.key] = value
        elif step == "archive":
            definition.action_archive()
        elif step == "release" and not definition.active:
            definition.release_slot()
        elif step == "restore":
            definition.restore(overflow=True)
