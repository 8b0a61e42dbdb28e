import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import MiniCrmCase
from ..factories import drop_birth_date, make_customer, make_purchase
from .histories import enter_events, enter_purchases, random_events, random_purchases


@tagged("post_install", "-at_install")
class TestScoreExplanation(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drop_birth_date(cls.env)
        cls.company.write({"mini_crm_full_spent": 1000, "mini_crm_full_order": 200})
        cls.now = fields.Datetime.now()

    def facts(self, explanation):
        return {
            factor["key"]: factor["fact"]
            for part in explanation["parts"]
            for factor in part["factors"]
        }

    def test_it_tells_plain_facts(self):
        customer = make_customer(self.env, email="ada@example.com")
        for days, kind in ((100, "out"), (99, "in"), (60, "out"), (30, "call")):
            enter_events(
                self.env,
                [(customer, kind, self.now - timedelta(days=days, minutes=9))],
            )
        for _each in range(3):
            make_purchase(self.env, customer, 100)
        self.settle()
        told = customer.with_user(self.agent).get_score_explanation()
        facts = self.facts(told)
        self.assertEqual(facts["engagement.interactions"], "4 messages and calls")
        self.assertEqual(facts["engagement.response"], "Answered 1 of 2")
        self.assertEqual(facts["engagement.recency"], "Last contact 30 days ago")
        self.assertEqual(facts["purchases.count"], "3 purchases")
        self.assertIn("300 in all", facts["purchases.spent"])
        self.assertEqual(facts["completeness.basic"], "2 of 6 details filled in")
        self.assertEqual(facts["completeness.custom"], "No custom fields set up")
        self.assertEqual(facts["loyalty.repeat"], "Came back 2 times")
        self.assertEqual(told["stage_label"], "Retention")
        self.assertEqual([part["max"] for part in told["parts"]], [40, 30, 20, 10])

    def test_a_customer_without_history_is_told_so(self):
        told = make_customer(self.env).get_score_explanation()
        facts = self.facts(told)
        self.assertEqual(told["health"], False)
        self.assertEqual(told["health_label"], "Not enough data yet")
        self.assertEqual(facts["engagement.recency"], "Never in contact")
        self.assertEqual(facts["purchases.count"], "No purchases yet")
        self.assertEqual(facts["loyalty.since"], "Customer since today")

    def test_it_agrees_with_the_stored_score_of_every_customer(self):
        rng = random.Random(7)
        customers = self.env["res.partner"].create(
            [{"name": str(n), "phone": rng.choice([False, "1"])} for n in range(40)]
        )
        enter_events(
            self.env, [(c, *e) for c in customers for e in random_events(rng, self.now)]
        )
        enter_purchases(
            self.env,
            [(c, *p) for c in customers for p in random_purchases(rng, self.now)],
        )
        self.settle()
        for customer in customers:
            told = customer.get_score_explanation()
            self.assertEqual(told["score"], customer.crm_score)
            self.assertEqual(told["stars"], customer.crm_score // 20)
            self.assertEqual(
                {part["key"]: part["points"] for part in told["parts"]},
                customer.score_parts,
            )
            for part in told["parts"]:
                exact = sum(factor["points"] for factor in part["factors"])
                self.assertLess(abs(exact - part["points"]), 1.2)

    def test_what_time_has_moved_is_stored_when_looked_at(self):
        customer = make_customer(self.env)
        customer._log("message_received", date=self.now)
        self.settle()
        self.env["mini_crm.profile"]._rescore(now=self.now + timedelta(days=60))
        self.env.invalidate_all()
        aged = customer.crm_score
        told = customer.get_score_explanation()
        self.assertGreater(told["score"], aged)
        self.assertEqual(customer.crm_score, told["score"])

    def test_hints_say_what_would_help_and_how_much(self):
        definition = {"name": "Size", "key": "size", "slot": "custom_text_1"}
        self.env["mini_crm.field"].create({**definition, "type": "text"})
        customer = make_customer(self.env, phone="1", email="a@example.com")
        for hours in range(60):
            customer._log("message_sent", date=self.now - timedelta(hours=200 + hours))
            customer._log("message_received", date=self.now - timedelta(hours=hours))
        for _each in range(10):
            make_purchase(self.env, customer, 999)
        self.settle()
        hints = customer.with_user(self.agent).get_score_explanation()["hints"]
        self.assertEqual(
            [(h["code"], h["text"], h["points"]) for h in hints],
            [
                ("custom", "Fill in: Size", 10),
                ("answer", "Get an answer to a message", 4),
                ("basic", "Ask for the city", 2),
            ],
        )

    def test_only_internal_users_who_may_read_the_customer_get_it(self):
        customer = make_customer(self.env)
        employee = new_test_user(self.env, "expl_employee", "base.group_user")
        self.assertIn("score", customer.with_user(employee).get_score_explanation())
        with self.assertRaises(AccessError):
            customer.with_user(self.portal).get_score_explanation()
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).get_score_explanation()
        other = self.env["res.company"].create({"name": "Other"})
        customer.company_id = other
        with self.assertRaises(AccessError):
            customer.with_user(self.agent).get_score_explanation()

    def test_who_is_no_customer_has_no_explanation(self):
        self.assertEqual(self.agent.partner_id.get_score_explanation(), {})
