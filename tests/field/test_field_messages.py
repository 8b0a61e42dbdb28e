from datetime import date

from odoo.tests import tagged

from ...engine.field_values import (
    FieldRule,
    Option,
    ValueProblem,
    check_present,
    check_rule,
    read_value,
)
from ...models.field.field_messages import problem_text, value_texts
from ..common import MiniCrmCase

DAY = date(2026, 1, 31)
OPTIONS = (Option("g", ("Gold",)), Option("o", ("Old",), active=False))
# type, rules, value, and what the message has to name
VALUES = (
    ("text", {}, "a\u202eb", ["U+202E", "2"]),
    ("text", {}, True, ["Text"]),
    ("text", {"max_length": 3}, "abcd", ["4", "3"]),
    ("text", {"min_length": 3}, "ab", ["2", "3"]),
    ("text", {"pattern": r"\d{3}"}, "ab", [r"\d{3}"]),
    ("number", {}, "many", ["1234.50"]),
    ("number", {}, "3 kg", ["kg"]),
    ("number", {}, "1" * 20, ["1000000000000000"]),
    ("number", {"minimum": 1.5}, 1, ["1.5"]),
    ("number", {"maximum": 5}, 6, ["5"]),
    ("date", {}, "soon", ["1404/11/11"]),
    ("date", {}, "2026-01-31 10:00", []),
    ("date", {"earliest": DAY}, "2026-01-30", ["01/31/2026"]),
    ("date", {"latest": DAY}, "2026-02-01", ["01/31/2026"]),
    ("boolean", {}, "perhaps", []),
    ("email", {}, "sara@", ["name@example.com"]),
    ("phone", {}, "0912 345 6789", []),
    ("phone", {}, "+98 123", []),
    ("url", {}, "javascript:alert(1)", ["https://"]),
    ("url", {}, "https://a@b.co", ["@"]),
    ("select", {"options": OPTIONS}, "tin", ["Gold"]),
    ("select", {"options": OPTIONS}, "Old", ["Old"]),
)
RULES = (
    ("colour", {}, ["colour"]),
    ("number", {"pattern": "a"}, ["Number", "pattern"]),
    ("number", {"minimum": 6, "maximum": 5}, ["6", "5"]),
    ("number", {"maximum": "x"}, ["largest number", "x"]),
    ("date", {"earliest": "x"}, ["earliest day", "x"]),
    ("date", {"earliest": DAY, "latest": date(2026, 1, 1)}, ["01/31/2026"]),
    ("text", {"max_length": -1}, ["-1", "4000"]),
    ("text", {"pattern": "("}, ["missing )"]),
    ("text", {"pattern": "a" * 501}, ["501", "500"]),
    ("text", {"pattern": "(?=a)"}, ["(?="]),
    ("text", {"pattern": r"(a)\1"}, ["\\1"]),
    ("text", {"pattern": "a{1001}"}, []),
    ("select", {"options": (Option("", ("Gold",)),)}, ["Gold"]),
    ("select", {"options": (OPTIONS[0], OPTIONS[0])}, ["g"]),
    ("select", {"options": (OPTIONS[0], Option("x", ("gold",)))}, ["gold"]),
)


@tagged("post_install", "-at_install")
class TestFieldMessages(MiniCrmCase):
    """What people read when a value or a rule cannot be taken."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fa_IR")
        self.env["ir.module.module"]._load_module_terms(["mini_crm"], ["fa_IR"])
        self.english = self.env(context={"lang": "en_US"})
        self.persian = self.env(context={"lang": "fa_IR"})

    def assert_told(self, problem, value, words):
        """A message in either language that names the field and all of the words."""
        text = problem_text(self.english, "Shoe size", problem, value)
        self.assertTrue(text.startswith("Shoe size: "), text)
        for word in words:
            self.assertIn(word, text)
        persian = problem_text(self.persian, "شماره کفش", problem, value)
        self.assertTrue(persian.startswith("شماره کفش: "), persian)
        for told in (text, persian):
            self.assertNotRegex(told, r"\{[a-z_]+\}")
        code = problem.code
        self.assertNotEqual(
            value_texts(self.persian)[code], value_texts(self.english)[code]
        )

    def test_a_wrong_value_is_told_with_field_value_and_limit(self):
        for kind, rules, value, words in VALUES:
            with self.subTest(kind, value=value):
                with self.assertRaises(ValueProblem) as found:
                    read_value(FieldRule("x", kind, **rules), value)
                self.assert_told(found.exception, value, words)

    def test_a_wrong_rule_is_told_with_the_part_that_is_wrong(self):
        for kind, rules, words in RULES:
            with self.subTest(kind, rules=rules):
                with self.assertRaises(ValueProblem) as found:
                    check_rule(FieldRule("x", kind, **rules))
                self.assert_told(found.exception, None, words)

    def test_a_missing_value_is_told(self):
        with self.assertRaises(ValueProblem) as found:
            check_present(FieldRule("x", "text", required=True), None)
        self.assert_told(found.exception, None, ["needed"])

    def test_a_long_or_hidden_value_is_shown_short_and_visible(self):
        problem = ValueProblem("number_unknown")
        text = problem_text(self.english, "Age", problem, "\u202ex" + "y" * 10_000_000)
        self.assertIn("“xyyy", text)
        self.assertLess(len(text), 200)
        for value in (b"\x00", ["a"], {"a": 1}):
            self.assertNotIn("\x00", problem_text(self.english, "Age", problem, value))
