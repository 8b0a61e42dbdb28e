from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import log_messages, make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestJourneySince(MiniCrmCase):
    """Since when a customer is in his stage."""

    def moves(self, customer):
        moves = self.env["mini_crm.journey.transition"].search(
            [("partner_id", "=", customer.id)], order="id"
        )
        return [(m.from_stage, m.to_stage, m.since) for m in moves]

    def test_first_stay_begins_with_the_first_dealing(self):
        customer = make_customer(self.env)
        self.settle()
        self.assertTrue(customer.stage_since)
        self.assertEqual(customer.stage_since, customer.customer_since)

    def test_move_begins_a_stay_and_keeps_the_beginning_of_the_last(self):
        customer = make_customer(self.env)
        self.settle()
        began = customer.stage_since
        log_messages(customer, ("in", fields.Datetime.now()))
        self.settle()
        self.assertEqual(customer.journey_stage, "consideration")
        self.assertEqual(self.moves(customer), [("awareness", "consideration", began)])
        date = (
            self.env["mini_crm.journey.transition"]
            .search([("partner_id", "=", customer.id)])
            .date
        )
        self.assertEqual(customer.stage_since, date)
        make_purchase(self.env, customer)
        self.settle()
        self.assertEqual(self.moves(customer)[1], ("consideration", "purchase", date))

    def test_scoring_again_keeps_the_beginning(self):
        customer = make_customer(self.env)
        self.settle()
        self.env.cr.execute("UPDATE mini_crm_profile SET stage_since = '2020-01-01'")
        make_purchase(self.env, customer)
        make_purchase(self.env, customer)
        self.settle()
        began = customer.stage_since
        self.env["mini_crm.profile"]._rescore(now=fields.Datetime.now() + timedelta(9))
        self.assertEqual(customer.stage_since, began)

    def test_stage_set_by_hand_begins_a_stay_once(self):
        customer = make_customer(self.env)
        self.settle()
        began = customer.stage_since
        until = fields.Date.add(fields.Date.today(), days=30).isoformat()
        customer.with_user(self.agent).action_set_journey_stage("retention", until)
        self.settle()
        self.assertEqual(self.moves(customer), [("awareness", "retention", began)])
        held = customer.stage_since
        self.assertGreaterEqual(held, began)
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET stage_since = '2020-01-01' WHERE id = %s",
            (customer.id,),
        )
        customer.with_user(self.agent).action_set_journey_stage("retention", until)
        self.env.invalidate_all()
        self.assertEqual(str(customer.stage_since), "2020-01-01 00:00:00")

    def test_beginning_of_those_who_came_with_a_history(self):
        for purchases, since in ((1, "2020-01-01 10:00:00"), (2, False)):
            customer = make_customer(self.env)
            for _each in range(purchases):
                make_purchase(self.env, customer, date="2020-01-01 10:00:00")
            self.settle()
            self.env.cr.execute(
                """UPDATE mini_crm_profile SET journey_stage = 'awareness',
                    crm_score = NULL, score_logged = NULL WHERE id = %s""",
                (customer.id,),
            )
            self.env["mini_crm.profile"]._rescore()
            self.assertEqual(fields.Datetime.to_string(customer.stage_since), since)

    def test_customers_are_found_by_the_time_in_their_stage(self):
        old, new = make_customer(self.env), make_customer(self.env)
        self.settle()
        self.env.cr.execute(
            "UPDATE mini_crm_profile SET stage_since = '2020-01-01' WHERE id = %s",
            (old.id,),
        )
        partners = self.env["res.partner"].with_user(self.agent)
        both = [("id", "in", (old | new).ids)]
        long = partners.search([*both, ("stage_since", "<", "today -30d")])
        self.assertEqual(long, old)
