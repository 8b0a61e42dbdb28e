from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import MiniCrmCase
from .hostile import conditions


@tagged("post_install", "-at_install")
class TestConditionHostile(MiniCrmCase):
    """Nothing but what the allow-list knows comes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.condition = cls.env["mini_crm.condition"].with_user(cls.manager)

    def test_hostile_conditions_are_refused_with_a_message(self):
        number = 0
        for what, given in conditions():
            number += 1
            with self.subTest(what):
                told = self.condition._problems(given)
                self.assertTrue(told, "let through")
                self.assertFalse([text for text in told if "%(" in text or not text])
                self.assertLess(max(map(len, told)), 400)
                with self.assertRaises(ValidationError):
                    self.condition._query(given, self.manager, self.company)
        self.assertGreaterEqual(number, 200)

    def test_hostile_conditions_leave_an_editor_working(self):
        for what, given in conditions():
            with self.subTest(what):
                answer = self.condition.count(given)
                self.assertIsNone(answer["count"])
                self.assertEqual(answer["sample"], [])
                self.assertTrue(answer["problems"])

    def test_hostile_conditions_are_told_in_persian_too(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        persian = self.condition.with_context(lang="fa_IR")
        for what, given in conditions():
            with self.subTest(what):
                told = persian._problems(given)
                self.assertTrue(told)
                self.assertNotIn("%(", "".join(told))
