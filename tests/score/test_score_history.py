from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import drop_birth_date, make_customer, make_purchase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestScoreHistory(MiniCrmCase):
    """How a score has come about: day by day, and what has changed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drop_birth_date(cls.env)
        cls.company.write({"mini_crm_full_spent": 1000, "mini_crm_full_order": 200})
        cls.profiles = cls.env["mini_crm.profile"]
        cls.now = fields.Datetime.now()
        cls.env.cr.execute("DELETE FROM mini_crm_score_setting")

    def customer_of(self, days):
        """A customer who wrote so many days ago and was scored on that day."""
        then = self.now - days * DAY
        customer = make_customer(self.env, phone="+982112345678")
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s", [then, customer.id]
        )
        customer._log("message_received", date=then)
        self.settle()
        self.rescore(customer, then)
        self.env.cr.execute("DELETE FROM mini_crm_score_history")
        return customer

    def rescore(self, customer, now):
        """Count and score a customer at a moment."""
        self.profiles._recalculate_range(customer.id, customer.id, now)
        self.env.invalidate_all()

    def told(self, customer):
        """The history as an agent is told it."""
        return customer.with_user(self.agent).get_score_history()

    def test_silence_takes_points_and_is_told_with_its_days(self):
        customer = self.customer_of(40)
        before = customer.crm_score
        self.rescore(customer, self.now)
        change = self.told(customer)["change"]
        self.assertEqual(
            (change["before"], change["after"]), (before, customer.crm_score)
        )
        self.assertLess(change["after"], before)
        engagement = change["reasons"][0]
        self.assertEqual(engagement["key"], "engagement")
        self.assertEqual(engagement["text"], "No contact for 40 days")
        self.assertLess(engagement["points"], 0)

    def test_the_points_of_the_reasons_add_up_to_the_change(self):
        customer = self.customer_of(40)
        self.rescore(customer, self.now - 20 * DAY)
        before = customer.crm_score
        make_purchase(self.env, customer, 300)
        customer._log("message_received", date=self.now - 2 * DAY)
        customer.write({"email": "ada@example.com", "city": "Shiraz"})
        self.settle()
        self.rescore(customer, self.now)
        told = self.told(customer)
        change = told["change"]
        self.assertEqual(
            (change["before"], change["after"]), (before, customer.crm_score)
        )
        self.assertEqual(
            sum(reason["points"] for reason in change["reasons"]),
            change["after"] - change["before"],
        )
        texts = {reason["key"]: reason["text"] for reason in change["reasons"]}
        self.assertEqual(texts["engagement"], "One more message or call")
        self.assertEqual(texts["purchases"], "One more purchase")
        self.assertEqual(texts["completeness"], "More details filled in")
        self.assertFalse(change["settings_changed"])
        self.assertEqual(told["scores"][-1], customer.crm_score)
        self.assertEqual(told["scores"][-10], before)

    def test_without_a_change_this_week_the_last_one_is_told(self):
        customer = self.customer_of(60)
        first = customer.crm_score
        self.rescore(customer, self.now - 30 * DAY)
        then = customer.crm_score
        self.env.cr.execute(
            "SELECT count(*) FROM mini_crm_score_history WHERE partner_id = %s",
            [customer.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (1,))
        change = self.told(customer)["change"]
        self.assertEqual((change["before"], change["after"]), (first, then))
        self.assertEqual(change["since"], (self.now - 31 * DAY).date().isoformat())

    def test_before_he_was_a_customer_there_is_no_score(self):
        customer = self.customer_of(10)
        self.rescore(customer, self.now)
        scores = self.told(customer)["scores"]
        self.assertEqual(len(scores), 90)
        self.assertEqual(scores[:79], [None] * 79)
        self.assertNotIn(None, scores[79:])

    def test_who_has_no_history_has_no_line_and_no_change(self):
        told = self.told(make_customer(self.env))
        self.assertEqual(set(told["scores"]), {None})
        self.assertFalse(told["change"])
        self.assertFalse(told["moves"])
        self.assertEqual(self.agent.partner_id.get_score_history(), {})

    def test_changes_of_health_are_told_newest_first(self):
        customer = self.customer_of(80)
        for days, health in ((60, "green"), (50, "yellow"), (40, "red")):
            self.env["mini_crm.score.history"].sudo().create(
                {
                    "partner_id": customer.id,
                    "date": (self.now - days * DAY).date(),
                    "crm_score": 50,
                    "crm_health": health,
                    "parts": "20 20 5 5",
                    "score_before": 60,
                    "health_before": "yellow",
                    "parts_before": "20 20 15 5",
                }
            )
        moves = [(m["before"], m["after"]) for m in self.told(customer)["moves"]]
        self.assertEqual(moves, [("Moderate", "At risk"), ("Moderate", "Healthy")])

    def test_a_history_from_before_the_parts_were_kept_gives_the_sum_alone(self):
        customer = self.customer_of(40)
        before = customer.crm_score
        self.rescore(customer, self.now)
        self.env.cr.execute(
            """UPDATE mini_crm_score_history SET parts = NULL, parts_before = NULL,
                health_before = NULL"""
        )
        self.env.invalidate_all()
        told = self.told(customer)
        self.assertEqual(told["change"]["before"], before)
        self.assertEqual(told["change"]["reasons"], [])
        self.assertFalse(told["moves"])

    def test_changed_settings_are_told_as_a_cause(self):
        customer = self.customer_of(40)
        self.env["mini_crm.score.factor"].with_user(self.admin).apply({"half_life": 5})
        self.rescore(customer, self.now)
        self.assertTrue(self.told(customer)["change"]["settings_changed"])

    def test_only_internal_users_who_may_read_the_customer_get_it(self):
        customer = make_customer(self.env)
        with self.assertRaises(AccessError):
            customer.with_user(self.portal).get_score_history()
        customer.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            customer.with_user(self.agent).get_score_history()

    def test_tenths_of_the_factors_add_up_to_the_exact_points(self):
        customer = self.customer_of(13)
        make_purchase(self.env, customer, 77)
        self.settle()
        for part in customer.get_score_explanation()["parts"]:
            tenths = round(sum(factor["points"] for factor in part["factors"]), 1)
            self.assertLess(abs(tenths - part["points"]), 1.05)

    def test_the_stage_goes_both_ways_and_says_since_when(self):
        customer = self.customer_of(40)
        purchase = make_purchase(self.env, customer, 50)
        self.settle()
        self.assertEqual(customer.journey_stage, "purchase")
        forward = customer.stage_since
        purchase.unlink()
        self.settle()
        self.assertEqual(customer.journey_stage, "consideration")
        self.assertGreaterEqual(customer.stage_since, forward)
        moves = self.env["mini_crm.journey.transition"].search(
            [("partner_id", "=", customer.id)], order="id"
        )
        self.assertEqual(
            [(move.from_stage, move.to_stage) for move in moves],
            [("consideration", "purchase"), ("purchase", "consideration")],
        )


@tagged("post_install", "-at_install")
class TestHealthAdvice(MiniCrmCase):
    """What the health of a customer means, and what to do about it."""

    def advised(self, health, **values):
        """Advice of a customer of a health."""
        customer = make_customer(self.env, **values)
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET crm_health = %s WHERE id = %s",
            [health, customer.id],
        )
        self.env.invalidate_all()
        return customer.with_user(self.agent).health_advice

    def keys(self, advice):
        return [action["key"] for action in advice["actions"]]

    def test_each_health_has_its_meaning_and_advice(self):
        told = {
            health: (advice["meaning"], advice["advice"])
            for health in ("green", "yellow", "red", None)
            for advice in [self.advised(health)]
        }
        self.assertEqual(
            told,
            {
                "green": ("Healthy, engaged", "Maintain the relationship"),
                "yellow": ("Moderate engagement", "Re-engage"),
                "red": ("At risk of churn", "Re-engage urgently"),
                None: ("Not enough data yet", "Make the first contact"),
            },
        )

    def test_only_what_can_be_done_is_offered_and_the_urgent_first(self):
        reach = {"phone": "+989120001122", "email": "a@example.com"}
        self.assertEqual(self.keys(self.advised("red", **reach))[0], "call")
        self.assertEqual(self.keys(self.advised("yellow", **reach))[0], "message")
        phone = {"phone": "+989120001122"}
        self.assertEqual(self.keys(self.advised("green", **phone)), ["call", "note"])
        self.assertEqual(self.keys(self.advised("red")), ["note"])
