from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.condition import mini_crm_rule_listener
from ...models.score import mini_crm_profile_full_marks
from ..batch.batch_case import BatchCase
from ..factories import make_customer, make_purchase
from .test_segment_difference import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentUntold(SegmentCase, BatchCase):
    """Profiles that change without an event move their customers all the same."""

    def moved(self, customer, score):
        """Let the stored score differ from the true one, as time alone does."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_profile SET crm_score = %(score)s,
                    score_logged = %(score)s WHERE id = %(id)s""",
                score=score,
                id=customer.id,
            )
        )
        self.env.invalidate_all()

    def members(self, segment):
        """Customers who are in after what is due has been done, without a rebuild."""
        self.settle()
        return segment.member_ids.partner_id

    def test_a_score_that_is_recalculated_by_a_point_moves_the_customer(self):
        customer = make_customer(self.env)
        self.settle()
        score = customer.crm_score
        self.moved(customer, score + 1)
        segment = self.built(f"[('crm_score', '>', {score})]")
        self.assertIn(customer, segment.member_ids.partner_id)
        customer.with_user(self.agent).action_recalculate_score()
        self.assertNotIn(customer, self.members(segment))
        self.assertFalse(self.events(customer, "score_changed"))

    def test_a_score_that_is_renewed_as_somebody_looks_moves_the_customer(self):
        customer = make_customer(self.env)
        self.settle()
        score = customer.crm_score
        self.moved(customer, score + 1)
        segment = self.built(f"[('crm_score', '>', {score})]")
        customer.with_user(self.agent).get_score_explanation()
        self.assertNotIn(customer, self.members(segment))

    def test_a_stage_that_is_let_go_moves_the_score_and_the_customer(self):
        customer = make_customer(self.env)
        self.settle()
        score = customer.crm_score
        self.moved(customer, score + 1)
        segment = self.built(f"[('crm_score', '>', {score})]")
        customer.with_user(self.agent).action_set_journey_stage(False)
        self.assertNotIn(customer, self.members(segment))

    def test_an_import_that_only_dates_customers_moves_them(self):
        self.run_import("customers", [["id", "name"], ["A1", "Sara"]])
        segment = self.built("[('customer_since', '<', 'today')]")
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        self.run_import("customers", [["id", "since"], ["A1", str(yesterday)]])
        customer = self.customer("A1")
        self.assertEqual(self.members(segment), customer)
        self.assertEqual(self.events(customer).mapped("type"), ["customer_created"])

    def test_those_whom_a_wider_rule_makes_customers_come_in(self):
        company = make_customer(self.env, is_company=True)
        inside = make_customer(self.env, parent_id=company.id, ref="N-1")
        segment = self.built("[('ref', '=', 'N-1')]")
        self.assertFalse(segment.member_ids)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mini_crm.customer_rule", "all")
        self.assertEqual(self.members(segment), inside)

    def test_one_who_stops_being_a_customer_has_nobody_else_compared(self):
        customer = make_customer(self.env, ref="N-1")
        other = make_customer(self.env, ref="N-1")
        segment = self.built("[('ref', '=', 'N-1')]")
        customer.parent_id = make_customer(self.env)
        self.assertEqual(self.members(segment), other)
        self.assertFalse(segment.due_at)

    def test_more_than_can_be_named_have_everybody_compared(self):
        customers = [make_customer(self.env) for _each in range(3)]
        self.settle()
        score = customers[0].crm_score
        segment = self.built(f"[('crm_score', '=', {score})]")
        with patch.object(mini_crm_rule_listener, "FOLLOWED", 2):
            self.env["mini_crm.profile"]._untold([one.id for one in customers])
        self.assertTrue(segment.due_at)

    def test_first_full_marks_have_rules_that_read_figures_compared(self):
        make_purchase(self.env, make_customer(self.env))
        figures = self.built("[('crm_score', '>', 30)]")
        plain = self.built("[('city', '=', 'Shiraz')]")
        self.company.mini_crm_full_marks_date = False
        self.run_rules()
        with patch.object(mini_crm_profile_full_marks, "BUYERS", 1):
            self.env["mini_crm.profile"]._set_full_marks_if_due(self.company)
        self.assertTrue(figures.due_at)
        self.assertFalse(plain.due_at)

    def test_the_end_of_a_recalculation_has_rules_that_read_figures_compared(self):
        customer = make_customer(self.env)
        self.settle()
        score = customer.crm_score
        self.moved(customer, score + 1)
        segment = self.built(f"[('crm_score', '>', {score})]")
        batch = self.env["mini_crm.batch"].browse(self.batches.start_recalculation())
        batch._as_user()._step(5000)
        self.assertFalse(segment.due_at)
        self.assertEqual(self.work(batch).state, "done")
        self.run_rules()
        self.assertNotIn(customer, segment.member_ids.partner_id)

    def test_a_recalculation_that_is_cancelled_has_rules_compared_too(self):
        segment = self.built("[('crm_score', '>', 30)]")
        batch = self.env["mini_crm.batch"].browse(self.batches.start_recalculation())
        batch.with_user(self.manager).action_cancel()
        self.assertEqual(self.work(batch).state, "cancelled")
        self.assertTrue(segment.due_at)

    def test_customers_of_the_example_shop_are_in_segments(self):
        segment = self.built("[('total_purchases', '>', 0)]")
        self.batches.start_example()
        self.assertTrue(self.members(segment))
