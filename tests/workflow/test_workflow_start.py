from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...engine.workflow_entry import MOST_OF_ALL, MOST_OF_ONE
from ..factories import make_customer
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowStart(RunCase):
    """The door "start": policy, audience, company, limits; many at once."""

    def later(self, days):
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def test_entry_policies(self):
        for policy, after_29_days, after_31_days in (
            ({"policy": "once"}, 0, 0),
            ({"policy": "again", "days": 30}, 0, 1),
            ({"policy": "always"}, 1, 1),
        ):
            with self.subTest(policy["policy"]):
                workflow = self.live(entry=policy)
                customer = self.customer()
                self.assertEqual(len(workflow._start(customer)), 1)
                with self.later(29):
                    self.assertEqual(len(workflow._start(customer)), after_29_days)
                if policy["policy"] != "always":
                    with self.later(31):
                        self.assertEqual(len(workflow._start(customer)), after_31_days)

    def test_nobody_is_in_a_workflow_twice_at_a_time(self):
        workflow = self.live(self.wait())
        customer = self.customer()
        self.assertEqual(len(workflow._start(customer)), 1)
        self.assertFalse(workflow._start(customer))

    def test_only_its_audience_enters(self):
        workflow = self.live(audience="[('city', '=', 'Qom')]")
        inside, outside = self.customer(city="Qom"), self.customer(city="Yazd")
        self.assertEqual(workflow._start(inside | outside).partner_id, inside)

    def test_only_customers_of_its_company_enter(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        own = self.customer(company_id=self.company.id)
        shared = self.customer(company_id=False)
        foreign = self.customer(company_id=elsewhere.id)
        archived = self.customer()
        archived.active = False
        people = own | shared | foreign | archived | self.agent.partner_id
        workflow = self.live()
        self.assertEqual(workflow._start(people).partner_id, own | shared)

    def test_only_a_running_workflow_lets_anybody_in(self):
        customer = self.customer()
        draft = self.draft()
        self.assertFalse(draft._start(customer))
        workflow = self.live()
        workflow.action_pause()
        self.assertFalse(workflow._start(customer))
        workflow.action_resume()
        workflow.active = False
        self.assertFalse(workflow._start(customer))

    def test_what_is_deeper_than_five_starts_nothing(self):
        customer, workflow = self.customer(), self.live()
        self.assertFalse(workflow._start(customer, depth=6))
        self.assertTrue(workflow._start(customer, depth=5))

    def test_of_many_each_run_knows_its_own_cause(self):
        one, other = self.customer(), self.customer()
        runs = self.live()._start(
            one | other, depth=1, causes={one.id: 11, other.id: 12}
        )
        by_partner = {run.partner_id: (run.event_id, run.depth) for run in runs}
        self.assertEqual(by_partner, {one: (11, 1), other: (12, 1)})

    def test_a_customer_is_kept_out_after_twenty_starts_of_one_workflow(self):
        customer, workflow = self.customer(), self.live()
        for _number in range(MOST_OF_ONE):
            self.assertTrue(workflow._start(customer))
        self.assertFalse(workflow._start(customer))
        self.assertFalse(workflow._start(customer))
        refused = workflow.run_ids.filtered(lambda run: run.outcome == "too_many")
        self.assertEqual(len(refused), 1, "the log tells it once a day")
        self.assertEqual((refused.state, refused.partner_id), ("stopped", customer))
        with self.later(1.1):
            self.assertTrue(workflow._start(customer))

    def test_a_customer_is_kept_out_after_fifty_starts_of_all(self):
        customer = self.customer()
        workflows = [self.live() for _number in range(3)]
        started = sum(
            len(workflow._start(customer))
            for _round in range(MOST_OF_ONE)
            for workflow in workflows
        )
        self.assertEqual(started, MOST_OF_ALL)

    def test_many_enter_with_few_queries_and_the_worker_goes_on(self):
        people = self.env["res.partner"].create(
            [{"name": f"Many {number}"} for number in range(300)]
        )
        self.settle()
        workflow = self.live(self.put_on(), audience="[('name', '!=', 'Many 7')]")
        cron = self.env.ref("mini_crm.ir_cron_mini_crm_workflow")
        self.env["ir.cron.trigger"].search([]).unlink()
        with self.assertQueryCount(32):  # of one or of thousands
            runs = workflow._start(people)
        self.assertEqual(len(runs), 299)
        self.assertEqual(set(runs.mapped("state")), {"running"})
        self.assertTrue(runs[0].due_at)
        woken = self.env["ir.cron.trigger"].search([])
        self.assertIn(cron, woken.cron_id)
        while runs._work_off():
            pass
        self.env.invalidate_all()
        self.assertEqual(set(runs.mapped("state")), {"done"})
        self.assertEqual(len(self.tag.partner_ids & people), 299)

    def test_a_message_that_started_it_can_be_asked_about(self):
        workflow = self.live(
            {"kind": "condition", "words": ["price"], "match": "all"},
            self.put_on(),
            trigger={"kind": "message_received"},
        )
        customer = make_customer(self.env)
        event_id = customer._log("message_received", summary="What is the price?")
        workflow._start(customer, event_id=event_id)
        self.assertEqual(customer.category_id, self.tag)
