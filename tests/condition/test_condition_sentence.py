from odoo.tests import tagged

from ..common import MiniCrmCase

INACTIVE = """['|', ('last_contacted_at', '<', 'today -30d'), '&',
    ('last_contacted_at', '=', False), ('customer_since', '<', 'today -30d')]"""


@tagged("post_install", "-at_install")
class TestConditionSentence(MiniCrmCase):
    """Conditions in words, in the reader's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        module = cls.env["ir.module.module"]._get("mini_crm")
        module._update_translations(["fa_IR"])
        cls.condition = cls.env["mini_crm.condition"]

    def test_shipped_conditions_read_naturally_in_both_languages(self):
        vip = "[('crm_score', '>=', 80), ('total_purchases', '>=', 5)]"
        for domain, english, persian in (
            (INACTIVE, "no contact for 30 days", "30 روز بدون ارتباط"),
            (
                vip,
                "score at least 80 and bought 5 times or more",
                "امتیاز دست‌کم 80 و 5 بار خرید یا بیشتر",
            ),
            (
                "[('total_spent', '>=', 1000000)]",
                "spent 1,000,000 or more",
                "مجموع خرید 1,000,000 یا بیشتر",
            ),
            (
                "[('birthday_period', '=', 'this_month')]",
                "birthday this month",
                "تولدش این ماه است",
            ),
        ):
            self.assertEqual(self.condition._sentence(domain), english)
            self.assertEqual(self.condition._sentence(domain, "fa_IR"), persian)

    def test_names_of_records_and_labels_of_fields_are_said(self):
        tag = self.env["res.partner.category"].create({"name": "Loud"})
        field = self.env["mini_crm.field"].create(
            {"name": "Shoe size", "type": "number"}
        )
        domain = [("category_id", "in", [tag.id]), (field.slot, ">", 42.5)]
        self.assertEqual(
            self.condition._sentence(domain),
            "has the tag Loud and Shoe size above 42.5",
        )
        field.name = "Size of shoes"
        self.assertIn("Size of shoes above", self.condition._sentence(domain))

    def test_months_and_days_are_named(self):
        slot = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        self.assertEqual(
            self.condition._sentence([(f"{slot}.month_number", "=", 3)]),
            "the month of Birth date is March",
        )
        self.assertEqual(
            self.condition._sentence([(f"{slot}.day_of_week", "=", 0)]),
            "the weekday of Birth date is Sunday",
        )
        self.assertIn(
            "14 بهمن 1368",
            self.condition._sentence([(slot, ">=", "1990-02-03")], "fa_IR"),
        )

    def test_moments_are_told_by_the_clock_of_the_shop(self):
        self.company.mini_crm_tz = "Asia/Tehran"
        said = self.condition._sentence(
            [("customer_since", "<", "2026-01-01 20:40:00")]
        )
        self.assertIn("01/02/2026 00:10", said)

    def test_what_cannot_be_read_says_why(self):
        self.assertIn("no list of comparisons", self.condition._sentence("nonsense("))
        self.assertIn(
            "no longer known", self.condition._sentence([("password", "=", "x")])
        )

    def test_customers_whom_the_reader_may_not_see_are_not_named(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["res.partner"].create(
            {"name": "Secret person", "company_id": other.id}
        )
        reader = self.condition.with_user(self.manager)
        self.assertNotIn(
            "Secret", reader._sentence([("referred_by_id", "=", theirs.id)])
        )
