from odoo.tests import tagged
from odoo.tools import SQL

from .time_case import TimeCase

ZONES = ("Asia/Tehran", "Pacific/Kiritimati", "America/New_York")


@tagged("post_install", "-at_install")
class TestWorkflowBirthdays(TimeCase):
    """Birthdays that come near, by the shop's days and calendar, each of them once."""

    def test_it_is_the_shops_day_that_counts_around_midnight(self):
        march, april = self.born("1990-03-10"), self.born("1985-03-11")
        for number, zone in enumerate(ZONES):
            with self.subTest(zone=zone):
                self.move(zone)
                with self.clock("2026-03-09 12:00"):
                    early = self.live("birthday", at="00:10")
                    late = self.live("birthday", at="23:50")
                self.assertEqual(self.due(early), "2026-03-10 00:10")
                self.assertEqual(self.due(late), "2026-03-09 23:50")
                self.assertEqual(self.runs(early, "2026-03-10 00:09"), [])
                self.assertEqual(self.runs(late, "2026-03-09 23:50"), [])
                self.assertEqual(self.runs(early, "2026-03-10 00:10"), [march])
                self.assertEqual(self.due(early), "2026-03-11 00:10")
                self.assertEqual(self.runs(late, "2026-03-10 23:49"), [])
                self.assertEqual(self.runs(late, "2026-03-10 23:50"), [march])
                self.assertEqual(self.runs(early, "2026-03-11 00:10"), [april])
                self.assertEqual(self.runs(late, "2026-03-11 23:50"), [april])
                (early | late).state = "paused"
                self.assertEqual(
                    self.env["mini_crm.workflow.start"].search_count(
                        [("workflow_id", "in", (early | late).ids)]
                    ),
                    4,
                    number,
                )

    def test_days_before_it_and_once_a_year(self):
        customer = self.born("1990-03-10")
        with self.clock("2026-03-01 12:00"):
            near = self.live("birthday", days_before=3)
        days = [f"2026-03-{day:02}" for day in range(2, 13)]
        found = {day: self.runs(near, f"{day} 09:00") for day in days}
        self.assertEqual(
            {day for day, customers in found.items() if customers}, {"2026-03-07"}
        )
        self.assertEqual(self.runs(near, "2027-03-07 09:00"), [customer])
        self.assertEqual(self.runs(near, "2027-03-08 09:00", "2027-03-10 09:00"), [])

    def test_who_is_met_when_it_is_near_already_enters_as_well(self):
        with self.clock("2026-03-01 12:00"):
            near = self.live("birthday", days_before=7)
        self.assertEqual(self.runs(near, "2026-03-08 09:00"), [])
        customer = self.born("1990-03-10")
        self.assertEqual(self.runs(near, "2026-03-09 09:00"), [customer])

    def test_29_february_is_celebrated_a_day_early_in_common_years(self):
        leap = self.born("1992-02-29")
        with self.clock("2026-02-20 12:00"):
            wish = self.live("birthday")
        self.assertEqual(self.runs(wish, "2026-02-27 09:00"), [])
        self.assertEqual(self.runs(wish, "2026-02-28 09:00"), [leap])
        self.assertEqual(self.runs(wish, "2026-03-01 09:00"), [])
        self.assertEqual(self.runs(wish, "2028-02-28 09:00"), [])
        self.assertEqual(self.runs(wish, "2028-02-29 09:00"), [leap])

    def test_30_esfand_is_celebrated_a_day_early_in_common_years(self):
        self.company.mini_crm_calendar = "jalali"
        leap = self.born("2021-03-20")  # 30 Esfand 1399
        with self.clock("2026-03-10 12:00"):
            wish = self.live("birthday")
        self.assertEqual(self.runs(wish, "2026-03-19 09:00"), [])
        self.assertEqual(self.runs(wish, "2026-03-20 09:00"), [leap])  # 29 Esfand 1404
        self.assertEqual(self.runs(wish, "2026-03-21 09:00"), [])

    def test_the_turn_of_the_year_is_crossed_in_both_calendars(self):
        for calendar, published, birth, day in (
            ("gregorian", "2026-12-20 12:00", "1990-01-03", "2026-12-27 09:00"),
            ("jalali", "2027-03-10 12:00", "1990-03-23", "2027-03-16 09:00"),
        ):
            with self.subTest(calendar=calendar):
                self.company.mini_crm_calendar = calendar
                customer = self.born(birth)
                with self.clock(published):
                    near = self.live("birthday", days_before=7)
                eve = day.replace("27 09", "26 09").replace("16 09", "15 09")
                self.assertEqual(self.runs(near, eve), [])
                self.assertEqual(self.runs(near, day), [customer])
                near.state = "paused"

    def test_a_birthday_of_a_calendar_year_that_begins_twice_in_another(self):
        """11 Dey 1402 and 1403 are both in 2024."""
        self.company.mini_crm_calendar = "jalali"
        customer = self.born("1984-01-01")  # 11 Dey 1362
        with self.clock("2023-12-20 12:00"):
            wish = self.live("birthday")
        self.assertEqual(self.runs(wish, "2024-01-01 09:00"), [customer])
        self.assertEqual(self.runs(wish, "2024-12-31 09:00"), [customer])

    def test_a_server_that_slept_over_it_tells_once_and_not_after_some_days(self):
        _long_ago, two, three = (
            self.born(f"1990-03-{day}") for day in ("09", "10", "14")
        )
        with self.clock("2026-03-05 12:00"):
            wish = self.live("birthday")
        # awake again before the hour of that day
        self.assertEqual(self.runs(wish, "2026-03-14 08:00"), [two])
        self.assertEqual(self.runs(wish, "2026-03-14 09:00"), [three])
        self.assertEqual(self.runs(wish, "2026-03-15 09:00"), [])

    def test_a_birth_date_that_is_learned_afterwards_is_not_told_of(self):
        with self.clock("2026-03-09 12:00"):
            wish = self.live("birthday")
        self.assertEqual(self.runs(wish, "2026-03-10 09:00"), [])
        self.born("1990-03-10")
        self.assertEqual(self.runs(wish, "2026-03-11 09:00"), [])

    def test_customers_of_other_companies_and_archived_ones_do_not_enter(self):
        shared, others, gone = (self.born("1990-03-10") for _n in range(3))
        others.company_id = self.env["res.company"].create({"name": "Other"})
        gone.active = False
        self.settle()
        with self.clock("2026-03-09 12:00"):
            wish = self.live("birthday")
        self.assertEqual(self.runs(wish, "2026-03-10 09:00"), [shared])


@tagged("post_install", "-at_install")
class TestWorkflowSilence(TimeCase):
    """Customers of whom nothing was heard for some days: once for each silence."""

    def contact(self, customer, text):
        customer._log("message_received", date=self.moment(text))
        self.settle()

    def test_he_enters_once_when_it_has_lasted_and_again_after_another_contact(self):
        customer = self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(customer, "2026-03-01 12:00")
            silent = self.live("inactive", days=10)
        self.assertEqual(self.runs(silent, "2026-03-11 11:59"), [])
        self.assertEqual(self.runs(silent, "2026-03-11 12:10"), [customer])
        self.assertEqual(self.runs(silent, "2026-03-12 12:10", "2026-04-12 12:00"), [])
        with self.clock("2026-04-20 12:00"):
            self.contact(customer, "2026-04-20 12:00")
        self.assertEqual(self.runs(silent, "2026-04-29 12:00"), [])
        self.assertEqual(self.runs(silent, "2026-04-30 12:00"), [customer])
        self.assertEqual(self.runs(silent, "2026-05-30 12:00"), [])

    def test_he_who_is_heard_of_in_time_does_not_enter(self):
        customer = self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(customer, "2026-03-01 12:00")
            silent = self.live("inactive", days=10)
        with self.clock("2026-03-11 11:00"):
            self.contact(customer, "2026-03-11 11:00")
        self.assertEqual(self.runs(silent, "2026-03-11 12:10", "2026-03-21 10:59"), [])
        self.assertEqual(self.runs(silent, "2026-03-21 11:10"), [customer])

    def test_who_has_been_silent_before_enters_only_with_bulk_changes(self):
        old, never = self.born(False), self.born(False)
        self.contact(old, "2025-01-01 12:00")
        with self.clock("2026-03-01 12:00"):
            from_now = self.live("inactive", days=10)
            everybody = self.live("inactive", days=10, bulk=True)
        moments = "2026-03-01 12:00", "2026-03-02 12:10", "2026-03-12 12:00"
        self.assertEqual(self.runs(from_now, *moments), [])
        self.assertEqual([one[1] for one in self.entered], [old])
        self.assertNotIn(never, self.runs(everybody, "2026-06-01 12:00"))

    def test_it_is_due_when_the_next_silence_ends(self):
        customer = self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(customer, "2026-02-20 08:00")
            silent = self.live("inactive", days=10)
        self.assertEqual(self.due(silent), "2026-03-02 08:00")
        self.runs(silent, "2026-03-02 08:00")
        self.assertEqual(self.due(silent), "2026-03-03 08:00", "a day at most")

    def test_a_server_that_slept_has_each_enter_once_late(self):
        one, two = self.born(False), self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(one, "2026-03-01 11:00")
            self.contact(two, "2026-03-01 11:30")
            silent = self.live("inactive", days=10)
        self.assertEqual(self.runs(silent, "2026-05-01 12:00"), [one, two])
        self.assertEqual(self.runs(silent, "2026-05-02 12:00"), [])

    def test_another_number_of_days_does_not_tell_of_the_same_silence_twice(self):
        customer = self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(customer, "2026-03-01 12:00")
            silent = self.live("inactive", days=10)
        self.assertEqual(self.runs(silent, "2026-03-11 12:10"), [customer])
        with self.clock("2026-03-12 12:00"):
            self.publish(silent, "inactive", days=20)
        self.assertEqual(self.runs(silent, "2026-03-21 12:10", "2026-03-22 12:10"), [])

    def test_many_are_found_by_an_index_not_by_looking_at_everybody(self):
        customer = self.born(False)
        with self.clock("2026-03-01 12:00"):
            self.contact(customer, "2026-03-01 12:00")
            silent = self.live("inactive", days=10)
        self.env.flush_all()
        for way in ("seqscan", "bitmapscan", "sort"):  # of little there is
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        select = silent._silent_sql(self.moment("2026-03-11 12:10"))
        plan = "\n".join(
            row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", select))
        )
        self.assertIn("using mini_crm_profile_last_contacted_idx", plan)
        self.assertRegex(plan, r"Index Cond: \(\(ROW\(last_contacted_at, id\) >")
