from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.journey import PERIODS, STAGES
from ...models.journey import mini_crm_journey, mini_crm_journey_figures
from .journey_case import NOW, JourneyCase

ZONES = ("Asia/Tehran", "Pacific/Kiritimati", "America/New_York")


@tagged("post_install", "-at_install")
class TestJourneyMap(JourneyCase):
    """The map says what the histories of the customers say."""

    def assert_map(self, histories, companies=None, zone="UTC", **filters):
        for period in PERIODS:
            with self.subTest(period=period, zone=zone):
                said = self.said(self.map_of(companies, period, **filters))
                self.assertEqual(said, self.expected(histories, period, zone))

    def test_numbers_are_those_of_random_histories(self):
        self.assert_map(self.make_histories(120))

    def test_moves_from_daily_figures_and_since_add_up(self):
        histories = self.make_histories(60)
        days = self.env["mini_crm.journey.day"]
        days._write_days(self.company, NOW - timedelta(days=50))
        self.assert_map(histories)
        days._write_days(self.company, NOW - timedelta(days=20))
        self.assert_map(histories)
        days._write_days(self.company, NOW)
        self.assert_map(histories)

    def test_periods_begin_with_a_day_of_the_company(self):
        for zone in ZONES:
            self.company.mini_crm_tz = zone
            self.forget_customers(self.env)
            for table in ("transition", "flow", "day"):
                self.env.cr.execute(f"DELETE FROM mini_crm_journey_{table}")
            histories = self.make_histories(30)
            self.env["mini_crm.journey.day"]._write_days(self.company, NOW)
            self.assert_map(histories, zone=zone)

    def test_companies_see_their_own_and_shared_customers_once(self):
        histories = self.make_histories(90, (None, self.company, self.other))

        def of(*companies):
            return [h for h in histories if h.company in (None, *companies)]

        for written in (False, True):
            if written:
                for company in self.company | self.other:
                    self.env["mini_crm.journey.day"]._write_days(company, NOW)
            self.assert_map(of(self.company), self.company)
            self.assert_map(of(self.other), self.other)
            self.assert_map(histories, self.company | self.other)

    def test_a_colleague_of_another_company_brings_only_his_own_moves(self):
        histories = self.make_histories(40, (self.company, self.other))
        theirs = [h for h in histories if h.company == self.other]
        moved = next(h for h in theirs if h.moves)
        self.env.flush_all()
        # of internal users every company sees the contact
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET partner_share = FALSE WHERE id = %s",
                moved.partner.id,
            )
        )
        self.env.invalidate_all()
        seen = [h for h in histories if h.company == self.company]
        for written in (False, True):
            if written:
                for company in self.company | self.other:
                    self.env["mini_crm.journey.day"]._write_days(company, NOW)
            _stages, expected = self.expected([*seen, moved], "all")
            _stages, said = self.said(self.map_of(self.company))
            self.assertEqual(said, expected)

    def test_archived_customers_are_in_no_number(self):
        histories = self.make_histories(60)
        gone = [h for h in histories if self.is_silent(h, self.start_of("90"))]
        self.assertTrue(gone)
        for history in gone:
            history.partner.active = False
        self.settle()
        kept = [h for h in histories if h not in gone]
        expected, _moves = self.expected(kept, "90")
        said, _moves = self.said(self.map_of(period="90"))
        for stage in STAGES:
            for name in ("customers", "silent", "median_days"):
                self.assertEqual(said[stage][name], expected[stage][name], name)

    def test_filters_leave_only_their_customers(self):
        histories = self.make_histories(40)
        chosen = histories[::3]
        source = self.env["utm.source"].create({"name": "Market stall"})
        for history in chosen:
            history.partner.source_id = source
            history.partner.user_id = self.manager
        self.env["mini_crm.journey.day"]._write_days(self.company, NOW)
        self.assert_map(chosen, source_id=source.id)
        self.assert_map(chosen, user_id=self.manager.id, source_id=source.id)
        self.assertEqual(self.map_of(user_id=self.admin.id)["total"], 0)

    def test_filters_are_offered_where_they_are_fast(self):
        self.make_histories(3)
        self.assertTrue(self.map_of()["filters"]["owners"])
        with patch.object(mini_crm_journey, "LIVE_CUSTOMERS", 2):
            self.assertFalse(any(self.map_of()["filters"].values()))

    def test_every_number_opens_its_customers(self):
        histories = self.make_histories(80)
        partners = self.env["res.partner"].with_user(self.agent)
        for period in PERIODS:
            start = self.start_of(period)
            answer = self.map_of(period=period)
            moved = {
                (h.partner, origin, to)
                for h in histories
                for date, origin, to in h.moves
                if not start or date >= start
            }
            for row in answer["stages"]:
                place = STAGES.index(row["stage"])
                domains = row["domains"]
                self.assertEqual(
                    partners.search_count(domains["customers"]), row["customers"]
                )
                self.assertEqual(
                    partners.search_count(domains["silent"]), row["silent"]
                )
                for name, targets in (
                    ("forward", STAGES[place + 1 :]),
                    ("back", STAGES[:place]),
                ):
                    expected = {
                        partner.id
                        for partner, origin, to in moved
                        if origin == row["stage"] and to in targets
                    }
                    found = partners.search(domains[name])
                    self.assertEqual(set(found.ids), expected, (period, row["stage"]))
            for move in answer["moves"]:
                pair = (move["from"], move["to"])
                expected = {p.id for p, *moves in moved if tuple(moves) == pair}
                self.assertEqual(set(partners.search(move["domain"]).ids), expected)

    def test_with_many_customers_times_are_those_of_the_last_day(self):
        histories = self.make_histories(40)
        live = self.map_of(period="90")
        self.assertFalse(live["facts_of"])
        self.env["mini_crm.journey.day"]._write_days(self.company, NOW)
        with patch.object(mini_crm_journey_figures, "LIVE_CUSTOMERS", 10):
            kept = self.map_of(period="90")
            self.assertEqual(kept["facts_of"], "2026-05-19")
            self.assertEqual(self.said(kept), self.expected(histories, "90"))
            self.assertTrue(kept["facts_known"])
            with patch.object(
                type(self.env["mini_crm.journey"]), "_live_facts"
            ) as looked:
                both = self.map_of(self.company | self.other, period="90")
            looked.assert_not_called()
            self.assertFalse(both["facts_known"] or both["facts_of"])
            unknown = ("silent", "drop_off", "median_days")
            for row in both["stages"]:
                self.assertEqual([row[name] for name in unknown], [None] * 3)

    def test_map_of_a_new_shop_is_empty(self):
        answer = self.map_of()
        self.assertEqual(answer["total"], 0)
        self.assertEqual([row["stage"] for row in answer["stages"]], list(STAGES))
        self.assertEqual(answer["moves"], [])

    def test_stages_are_read_from_the_stored_counts(self):
        self.make_histories(5)
        partners = type(self.env["res.partner"])
        known = partners._domain_of_counts
        asked = []

        def noted(*args):
            asked.append(known(*args))
            return asked[-1]

        with patch.object(partners, "_domain_of_counts", noted):
            self.map_of()
        self.assertTrue(asked)
        self.assertNotIn(None, asked)
