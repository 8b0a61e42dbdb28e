from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestConditionBirthday(MiniCrmCase):
    """Birthdays in a period, by the shop's day and calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slot = cls.env.ref("mini_crm.mini_crm_field_birth_date").slot
        cls.company.mini_crm_calendar = "gregorian"
        cls.company.mini_crm_tz = False

    @contextmanager
    def at(self, moment):
        """Have it be a moment (UTC) for what asks Odoo for the time."""
        now = self.utc(moment)
        with patch.object(fields.Datetime, "now", lambda: now):
            yield

    def have_it_be(self, moment):
        """The same until the end of the test."""
        now = self.utc(moment)
        self.startPatcher(patch.object(fields.Datetime, "now", lambda: now))

    def born(self, day):
        return make_customer(self.env, **{self.slot: day})

    def found(self, domain, among):
        return among.search([("id", "in", among.ids), *domain])

    def periods(self, customer):
        codes = ("today", "next_7", "next_30", "this_month", "next_month")
        return [
            code
            for code in codes
            if self.found([("birthday_period", "=", code)], customer)
        ]

    def test_periods_go_over_the_end_of_the_year(self):
        self.have_it_be("2026-12-28 12:00:00")
        expected = {
            "1990-12-28": ["today", "next_7", "next_30", "this_month"],
            "1990-01-03": ["next_7", "next_30", "next_month"],
            "1990-01-04": ["next_30", "next_month"],
            "1990-01-27": ["next_month"],
            "1990-12-27": ["this_month"],
            "1990-02-01": [],
        }
        for day, periods in expected.items():
            with self.subTest(day):
                self.assertEqual(self.periods(self.born(day)), periods)

    def test_leap_day_is_celebrated_the_day_before_in_other_years(self):
        leap = self.born("2000-02-29")
        for moment, found in (
            ("2026-02-28 12:00:00", True),
            ("2026-03-01 12:00:00", False),
            ("2028-02-28 12:00:00", False),
            ("2028-02-29 12:00:00", True),
        ):
            with self.subTest(moment), self.at(moment):
                self.assertEqual("today" in self.periods(leap), found)

    def test_jalali_birthdays_follow_the_jalali_year(self):
        self.company.mini_crm_calendar = "jalali"
        esfand_30 = self.born("1997-03-20")  # 30 Esfand 1375
        farvardin_1 = self.born("1997-03-21")  # 1 Farvardin 1376
        for moment, customer in (
            ("2025-03-20 12:00:00", esfand_30),  # 30 Esfand 1403
            ("2026-03-20 12:00:00", esfand_30),  # 29 Esfand 1404, its last day
            ("2026-03-21 12:00:00", farvardin_1),
        ):
            with self.subTest(moment), self.at(moment):
                both = esfand_30 + farvardin_1
                self.assertEqual(
                    self.found([("birthday_period", "=", "today")], both), customer
                )

    def test_today_is_the_day_of_the_shop(self):
        customer = self.born("1990-03-22")
        for zone, moment, found in (
            ("Asia/Tehran", "2026-03-21 20:40:00", True),  # 00:10 of the 22nd
            ("Asia/Tehran", "2026-03-22 20:20:00", True),  # 23:50
            ("Asia/Tehran", "2026-03-22 20:40:00", False),
            ("Pacific/Kiritimati", "2026-03-21 10:10:00", True),
            ("Pacific/Kiritimati", "2026-03-22 10:10:00", False),
            ("America/New_York", "2026-03-22 03:50:00", False),
            ("America/New_York", "2026-03-22 04:10:00", True),
        ):
            self.company.mini_crm_tz = zone
            with self.subTest(f"{zone} {moment}"), self.at(moment):
                self.assertEqual("today" in self.periods(customer), found)

    def test_several_periods_and_none_can_be_asked_for(self):
        self.have_it_be("2026-03-22 12:00:00")
        today, later, never = (
            self.born("1990-03-22"),
            self.born("1990-04-30"),
            make_customer(self.env),
        )
        among = today + later + never
        either = [("birthday_period", "in", ["today", "next_month"])]
        self.assertEqual(self.found(either, among), today + later)
        self.assertEqual(
            self.found([("birthday_period", "!=", "today")], among), later + never
        )
        self.assertEqual(self.found([("birthday_period", "=", False)], among), never)

    def test_period_shows_on_the_customer(self):
        self.have_it_be("2026-03-22 12:00:00")
        self.assertEqual(self.born("1990-03-22").birthday_period, "today")
        self.assertEqual(self.born("1990-03-25").birthday_period, "next_7")
        self.assertFalse(self.born("1990-08-25").birthday_period)
        self.assertFalse(make_customer(self.env).birthday_period)

    def test_calendar_follows_the_language_of_the_shop(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.company.mini_crm_calendar = False
        self.assertEqual(self.company._birthday_calendar(), "gregorian")
        self.company.partner_id.lang = "fa_IR"
        self.assertEqual(self.company._birthday_calendar(), "jalali")
        self.company.mini_crm_calendar = "gregorian"
        self.assertEqual(self.company._birthday_calendar(), "gregorian")

    def test_nobody_has_a_birthday_without_a_field_for_it(self):
        customer = self.born("1990-03-22")
        self.env.ref("mini_crm.mini_crm_field_birth_date").action_archive()
        self.assertFalse(self.found([("birthday_period", "!=", False)], customer))
        self.assertFalse(customer.birthday_period)
