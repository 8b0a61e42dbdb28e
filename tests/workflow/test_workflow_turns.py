from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.workflow import mini_crm_workflow_time
from .run_case import RunCase

NOON = datetime.fromisoformat("2026-03-10 12:00:00")
HOUR = timedelta(hours=1)
QOM = "[('city', '=', 'Qom')]"


@tagged("post_install", "-at_install")
class TestWorkflowTurns(RunCase):
    """Whom time or a person has enter: so many in an hour, and nothing pauses."""

    def setUp(self):
        super().setUp()
        with freeze_time(NOON - timedelta(days=1)):
            self.people = self.env["res.partner"].create(
                [{"name": f"Turn {number}", "city": "Qom"} for number in range(7)]
            )
            self.settle()

    @contextmanager
    def clock(self, hours):
        """So many hours after noon; jobs commit nothing."""
        crons = type(self.env["ir.cron"])
        with (
            freeze_time(NOON + hours * HOUR),
            patch.object(crons, "_commit_progress", lambda *_done, **_more: 60),
        ):
            yield

    def work(self):
        self.env["mini_crm.workflow"]._cron_time()
        self.env["mini_crm.workflow.run"]._cron_due()
        self.settle()

    def begun(self):
        """How many customers have got the tag by now."""
        self.env.invalidate_all()
        return len(self.tag.partner_ids & self.people)

    def comes(self, workflow):
        """A new customer whom an event has enter: his run, or none."""
        customer = self.customer(city="Qom")
        event = customer._log("message_received", summary="Hello")
        return workflow._start(customer, event_id=event)

    def daily(self, most=3, **more):
        with self.clock(-1):
            workflow = self.live(
                self.put_on(),
                trigger={"kind": "schedule", "every": "day", "at": "12:00"},
                audience=QOM,
                **more,
            )
            workflow.max_runs_per_hour = most
        return workflow

    def test_a_schedule_for_many_is_spread_over_hours_and_pauses_nothing(self):
        workflow = self.daily()
        for hours, begun in ((0, 3), (0.9, 3), (1, 6), (1.9, 6), (2, 7), (3, 7)):
            with self.clock(hours):
                self.work()
            self.assertEqual(self.begun(), begun, f"after {hours} hours")
        self.assertEqual((workflow.state, workflow.pause_reason), ("live", False))
        self.assertEqual(set(workflow.run_ids.mapped("state")), {"done"})
        self.assertFalse(self.told(self.manager))
        self.assertEqual(workflow.due_at, NOON + timedelta(days=1))

    def test_portions_of_a_schedule_share_the_hour(self):
        self.patch(mini_crm_workflow_time, "PORTION", 2)
        workflow = self.daily()
        with self.clock(0):
            self.work()
        moments = workflow.run_ids.sorted("started_at").mapped("started_at")
        self.assertEqual(moments, [NOON] * 3 + [NOON + HOUR] * 3 + [NOON + 2 * HOUR])

    def test_events_do_not_pause_it_while_a_schedule_is_spread(self):
        workflow = self.daily()
        with self.clock(0):
            self.work()
            for _number in range(3):
                self.assertTrue(self.comes(workflow))
            self.assertEqual(workflow.state, "live")
            self.assertFalse(self.comes(workflow))
            self.assertEqual(workflow.pause_reason, "flood")

    def test_who_no_longer_fits_when_his_turn_comes_is_left_out(self):
        workflow = self.daily()
        with self.clock(0):
            self.work()
        changed = workflow.run_ids.filtered("due_at").partner_id[0]
        with self.clock(0.5):
            changed.city = "Yazd"
            self.settle()
        with self.clock(2):
            self.work()
        run = workflow.run_ids.filtered(lambda one: one.partner_id == changed)
        self.assertEqual((run.state, run.outcome), ("stopped", "left"))
        self.assertEqual(self.begun(), 6)

    def test_resumed_they_do_not_begin_all_at_once(self):
        workflow = self.daily(most=2)
        with self.clock(0):
            self.work()
            workflow.with_user(self.manager).action_pause()
        with self.clock(9):
            self.work()
            self.assertEqual(self.begun(), 2)
            workflow.with_user(self.manager).action_resume()
            self.work()
            self.assertEqual(self.begun(), 4)
        with self.clock(10):
            self.work()
        self.assertEqual(self.begun(), 6)

    def test_a_raised_limit_counts_for_those_who_wait(self):
        workflow = self.daily(most=1)
        with self.clock(0):
            self.work()
            self.assertEqual(self.begun(), 1)
            workflow.with_user(self.manager).max_runs_per_hour = 10
            self.work()
        self.assertEqual(self.begun(), 7)

    def test_published_again_nobody_begins_earlier(self):
        workflow = self.daily()
        with self.clock(0):
            self.work()
            workflow.with_user(self.manager).action_publish()
            self.work()
        self.assertEqual(self.begun(), 3)

    def test_those_who_wait_for_their_turn_can_be_ended(self):
        workflow = self.daily()
        with self.clock(0):
            self.work()
            workflow.with_user(self.manager).action_stop_all()
        with self.clock(5):
            self.work()
        self.assertEqual(self.begun(), 3)
        stopped = workflow.run_ids.filtered(lambda one: one.state == "stopped")
        self.assertEqual(len(stopped), 4)
        with self.clock(0.5):
            run = workflow._start(self.customer(city="Qom"))
        self.assertEqual(run.started_at, NOON + HOUR, "their turns are free again")

    def test_one_that_may_start_nobody_pauses_and_says_so(self):
        workflow = self.daily(most=0)
        with self.clock(0):
            self.work()
        self.assertEqual((workflow.state, workflow.pause_reason), ("paused", "flood"))
        self.assertFalse(workflow.run_ids)
