from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase

NOW = fields.Datetime.to_datetime("2026-06-01 12:00:00")
OURS = ("score_changed", "health_changed", "stage_changed")


@tagged("post_install", "-at_install")
class TestScoreEvents(MiniCrmCase):
    """What follows from a score that moves: events, history, transitions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["mini_crm.profile"]
        cls.customer = make_customer(cls.env)
        cls.customer._log("message_received", date=NOW)
        cls.env.cr.flush()
        cls.profiles._rescore(now=NOW)
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM mini_crm_score_history")

    def stand_at(self, score, *, quiet=False, now=NOW):
        """Have the customer come out at about a score, by the weight of his details.

        Two levers of 0..100 points each: what is filled in, of a hundred custom fields.
        """
        weights = {f.key: 0.0 for f in self.env["mini_crm.score.factor"].search([])}
        weights |= {"completeness": 1.0, "completeness.custom": 1.0}
        settings = self.profiles._score_settings(now)._replace(
            weights=weights, custom_fields=100
        )
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET custom_filled = %s WHERE id = %s",
            [score, self.customer.id],
        )
        with patch.object(type(self.profiles), "_score_settings", lambda *_a: settings):
            self.profiles._rescore(
                SQL("pr.id = %s", self.customer.id), now, quiet=quiet
            )
        self.env.invalidate_all()
        self.assertEqual(self.customer.crm_score, score)

    def logged(self, *types):
        """(type, data) of the events of ours since the last call."""
        found = self.events(self.customer, *(types or OURS))
        fresh = [(e.type, e.data) for e in found if e.id > getattr(self, "seen", 0)]
        newest = self.env["mini_crm.event"].search([], order="id desc", limit=1)
        self.seen = newest.id
        return fresh

    def at(self, score, **options):
        """Types logged when the score comes to stand at ``score``."""
        self.stand_at(score, **options)
        return [kind for kind, _data in self.logged()]

    def test_first_scoring_logs_nothing(self):
        customer = make_customer(self.env, email="b@example.com")
        make_purchase(self.env, customer)
        self.settle()
        self.assertFalse(self.events(customer, *OURS))
        self.assertFalse(
            self.env["mini_crm.score.history"].search(
                [("partner_id", "=", customer.id)]
            )
        )
        self.assertEqual(customer.mini_crm_profile_id.score_logged, customer.crm_score)

    def test_score_changed_is_logged_once_it_moved_by_five_since_last_logged(self):
        self.at(60)
        self.assertEqual(self.at(64), [])
        self.assertEqual(self.at(65), ["score_changed"])
        self.assertEqual(self.at(61), [])
        self.stand_at(60)
        [(kind, data)] = self.logged()
        self.assertEqual(kind, "score_changed")
        self.assertEqual(data["score"], [65, 60])

    def test_score_changed_is_logged_when_the_plain_health_changes(self):
        self.at(51)
        self.assertEqual(self.at(49), ["score_changed"])
        self.assertEqual(self.customer.crm_health, "red")

    def test_health_changed_is_logged_three_points_beyond_the_border(self):
        self.at(60)
        for score, kinds in (
            (49, ["score_changed"]),
            (48, []),
            (47, ["health_changed"]),
            (50, ["score_changed"]),
            (52, []),
            (53, ["health_changed"]),
            (81, ["score_changed"]),
            (82, []),
            (83, ["health_changed"]),
            (78, ["score_changed"]),
            (77, ["health_changed"]),
        ):
            with self.subTest(score):
                self.assertEqual(self.at(score), kinds)

    def test_a_score_that_swings_about_the_border_logs_its_health_never(self):
        self.at(60)
        for score in (49, 51, 48, 52, 49, 50) * 3:
            self.assertNotIn("health_changed", self.at(score))

    def test_ageing_logs_health_and_stage_only(self):
        self.at(60)
        self.assertEqual(self.at(51, quiet=True), [])
        self.assertEqual(self.at(40, quiet=True), ["health_changed"])
        # what moved quietly is told with the next event that moves it
        self.stand_at(41)
        self.assertEqual(self.logged()[0][1]["score"], [60, 41])

    def test_scoring_again_writes_no_row(self):
        self.at(60)
        query = SQL("SELECT ctid, xmin FROM mini_crm_profile ORDER BY id")
        self.profiles._rescore(now=NOW)
        before = self.env.execute_query(query)
        self.profiles._rescore(now=NOW)
        self.assertEqual(self.env.execute_query(query), before)

    def test_history_keeps_one_row_a_day_with_the_first_and_the_last_score(self):
        before = self.customer.crm_score
        for score in (60, 70, 65):
            self.stand_at(score)
        self.stand_at(66, now=NOW + timedelta(days=1))
        self.stand_at(66, now=NOW + timedelta(days=2))
        rows = self.env["mini_crm.score.history"].search(
            [("partner_id", "=", self.customer.id)], order="date"
        )
        self.assertEqual(
            [(str(r.date), r.score_before, r.crm_score, r.crm_health) for r in rows],
            [("2026-06-01", before, 65, "yellow"), ("2026-06-02", 65, 66, "yellow")],
        )

    def test_an_event_names_its_cause(self):
        customer = make_customer(self.env)
        self.settle()
        for _each in range(3):
            make_purchase(self.env, customer, 500)
        self.settle()
        changed = self.events(customer, "score_changed")
        self.assertEqual(changed.cause_id.type, "purchase_made")
        self.assertEqual(changed.depth, changed.cause_id.depth + 1)
        self.assertFalse(changed.author_id)

    def test_one_message_settles_in_one_pass(self):
        """Its own events come back to the listener and move nothing."""
        make_purchase(self.env, self.customer, 900)
        self.env.cr.flush()
        self.env.cr.execute("SELECT count(*) FROM mini_crm_queue")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_not_enough_data_is_no_health(self):
        customer = make_customer(self.env)
        self.settle()
        self.assertFalse(customer.crm_health)
        make_purchase(self.env, customer, 0)
        self.settle()
        self.assertEqual(customer.crm_health, "red")


@tagged("post_install", "-at_install")
class TestScoreJourney(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        cls.env.cr.flush()
        cls.env.cr.execute("DELETE FROM mini_crm_journey_transition")

    def stage(self):
        self.settle()
        return self.customer.journey_stage

    def moves(self):
        rows = self.env["mini_crm.journey.transition"].search(
            [("partner_id", "=", self.customer.id)], order="date, id"
        )
        return [(row.from_stage, row.to_stage) for row in rows]

    def test_stages_go_both_ways_and_every_move_is_kept(self):
        self.assertEqual(self.stage(), "awareness")
        self.customer._log("message_sent")
        self.assertEqual(self.stage(), "awareness")
        self.customer._log("message_received")
        self.assertEqual(self.stage(), "consideration")
        first = make_purchase(self.env, self.customer, 1)
        self.assertEqual(self.stage(), "purchase")
        second = make_purchase(self.env, self.customer, 1)
        self.assertEqual(self.stage(), "retention")
        second.unlink()
        self.assertEqual(self.stage(), "purchase")
        first.unlink()
        self.assertEqual(self.stage(), "consideration")
        path = ["awareness", "consideration", "purchase", "retention"]
        there = list(pairwise(path))
        back = [(b, a) for a, b in reversed(there[1:])]
        self.assertEqual(self.moves(), there + back)
        told = [e.data["stage"] for e in self.events(self.customer, "stage_changed")]
        self.assertEqual([tuple(pair) for pair in told], self.moves())

    def test_a_good_customer_becomes_an_advocate_by_the_settings(self):
        for _each in range(5):
            make_purchase(self.env, self.customer, 5000)
        self.assertEqual(self.stage(), "retention")
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mini_crm.advocacy_score", str(self.customer.crm_score))
        self.env["mini_crm.profile"]._rescore()
        self.assertEqual(self.stage(), "advocacy")
        parameters.set_param("mini_crm.advocacy_purchases", "6")
        self.env["mini_crm.profile"]._rescore()
        self.assertEqual(self.stage(), "retention")

    def test_settings_of_advocacy_must_be_numbers(self):
        parameters = self.env["ir.config_parameter"]
        for value in ("many", "-5", "4.5"):
            with self.assertRaisesRegex(ValidationError, "must be a whole number"):
                parameters.set_param("mini_crm.advocacy_score", value)

    def test_a_tag_makes_an_advocate_and_its_removal_ends_it(self):
        plain, fan = self.env["res.partner.category"].create(
            [{"name": "Plain"}, {"name": "Fan", "mini_crm_advocate": True}]
        )
        self.customer.category_id = plain
        self.assertEqual(self.stage(), "awareness")
        self.customer.category_id = plain | fan
        self.assertEqual(self.stage(), "advocacy")
        self.customer.category_id = plain
        self.assertEqual(self.stage(), "awareness")

    def test_a_referral_makes_an_advocate_of_who_referred(self):
        friend = make_customer(self.env, referred_by_id=self.customer.id)
        self.assertEqual(self.stage(), "advocacy")
        friend.referred_by_id = False
        self.assertEqual(self.stage(), "awareness")
        self.customer._log("referral_made")
        self.assertEqual(self.stage(), "advocacy")

    def test_a_stage_set_by_hand_holds_until_its_date(self):
        customer = self.customer.with_user(self.agent)
        today = fields.Date.today()
        customer.action_set_journey_stage("advocacy", str(today + timedelta(days=3)))
        self.assertEqual(self.stage(), "advocacy")
        make_purchase(self.env, self.customer)
        self.assertEqual(self.stage(), "advocacy")
        rescore = self.env["mini_crm.profile"]._rescore
        now = fields.Datetime.now()
        rescore(now=now + timedelta(days=3))
        self.assertEqual(self.stage(), "advocacy")
        rescore(now=now + timedelta(days=4))
        self.assertEqual(self.stage(), "purchase")
        self.assertEqual(
            self.moves(), [("awareness", "advocacy"), ("advocacy", "purchase")]
        )
        by_hand = self.env["mini_crm.journey.transition"].search(
            [("partner_id", "=", self.customer.id), ("to_stage", "=", "advocacy")]
        )
        self.assertEqual(by_hand.author_id, self.agent)

    def test_a_held_stage_can_be_released(self):
        tomorrow = str(fields.Date.today() + timedelta(days=1))
        self.customer.action_set_journey_stage("retention", tomorrow)
        self.assertEqual(self.stage(), "retention")
        self.customer.action_set_journey_stage(False)
        self.assertEqual(self.stage(), "awareness")
        self.assertFalse(self.customer.journey_hold_until)

    def test_wrong_stages_and_days_are_refused_with_advice(self):
        set_stage = self.customer.with_user(self.agent).action_set_journey_stage
        with self.assertRaisesRegex(UserError, "Choose one of: awareness"):
            set_stage("vip", "2999-01-01")
        for day in (False, "soon", "2020-01-01"):
            with self.assertRaisesRegex(UserError, "today or later"):
                set_stage("advocacy", day)

    def test_only_agents_set_stages_and_recalculate(self):
        employee = self.env["res.users"].create(
            {
                "name": "E",
                "login": "mini_e",
                "group_ids": [
                    (4, self.env.ref("base.group_user").id),
                    (4, self.env.ref("base.group_partner_manager").id),
                ],
            }
        )
        for user in (employee, self.portal):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).action_recalculate_score()
            with self.assertRaises(AccessError):
                self.customer.with_user(user).action_set_journey_stage(
                    "advocacy", "2999-01-01"
                )

    def test_agents_recalculate_a_selection_from_the_events(self):
        make_purchase(self.env, self.customer, 80)
        self.settle()
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET total_spent = 7, crm_score = 1"
        )
        self.env.invalidate_all()
        self.customer.with_user(self.agent).action_recalculate_score()
        self.assertEqual(self.customer.total_spent, 80)
        self.assertGreater(self.customer.crm_score, 1)


@tagged("post_install", "-at_install")
class TestScoreInline(MiniCrmCase):
    def test_an_error_in_the_listener_never_reaches_the_caller(self):
        customer = make_customer(self.env)
        self.settle()

        def broken(profiles, *_args, **_options):
            profiles.env.cr.execute("SELECT 1/0")

        with (
            patch.object(type(self.env["mini_crm.profile"]), "_rescore", broken),
            patch("odoo.sql_db._logger"),
        ):
            customer.write({"email": "still@example.com"})
            customer._log("message_received")
            self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(customer.email, "still@example.com")
        self.assertEqual(customer.total_interactions, 0)
        self.env.cr.execute("SELECT type FROM mini_crm_queue ORDER BY 1")
        self.assertEqual(
            self.env.cr.fetchall(), [("field_updated",), ("message_received",)]
        )
        self.settle()
        self.assertEqual(customer.total_interactions, 1)
        self.assertEqual(customer.mini_crm_profile_id.basic_filled, 2)
