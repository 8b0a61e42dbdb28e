from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .run_case import RunCase

AT_ONCE = {"later": False, "last_at": False}


@tagged("post_install", "-at_install")
class TestWorkflowLog(RunCase):
    """What a customer's page tells of workflows, and what people do there."""

    def _log(self, customer, user=None, **more):
        return customer.with_user(user or self.agent).get_workflow_runs(**more)

    # The log

    def test_customer_shows_runs_steps_and_reasons_in_words(self):
        customer = self.customer(name="Sara")
        send = {"kind": "send", "text": "Hi", "next": {"not_sent": "n2"}}
        workflow = self.live(send, self.put_on(), self.wait())
        run = workflow._start(customer)
        (told,) = self._log(customer)["runs"]
        self.assertEqual((told["id"], told["name"]), (run.id, "Welcome"))
        self.assertEqual((told["status"], told["at"]), ("Waiting", "Wait"))
        self.assertTrue(told["may_stop"])
        step = told["steps"][0]
        self.assertEqual(
            (step["label"], step["edge"]), ("Send a message", "Could not be sent")
        )
        self.assertIn("no channel", step["reason"])

    def test_log_speaks_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        customer = self.customer()
        self.live(self.put_on())._start(customer)
        told = self._log(customer.with_context(lang="fa_IR"))["runs"][0]
        self.assertEqual(told["steps"][0]["label"], "زدن برچسب")

    def test_run_that_has_failed_says_why(self):
        customer = self.customer()
        workflow = self.live(self.put_on())
        version = workflow.version_id
        nodes = {"n1": {**version.definition["nodes"]["n1"], "tag": 2**30}}
        version.definition = {**version.definition, "nodes": nodes}
        workflow._start(customer)
        told = self._log(customer)["runs"][0]
        self.assertEqual(told["state"], "failed")
        self.assertIn("gone", told["steps"][0]["reason"])
        self.assertFalse(told["may_stop"])

    def test_older_runs_come_page_by_page(self):
        customer = self.customer()
        workflow = self.live(self.put_on())
        runs = [workflow._start(customer).id for _time in range(20)]
        last = self.live(self.put_on())._start(customer).id
        page = self._log(customer)
        self.assertEqual([run["id"] for run in page["runs"]], [last, *runs[:0:-1]])
        self.assertTrue(page["more"])
        rest = self._log(customer, before=page["runs"][-1]["id"])
        self.assertEqual([run["id"] for run in rest["runs"]], runs[:1])
        self.assertFalse(rest["more"])

    def test_runs_of_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        customer = self.customer()
        self.manager.company_ids += other
        workflow = self.draft(self.put_on(), company=other)
        workflow.with_user(self.manager).with_context(
            allowed_company_ids=other.ids
        )._publish()
        self.assertTrue(workflow._start(customer))
        self.assertEqual(self._log(customer)["runs"], [])

    # Stopping

    def test_agent_stops_a_run(self):
        customer = self.customer()
        run = self.live(self.wait())._start(customer)
        run.with_user(self.agent).action_stop()
        self.assertEqual((run.state, run.outcome), ("stopped", "by_hand"))
        told = self._log(customer)["runs"][0]
        self.assertIn("colleague", told["outcome"])

    def test_nobody_stops_runs_of_another_company(self):
        run = self.live(self.wait())._start(self.customer())
        other = self.env["res.company"].create({"name": "Other shop"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "mini_crm.mini_crm_group_agent",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_stop()
        self.assertEqual(run.state, "waiting")

    # Starting by hand

    def _start(self, workflow, customers, user=None):
        return workflow.with_user(user or self.agent).start_customers(
            [("id", "in", customers.ids)]
        )

    def test_agent_starts_a_workflow_for_a_selection(self):
        customers = self.customer() | self.customer() | self.customer()
        workflow = self.live(self.wait(), entry={"policy": "once"})
        told = self._start(workflow, customers[:1])
        self.assertEqual(told, {"chosen": 1, "entered": 1, **AT_ONCE})
        told = self._start(workflow, customers)
        self.assertEqual(told, {"chosen": 3, "entered": 2, **AT_ONCE})
        self.assertEqual(workflow.run_ids.partner_id, customers)

    def test_workflow_of_any_trigger_can_be_started_by_hand(self):
        workflow = self.live(
            self.put_on(), trigger={"kind": "message_received", "words": ["price"]}
        )
        offered = self.env["mini_crm.workflow"].with_user(self.agent).get_startable()
        mine = next(one for one in offered if one["id"] == workflow.id)
        self.assertEqual(mine["trigger"], "A customer writes")
        customer = self.customer()
        self._start(workflow, customer)
        self.assertIn(self.tag, customer.category_id)

    def test_only_running_workflows_are_offered_and_started(self):
        customer = self.customer()
        paused = self.live(self.put_on())
        paused.with_user(self.manager).action_pause()
        draft = self.draft(self.put_on())
        offered = self.env["mini_crm.workflow"].with_user(self.agent).get_startable()
        ids = [one["id"] for one in offered]
        for workflow in (paused, draft):
            self.assertNotIn(workflow.id, ids)
            with self.assertRaises(UserError):
                self._start(workflow, customer)
        self.assertFalse(customer.category_id)

    def test_selection_above_the_limit_begins_hour_after_hour(self):
        customers = self.customer() | self.customer() | self.customer()
        workflow = self.live(self.wait())
        workflow.max_runs_per_hour = 2
        now = fields.Datetime.now()
        with freeze_time(now):
            told = self._start(workflow, customers)
        self.assertEqual(
            told,
            {
                "chosen": 3,
                "entered": 3,
                "later": False,
                "last_at": now + timedelta(hours=1),
            },
        )
        self.assertEqual(workflow.state, "live")
        waits = customers[2].with_user(self.agent).get_workflow_runs()["runs"][0]
        self.assertEqual(waits["started_at"], told["last_at"])
        self.assertEqual((waits["at"], waits["steps"]), ("", []))
        self.assertEqual(waits["outcome"], "Begins when its turn comes.")
        self.assertTrue(waits["may_stop"])

    def test_customers_of_another_company_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        ours, theirs = self.customer(), self.customer(company_id=other.id)
        workflow = self.live(self.wait())
        told = self._start(workflow, ours | theirs)
        self.assertEqual(told, {"chosen": 1, "entered": 1, **AT_ONCE})
        self.assertEqual(workflow.run_ids.partner_id, ours)
