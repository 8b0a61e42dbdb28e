from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...models.score import mini_crm_score_run
from ..common import MiniCrmCase
from ..factories import drop_birth_date, make_customer, make_purchase
from .histories import enter_purchases

NOW = fields.Datetime.to_datetime("2026-06-01 12:00:00")


class RunCase(MiniCrmCase):
    """The cron's commits are counted, not done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["mini_crm.profile"]
        cls.runs = cls.env["mini_crm.score.run"]

    def setUp(self):
        super().setUp()
        self.commits = []
        self.time_left = float("inf")

        def commit(_cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            self.commits.append((processed, remaining))
            return self.time_left

        self.patch(type(self.env["ir.cron"]), "_commit_progress", commit)

    def work(self):
        """Have the worker do whatever recalculation is open."""
        self.runs._work()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestScoreRuns(RunCase):
    def test_the_daily_run_ages_scores_and_logs_health_only(self):
        with freeze_time(NOW):
            customer = make_customer(self.env, email="a@example.com", phone="1")
            for hour in range(30):
                customer._log("message_received", date=NOW - timedelta(hours=hour))
            make_purchase(self.env, customer, 5000, date=NOW)
            self.settle()
            self.assertEqual(customer.crm_health, "yellow")
        told = len(self.events(customer, "score_changed"))
        with freeze_time(NOW + timedelta(days=200)):
            self.profiles._cron_daily()
        self.env.invalidate_all()
        self.assertEqual(customer.crm_health, "red")
        self.assertEqual(len(self.events(customer, "score_changed")), told)
        health = self.events(customer, "health_changed")[-1:]
        self.assertEqual(health.data["health"], ["yellow", "red"])
        history = self.env["mini_crm.score.history"].search(
            [("partner_id", "=", customer.id)], limit=1
        )
        self.assertEqual(history.date, (NOW + timedelta(days=200)).date())

    def test_the_daily_run_is_done_once_a_day(self):
        make_customer(self.env)
        for moment, runs in (
            (NOW, 1),
            (NOW + timedelta(hours=5), 1),
            (NOW + timedelta(days=1), 2),
        ):
            with freeze_time(moment):
                self.profiles._cron_daily()
            ages = self.runs.search([("kind", "=", "age")])
            self.assertEqual(len(ages), runs)
            self.assertEqual(set(ages.mapped("state")), {"done"})

    def test_a_run_goes_in_ranges_and_resumes_where_it_stopped(self):
        customers = self.env["res.partner"].create(
            [{"name": str(n)} for n in range(25)]
        )
        self.settle()
        self.env.cr.execute("UPDATE mini_crm_profile SET total_interactions = 99")
        everybody = self.profiles.search_count([])
        run = self.profiles._recalculate_all()
        self.assertEqual((run.done, run.total), (0, everybody))
        self.time_left = 0
        with patch.object(mini_crm_score_run, "RANGE", 10):
            self.work()
            self.assertEqual((run.done, run.state), (10, "running"))
            self.env.cr.execute(
                "SELECT count(*) FROM mini_crm_profile WHERE total_interactions = 99"
            )
            self.assertEqual(self.env.cr.fetchone()[0], everybody - 10)
            self.time_left = float("inf")
            self.work()
        self.assertEqual((run.done, run.state), (everybody, "done"))
        self.assertEqual(set(customers.mapped("total_interactions")), {0})
        self.assertEqual(sum(done for done, _left in self.commits), everybody)

    def test_starting_a_run_again_begins_it_anew(self):
        make_customer(self.env)
        self.settle()
        run = self.runs._start("recount")
        run.next_id = 10**6
        self.assertEqual(self.runs._start("recount"), run)
        self.assertEqual(run.next_id, 0)

    def test_a_disturbed_step_is_done_again(self):
        customer = make_customer(self.env)
        self.settle()
        self.env.cr.execute("UPDATE mini_crm_profile SET crm_score = 1")
        self.runs._start("age")
        original = type(self.runs)._step
        tries = []

        def disturbed(run):
            tries.append(1)
            if len(tries) < 3:
                raise mini_crm_score_run.SerializationFailure
            return original(run)

        self.patch(type(self.runs), "_step", disturbed)
        with patch.object(self.env.cr, "rollback"):
            self.work()
        self.assertNotEqual(customer.crm_score, 1)

    def test_a_run_that_is_disturbed_too_often_is_tried_again_soon(self):
        self.runs._start("age")
        cron = self.env.ref("mini_crm.ir_cron_mini_crm_score_daily")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()

        def disturbed(_run):
            raise mini_crm_score_run.SerializationFailure

        self.patch(type(self.runs), "_step", disturbed)
        with patch.object(self.env.cr, "rollback"):
            self.work()
        again = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(len(again), 1)
        self.assertGreater(again.call_at, fields.Datetime.now())

    def test_new_definitions_change_how_complete_everybody_is(self):
        drop_birth_date(self.env)
        self.work()
        customer = make_customer(self.env, custom_text_1="kept from before")
        self.settle()
        self.assertEqual(customer.score_parts["completeness"], 3)
        definition = self.env["mini_crm.field"].create(
            {"name": "Size", "key": "size", "slot": "custom_text_1", "type": "text"}
        )
        self.work()
        self.assertEqual(customer.score_parts["completeness"], 12)
        definition.active = False
        self.work()
        self.assertEqual(customer.score_parts["completeness"], 3)

    def test_new_weights_reach_everybody(self):
        customer = make_customer(self.env)
        self.settle()
        factor = self.env["mini_crm.score.factor"].search(
            [("key", "=", "completeness")]
        )
        factor.weight = 0.8
        self.work()
        self.assertEqual(customer.score_parts["completeness"], 4)

    def test_marking_a_tag_makes_advocates_of_who_has_it(self):
        tag = self.env["res.partner.category"].create({"name": "Fan"})
        customer = make_customer(self.env, category_id=[(4, tag.id)])
        self.settle()
        self.assertEqual(customer.journey_stage, "awareness")
        tag.mini_crm_advocate = True
        self.work()
        self.assertEqual(customer.journey_stage, "advocacy")
        tag.unlink()
        self.work()
        self.assertEqual(customer.journey_stage, "awareness")

    def test_the_daily_run_heals_the_list_of_customers(self):
        self.env.cr.execute(
            "INSERT INTO res_partner (name, complete_name, active, type) VALUES"
            " ('By SQL', 'By SQL', TRUE, 'contact') RETURNING id"
        )
        partner = self.env["res.partner"].browse(self.env.cr.fetchone()[0])
        self.profiles._cron_daily()
        self.env.invalidate_all()
        self.assertEqual(partner.journey_stage, "awareness")


@tagged("post_install", "-at_install")
class TestScoreFullMarks(RunCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "mini_crm_full_spent": 0,
                "mini_crm_full_order": 0,
                "mini_crm_full_marks_date": False,
            }
        )
        cls.env.cr.execute("DELETE FROM mini_crm_purchase")
        cls.env["mini_crm.score.setting"].search([]).unlink()

    def buyers(self, count):
        """Customers of whom the n-th bought twice for n."""
        customers = self.env["res.partner"].create(
            [{"name": str(n)} for n in range(count)]
        )
        enter_purchases(
            self.env,
            [
                (customer, "purchase", NOW, float(number))
                for number, customer in enumerate(customers, 1)
                for _twice in range(2)
            ],
        )
        return customers

    def marks(self):
        return self.company.mini_crm_full_spent, self.company.mini_crm_full_order

    def test_full_marks_are_set_once_there_are_thirty_buyers(self):
        self.buyers(29)
        self.assertFalse(self.profiles._set_full_marks_if_due(self.company))
        self.assertEqual(self.marks(), (0, 0))
        late = make_customer(self.env)
        make_purchase(self.env, late, 30, date=NOW)
        make_purchase(self.env, late, 30, date=NOW)
        # the pipeline has not run: they come from the ledger
        self.assertTrue(self.profiles._set_full_marks_if_due(self.company))
        # percentile_cont(0.95) of 2, 4, ... 60 and of 1, 2, ... 30
        self.assertAlmostEqual(self.marks()[0], 57.1)
        self.assertAlmostEqual(self.marks()[1], 28.55)
        self.assertFalse(self.profiles._set_full_marks_if_due(self.company))

    def test_setting_them_is_logged_and_scores_the_company_anew(self):
        customers = self.buyers(30)
        self.settle()
        before = customers[-1].crm_score
        self.profiles._set_full_marks_if_due(self.company)
        self.assertGreater(customers[-1].crm_score, before)
        entry = self.env["mini_crm.score.setting"].search([])
        self.assertEqual((entry.reason, entry.buyers), ("first", 30))
        self.assertEqual(
            (entry.full_spent_before, entry.full_spent), (0, self.marks()[0])
        )

    def test_they_are_renewed_after_a_month_by_the_daily_run(self):
        with freeze_time(NOW):
            self.buyers(30)
            self.profiles._cron_daily()
            first = self.marks()
            self.assertGreater(first[0], 0)
            big = make_customer(self.env)
            make_purchase(self.env, big, 9000)
            big = make_customer(self.env)
            make_purchase(self.env, big, 9000)
        with freeze_time(NOW + timedelta(days=20)):
            self.profiles._cron_daily()
            self.assertEqual(self.marks(), first)
        with freeze_time(NOW + relativedelta(months=1)):
            self.profiles._cron_daily()
            self.assertGreater(self.marks()[0], first[0])
        self.assertEqual(
            self.env["mini_crm.score.setting"].search([]).mapped("reason"),
            ["renewed", "first"],
        )

    def test_they_wait_while_purchases_are_being_brought_in(self):
        self.buyers(30)
        with patch.object(type(self.profiles), "_full_marks_held", lambda *_a: True):
            self.profiles._cron_daily()
        self.assertEqual(self.marks(), (0, 0))

    def test_archived_buyers_do_not_count(self):
        self.buyers(30)[0].active = False
        self.assertFalse(self.profiles._set_full_marks_if_due(self.company))

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.buyers(30)
        self.assertFalse(self.profiles._set_full_marks_if_due(other))
        self.assertTrue(self.profiles._set_full_marks_if_due(self.company))

    def test_setting_them_by_hand_is_logged_and_reaches_everybody(self):
        customer = make_customer(self.env)
        make_purchase(self.env, customer, 50)
        self.settle()
        before = customer.crm_score
        self.company.write({"mini_crm_full_spent": 50, "mini_crm_full_order": 50})
        self.work()
        self.assertGreater(customer.crm_score, before)
        entry = self.env["mini_crm.score.setting"].search([])
        self.assertEqual(entry.reason, "hand")
        self.assertEqual(entry.author_id, self.env.user)
