from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.workflow import TimerDue
from ...engine.workflow_entry import LAST_RUNS
from ...models.workflow import mini_crm_workflow_entry, mini_crm_workflow_run_ending
from .run_case import RunCase


def refuse(_entry, _history, _now):
    """What a limit says of a customer, in the place of ``objection``."""
    return "too_many"


@tagged("post_install", "-at_install")
class TestWorkflowSafety(RunCase):
    """Pausing by itself and by hand, going on, and ending everything."""

    def tomorrow(self):
        return freeze_time(fields.Datetime.now() + timedelta(hours=25))

    def test_too_many_starts_within_an_hour_pause_it_and_tell_managers_once(self):
        workflow = self.live()
        workflow.max_runs_per_hour = 3
        for _number in range(3):
            self.assertTrue(workflow._start(self.customer(), event_id=1))
        self.assertFalse(workflow._start(self.customer(), event_id=1))
        self.assertFalse(workflow._start(self.customer(), event_id=1))
        self.assertEqual((workflow.state, workflow.pause_reason), ("paused", "flood"))
        shown = workflow.with_user(self.manager).pause_text
        self.assertIn("More customers would have entered", shown)
        subjects = self.told(self.manager)
        self.assertEqual(subjects, ["The workflow “Welcome” has paused"])
        self.assertFalse(self.told(self.agent))

    def test_who_was_kept_out_counts_as_no_start(self):
        workflow, customer = self.live(), self.customer()
        workflow.max_runs_per_hour = 2
        with patch.object(mini_crm_workflow_entry, "objection", refuse):
            workflow._start(self.customer() | self.customer(), event_id=1)
        self.assertEqual(workflow.run_ids.mapped("outcome"), ["too_many"] * 2)
        starting = workflow.with_user(self.agent)
        found = starting.start_customers([("id", "=", customer.id)])
        self.assertEqual((found["chosen"], found["entered"]), (1, 1))
        self.assertFalse(found["last_at"])
        self.assertTrue(workflow._start(self.customer(), event_id=1))
        self.assertTrue(workflow._start(self.customer(), event_id=1))
        self.assertEqual(workflow.state, "live")

    def test_resumed_it_counts_anew(self):
        workflow = self.live()
        workflow.max_runs_per_hour = 1
        now = fields.Datetime.now()
        with freeze_time(now + timedelta(minutes=1)):
            workflow._start(self.customer(), event_id=1)
            workflow._start(self.customer(), event_id=1)
            self.assertEqual(workflow.state, "paused")
        with freeze_time(now + timedelta(minutes=2)):
            workflow.with_user(self.manager).action_resume()
        self.assertEqual((workflow.state, workflow.pause_reason), ("live", False))
        self.assertFalse(workflow.pause_text)
        with freeze_time(now + timedelta(minutes=3)):
            self.assertTrue(workflow._start(self.customer(), event_id=1))

    def test_more_than_half_of_the_last_runs_failing_pauses_it(self):
        segment = self.env["mini_crm.segment"].create({"name": "Chosen"})
        workflow = self.live({"kind": "add_to_segment", "segment": segment.id})
        for _number in range(9):
            workflow._start(self.customer())
        self.env.cr.execute("DELETE FROM mini_crm_segment WHERE id = %s", [segment.id])
        self.env.invalidate_all()
        for number in range(9, LAST_RUNS):
            self.assertEqual(workflow.state, "live", f"after {number} runs")
            run = workflow._start(self.customer())
            self.assertEqual(run.state, "failed")
        self.assertEqual((workflow.state, workflow.pause_reason), ("paused", "failing"))
        self.assertEqual(len(self.told(self.manager)), 1)

    def test_a_condition_that_broke_pauses_it(self):
        workflow = self.live(audience="[('city', '=', 'Qom')]")
        self.env.cr.execute(
            """UPDATE mini_crm_workflow_version
            SET definition = definition || '{"audience": "[(1)]"}' WHERE id = %s""",
            [workflow.version_id.id],
        )
        self.env.invalidate_all()
        self.assertFalse(workflow._start(self.customer()))
        self.assertEqual(workflow.pause_reason, "audience")

    def test_a_paused_workflow_does_nothing_until_it_goes_on(self):
        workflow = self.live(self.wait(), self.put_on())
        customer = self.customer()
        run = workflow._start(customer)
        workflow.with_user(self.manager).action_pause()
        with self.tomorrow():
            self.assertFalse(run._advance(TimerDue()))
            self.assertEqual(run._work_off(), 0)
            self.assertFalse(customer.category_id)
            workflow.with_user(self.manager).action_resume()
            self.assertEqual(run._work_off(), 1)
        self.assertEqual((run.state, customer.category_id), ("done", self.tag))

    def test_an_archived_workflow_pauses(self):
        workflow = self.live()
        workflow.with_user(self.manager).active = False
        self.assertEqual(workflow.state, "paused")

    def test_an_archived_workflow_does_not_run_until_it_is_unarchived(self):
        workflow = self.live(self.wait()).with_user(self.manager)
        workflow.active = False
        for start in (workflow.action_resume, workflow.action_publish):
            with self.assertRaisesRegex(UserError, "“Welcome” is archived"):
                start()
        self.assertEqual(workflow.state, "paused")
        workflow.active = True
        workflow.action_resume()
        self.assertEqual(workflow.state, "live")

    def test_a_paused_workflow_lets_runs_be_ended(self):
        workflow = self.live(self.wait())
        run = workflow._start(self.customer())
        workflow.action_pause()
        run._stop("by_hand")
        self.assertEqual(run.state, "stopped")

    def test_all_runs_are_ended_at_once(self):
        workflow, other = self.live(self.wait()), self.live(self.wait())
        people = self.env["res.partner"].create(
            [{"name": f"Ended {number}"} for number in range(20)]
        )
        self.settle()
        runs = workflow._start(people)
        while runs._work_off():
            pass
        stays = other._start(people[0])
        asking = runs[0]
        asking.question = "queued"
        with self.assertQueryCount(60):
            workflow.with_user(self.manager).action_stop_all()
        self.assertEqual(set(runs.mapped("state")), {"stopped"})
        self.assertEqual(set(runs.mapped("outcome")), {"by_hand"})
        self.assertFalse(any(run.due_at or not run.ended_at for run in runs))
        self.assertEqual(self.steps(runs[1]), [("n1", 1, "stopped")])
        self.assertEqual(self.steps(asking), [("n1", 1, "stopped")])
        self.assertEqual(runs[1]._state().status, "stopped")
        self.assertEqual(stays.state, "waiting")

    def waiting(self, number):
        """Runs of one workflow that wait."""
        workflow = self.live(self.wait(), self.put_on())
        people = self.env["res.partner"].create(
            [{"name": f"Waits {one}"} for one in range(number)]
        )
        self.settle()
        runs = workflow._start(people)
        while runs._work_off():
            pass
        return runs

    def test_more_runs_than_fit_in_one_request_are_ended_by_the_worker(self):
        runs = self.waiting(5)
        workflow = runs.workflow_id
        with patch.object(mini_crm_workflow_run_ending, "SILENT", 2):
            workflow.with_user(self.manager).action_stop_all()
            self.assertEqual(len(runs.filtered("ended_at")), 2)
            late = workflow._start(self.customer())
            with self.tomorrow():  # before the worker comes to end it
                last = runs.filtered(lambda run: run.state == "waiting")[:1]
                last._advance(TimerDue())
            self.assertEqual(self.steps(last), [("n1", 1, "stopped")])
            self.assertTrue(runs._ending_count())
            while runs._end_some():
                pass
        self.assertEqual(set(runs.mapped("outcome")), {"by_hand"})
        self.assertEqual(late.state, "waiting", "it began afterwards")
        self.assertFalse(runs._ending_count())

    def test_worker_ends_what_is_to_end(self):
        runs = self.waiting(5)
        with patch.object(mini_crm_workflow_run_ending, "SILENT", 2):
            runs.workflow_id.action_stop_all()
            with patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_o: 1000
            ):
                runs._cron_due()
        self.assertEqual(set(runs.mapped("state")), {"stopped"})

    def test_unarchived_it_begins_with_nobody_in_it(self):
        runs = self.waiting(2)
        workflow = runs.workflow_id.with_user(self.manager)
        workflow.active = False
        self.assertEqual(set(runs.mapped("state")), {"stopped"})
        workflow.active = True
        workflow.action_resume()
        self.assertTrue(workflow.sudo()._start(runs.partner_id[:1]))
