from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..factories import log_messages, make_customer, make_purchase
from .journey_case import NOW, JourneyCase

TEHRAN = timedelta(hours=3, minutes=30)


@tagged("post_install", "-at_install")
class TestJourneyDays(JourneyCase):
    """Daily figures: what happened on each day of the company, and what is now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.mini_crm_tz = "Asia/Tehran"
        cls.days = cls.env["mini_crm.journey.day"]

    def write(self, now=NOW, company=None):
        return self.days._write_days(company or self.company, now)

    def day(self, day, company=None):
        return self.days.search(
            [("company_id", "=", (company or self.company).id), ("date", "=", day)]
        )

    def at(self, day, clock):
        """UTC of a time in the shop, in May 2026."""
        return self.utc(f"2026-05-{day:02} {clock}:00") - TEHRAN

    def customer(self, since, **values):
        """A customer since a time, whom the settling has scored."""
        customer = make_customer(self.env, **values)
        self.settle()
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET customer_since = %s WHERE id = %s",
            (since, customer.id),
        )
        return customer

    def test_day_begins_at_midnight_in_the_shop(self):
        one = self.customer(self.at(10, "00:10"))
        two = self.customer(self.at(10, "23:50"))
        log_messages(one, ("in", self.at(10, "00:10")), ("out", self.at(11, "23:50")))
        log_messages(two, ("in", self.at(12, "00:00")))
        one._log("call_logged", date=self.at(11, "09:00"))
        self.write()
        figures = [
            (d.messages_in, d.messages_out, d.active_customers, d.active_this_month)
            for d in map(self.day, map("2026-05-{}".format, range(10, 14)))
        ]
        self.assertEqual(
            figures, [(1, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2), (0, 0, 0, 2)]
        )
        hours = self.day("2026-05-11").activity_hours
        self.assertEqual({h: n for h, n in enumerate(hours) if n}, {9: 1, 23: 1})
        self.assertEqual(len(hours), 24)

    def test_machine_written_messages_are_no_activity(self):
        one = self.customer(self.at(10, "10:00"))
        one._log("message_sent", date=self.at(11, "10:00"), data={"automated": True})
        self.write()
        self.assertEqual(self.day("2026-05-11").messages_out, 0)

    def test_customers_add_up_from_day_to_day(self):
        for day in (10, 10, 12):
            self.customer(self.at(day, "12:00"))
        self.write()
        figures = [
            (d.new_customers, d.customers)
            for d in map(self.day, map("2026-05-{}".format, range(10, 14)))
        ]
        self.assertEqual(figures, [(2, 2), (0, 2), (1, 3), (0, 3)])
        self.assertFalse(self.day("2026-05-09"))
        self.assertEqual(self.days.search([], limit=1).date, date(2026, 5, 19))

    def test_revenue_is_net_and_purchases_are_counted(self):
        one = self.customer(self.at(10, "10:00"))
        make_purchase(self.env, one, 100, date=self.at(11, "00:05"))
        make_purchase(self.env, one, 50, date=self.at(11, "23:55"))
        make_purchase(self.env, one, -30, date=self.at(11, "12:00"))
        self.write()
        figures = self.day("2026-05-11")
        self.assertEqual((figures.revenue, figures.purchases), (120, 2))
        self.assertEqual(figures.active_customers, 1)

    def test_month_begins_anew(self):
        one = self.customer(self.utc("2026-04-01 12:00:00"))
        for day in ("2026-04-28", "2026-05-03"):
            log_messages(one, ("in", self.utc(f"{day} 12:00:00")))
        self.write()
        months = {
            day: self.day(day).active_this_month
            for day in (
                "2026-04-27",
                "2026-04-28",
                "2026-04-30",
                "2026-05-01",
                "2026-05-04",
            )
        }
        self.assertEqual(list(months.values()), [0, 1, 1, 0, 1])

    def test_states_are_those_of_now_and_of_the_last_day_only(self):
        histories = self.make_histories(25)
        self.write()
        newest = self.day("2026-05-19")
        stages, _moves = self.expected(histories, "90")
        for stage, figures in stages.items():
            self.assertEqual(newest[f"stage_{stage}"], figures["customers"], stage)
        self.assertEqual(newest.states_at, NOW)
        self.assertEqual(newest.scored, 25)
        self.assertEqual(sum(newest.score_buckets), 25)
        scores = [h.partner.crm_score for h in histories]
        self.assertAlmostEqual(newest.score_average, sum(scores) / 25)
        buckets = [sum(min(s // 10, 9) == b for s in scores) for b in range(10)]
        self.assertEqual(newest.score_buckets, buckets)
        healths = ("green", "yellow", "red", "none")
        self.assertEqual(sum(newest[f"health_{h}"] for h in healths), 25)
        self.assertFalse(self.day("2026-05-18").states_at)

    def test_days_of_an_outage_are_exact_but_their_states_are_marked(self):
        one = self.customer(self.at(1, "12:00"))
        self.write(self.at(11, "00:30"))
        self.assertFalse(self.day("2026-05-10").states_late)
        log_messages(one, ("in", self.at(12, "12:00")))
        self.write(self.at(15, "00:30"))
        self.assertEqual(self.day("2026-05-12").messages_in, 1)
        late = [self.day(f"2026-05-{day}").states_late for day in range(10, 15)]
        self.assertEqual(late, [False, True, True, True, False])
        self.assertEqual(self.day("2026-05-12").states_at, self.at(15, "00:30"))
        self.assertEqual(self.day("2026-05-10").states_at, self.at(11, "00:30"))

    def test_writing_again_changes_nothing(self):
        self.make_histories(10)
        self.write(NOW - timedelta(days=3))
        self.write()
        before = self.content()
        self.assertEqual(self.write(), 0)
        self.assertEqual(self.content(), before)

    def test_missed_runs_come_to_the_same_as_daily_ones(self):
        self.make_histories(20)
        self.write(NOW - timedelta(days=6))
        with self.env.cr.savepoint() as point:
            self.write()
            at_once = self.content(states=False)
            point.rollback()
            self.env.invalidate_all()
        for days in range(5, -1, -1):
            self.write(NOW - timedelta(days=days))
        self.assertEqual(self.content(states=False), at_once)

    def content(self, states=True):
        """Rows of days and of moves, as they stand in the database."""
        self.env.flush_all()
        columns = (
            "*" if states else "date, customers, messages_in, activity_hours::text"
        )
        rows = []
        for query in (
            f"SELECT {columns} FROM mini_crm_journey_day ORDER BY company_id, date",
            """SELECT company_id, date, from_stage, to_stage, moves
            FROM mini_crm_journey_flow ORDER BY 2, 3, 4, 1""",
        ):
            self.env.cr.execute(query)
            rows.append(self.env.cr.fetchall())
        return rows

    def test_what_is_entered_later_is_added_to_its_day(self):
        one = self.customer(self.at(1, "12:00"))
        self.write(self.at(15, "00:30"))
        make_purchase(self.env, one, 70, date=self.at(5, "12:00"))
        make_purchase(self.env, one, 10, date="2020-01-01 12:00:00")
        self.settle()
        self.write(self.at(16, "00:30"))
        figures = self.day("2026-05-05")
        self.assertEqual((figures.revenue, figures.purchases), (70, 1))
        self.assertFalse(figures.states_at)
        self.assertLessEqual(self.days.search_count([]), 400)

    def sold(self, *days):
        """Revenue of days of May."""
        return [self.day(f"2026-05-{day:02}").revenue for day in days]

    def test_a_corrected_purchase_corrects_its_day(self):
        one = self.customer(self.at(1, "12:00"))
        line = make_purchase(self.env, one, 70, date=self.at(5, "12:00"))
        self.write(self.at(15, "00:30"))
        line.amount = 50
        self.write(self.at(16, "00:30"))
        self.assertEqual(self.sold(5), [50])

    def test_a_moved_purchase_corrects_both_days(self):
        one = self.customer(self.at(1, "12:00"))
        late = make_purchase(self.env, one, 70, date=self.at(8, "12:00"))
        early = make_purchase(self.env, one, 20, date=self.at(4, "12:00"))
        self.write(self.at(15, "00:30"))
        late.date = self.at(6, "12:00")
        early.date = self.at(9, "12:00")
        self.write(self.at(16, "00:30"))
        self.assertEqual(self.sold(4, 6, 8, 9), [0, 70, 0, 20])

    def test_a_deleted_purchase_leaves_its_day_and_company(self):
        one = self.customer(self.at(1, "12:00"))
        lines = [
            make_purchase(
                self.env, one, 70, date=self.at(5, "12:00"), company_id=company.id
            )
            for company in self.company | self.other
        ]
        for company in self.company | self.other:
            self.write(self.at(15, "00:30"), company)
        lines[1].unlink()
        for company in self.company | self.other:
            self.write(self.at(16, "00:30"), company)
        self.assertEqual(self.day("2026-05-05").revenue, 70)
        self.assertEqual(self.day("2026-05-05", self.other).revenue, 0)

    def test_what_a_long_transaction_logs_is_not_missed(self):
        one = self.customer(self.at(1, "12:00"))
        self.write(self.at(15, "00:30"))
        # numbered now, seen after the next run
        [(number,)] = self.env.execute_query(
            SQL("SELECT nextval('mini_crm_event_id_seq')")
        )
        log_messages(one, ("in", self.at(15, "12:00")))
        self.write(self.at(16, "00:30"))
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_event
                    (id, company_id, partner_id, type, interaction, date, depth)
                VALUES (%s, %s, %s, 'message_received', 'in', %s, 0)""",
                number,
                self.company.id,
                one.id,
                self.at(5, "12:00"),
            )
        )
        self.write(self.at(17, "00:30"))
        self.assertEqual(self.day("2026-05-05").messages_in, 1)

    def test_customers_of_past_days_stay_as_they_were_counted(self):
        one = self.customer(self.at(1, "12:00"))
        gone = self.customer(self.at(2, "12:00"))
        self.write(self.at(15, "00:30"))
        gone.active = False
        self.settle()
        make_purchase(self.env, one, 70, date=self.at(2, "12:00"))
        self.write(self.at(16, "00:30"))
        past, now = self.day("2026-05-02"), self.day("2026-05-15")
        self.assertEqual((past.revenue, past.customers, past.new_customers), (70, 2, 1))
        self.assertEqual(now.customers, 1)

    def test_months_are_those_of_the_shops_calendar(self):
        self.company.mini_crm_calendar = "jalali"
        one = self.customer(self.utc("2026-04-01 12:00:00"))
        for day in ("2026-04-28", "2026-05-03"):
            log_messages(one, ("in", self.utc(f"{day} 12:00:00")))
        self.write()
        # Ordibehesht 1405 is 21 April to 21 May
        days = ("2026-04-20", "2026-04-28", "2026-05-01", "2026-05-04")
        months = [self.day(day).active_this_month for day in days]
        self.assertEqual(months, [0, 1, 1, 1])

    def test_company_counts_shared_customers_and_its_own_dealings(self):
        self.customer(self.at(10, "12:00"))
        mine = self.customer(self.at(10, "12:00"), company_id=self.other.id)
        make_purchase(
            self.env, mine, 40, date=self.at(11, "12:00"), company_id=self.other.id
        )
        for company in self.company | self.other:
            self.write(company=company)
        ours, theirs = (
            self.day("2026-05-11", company) for company in self.company | self.other
        )
        self.assertEqual((ours.customers, theirs.customers), (1, 2))
        self.assertEqual((ours.revenue, theirs.revenue), (0, 40))

    def test_job_writes_every_company(self):
        self.customer(self.at(10, "12:00"))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress:
            self.days._cron_days()
        self.assertTrue(progress.called)
        for company in self.env["res.company"].search([]):
            self.assertTrue(
                self.days.search([("company_id", "=", company.id)], limit=1)
            )
