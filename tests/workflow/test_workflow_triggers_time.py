from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.workflow import mini_crm_workflow_time
from ..factories import make_customer
from .time_case import TimeCase

TIME = "odoo.addons.mini_crm.models.workflow.mini_crm_workflow_time"


@tagged("post_install", "-at_install")
class TestWorkflowSchedule(TimeCase):
    """Each customer once for each day, week or month, by the shop's clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].concat(
            *(make_customer(cls.env) for _n in range(5))
        )
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.settle()

    def entered_by(self, workflow, *moments):
        """Customers of this test who enter, in order."""
        return [one for one in self.runs(workflow, *moments) if one in self.customers]

    def test_every_customer_enters_once_each_time(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
        self.assertEqual(self.due(daily), "2026-03-11 09:00")
        self.assertEqual(self.entered_by(daily, "2026-03-11 08:59"), [])
        everybody = list(self.customers)
        self.assertEqual(self.entered_by(daily, "2026-03-11 09:00"), everybody)
        self.assertEqual(self.due(daily), "2026-03-12 09:00")
        self.assertEqual(self.entered_by(daily, "2026-03-11 09:01"), [])
        self.assertEqual(self.entered_by(daily, "2026-03-12 09:00"), everybody)

    def test_weeks_and_months_have_their_days(self):
        with self.clock("2026-03-10 12:00"):  # a Tuesday
            weekly = self.live("schedule", every="week", weekdays=[0, 3], at="23:50")
            monthly = self.live("schedule", every="month", day=31, at="00:10")
        self.assertEqual(self.due(weekly), "2026-03-12 23:50")
        self.assertEqual(self.due(monthly), "2026-03-31 00:10")
        self.runs(monthly, "2026-03-31 00:10")
        self.assertEqual(self.due(monthly), "2026-04-30 00:10")
        self.assertEqual(self.due(weekly), "2026-04-02 23:50")

    def test_days_that_a_server_slept_over_are_made_up_for_once(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
        everybody = list(self.customers)
        self.assertEqual(self.entered_by(daily, "2026-03-15 12:00"), everybody)
        self.assertEqual(self.due(daily), "2026-03-16 09:00")

    def test_a_clock_that_is_put_back_starts_once(self):
        self.move("America/New_York")
        with self.clock("2026-10-31 12:00"):
            daily = self.live("schedule", every="day", at="01:30")
        self.assertEqual(self.due(daily), "2026-11-01 01:30")
        self.runs(daily, "2026-11-01 01:30")
        self.assertEqual(self.due(daily), "2026-11-02 01:30")

    def test_a_clock_that_is_put_forward_starts_later_that_day(self):
        self.move("America/New_York")
        with self.clock("2026-03-07 12:00"):
            daily = self.live("schedule", every="day", at="02:30")
        self.assertEqual(self.due(daily), "2026-03-08 03:30")
        self.runs(daily, "2026-03-08 03:30")
        self.assertEqual(self.due(daily), "2026-03-09 02:30")

    def test_portions_are_gone_on_with_after_a_kill(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
        self.patch(mini_crm_workflow_time, "PORTION", 2)
        with self.clock("2026-03-11 09:00"):
            due = daily.due_at
            daily._follow_time()
            daily._follow_time()
            self.assertEqual(daily.due_at, due, "it is not done yet")
        found = self.who(daily)
        found += self.runs(daily, "2026-03-11 09:20")
        profiles = self.env["mini_crm.profile"].search(
            [("partner_active", "=", True)], order="id"
        )
        self.assertEqual([one.id for one in found], profiles.ids)
        self.assertTrue(all(done <= 2 for done in self.steps))

    def test_who_pauses_meanwhile_is_gone_on_with_where_it_stopped(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
        self.patch(mini_crm_workflow_time, "PORTION", 2)

        def pause(workflow, _partner, _cause):
            workflow.state = "paused"

        self.act = pause
        self.runs(daily, "2026-03-11 09:00")
        self.assertEqual(self.steps, [0])
        self.act = lambda *_what: None
        with self.clock("2026-03-11 10:00"):
            daily.state = "live"
        self.assertEqual(
            self.entered_by(daily, "2026-03-11 10:00"), list(self.customers)
        )

    def test_what_a_long_pause_has_missed_is_not_made_up_for(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
            daily.state = "paused"
        with self.clock("2026-03-20 12:00"):
            daily.state = "live"
        self.assertEqual(self.due(daily), "2026-03-21 09:00")

    def test_a_new_text_does_not_put_it_off_and_a_new_hour_does(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
        with self.clock("2026-03-11 09:00"):
            self.publish(daily, "schedule", every="day", at="09:00")
            self.assertEqual(self.due(daily), "2026-03-11 09:00")
            self.publish(daily, "schedule", every="day", at="10:00")
            self.assertEqual(self.due(daily), "2026-03-11 10:00")
            self.publish(daily, "customer_created")
            self.assertFalse(daily.due_at)

    def test_a_shop_that_moves_has_its_days_counted_anew(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
            self.move("America/New_York")
            self.assertEqual(self.due(daily), "2026-03-10 09:00")

    def test_the_job_is_waked_when_it_is_due(self):
        with self.clock("2026-03-10 12:00"):
            daily = self.live("schedule", every="day", at="09:00")
            cron = self.env.ref(mini_crm_workflow_time.JOB)
            waiting = [("cron_id", "=", cron.id), ("call_at", "=", daily.due_at)]
            triggers = self.env["ir.cron.trigger"]
            self.assertEqual(triggers.search_count(waiting), 1)
            daily.name = "Other"
            self.env["mini_crm.workflow"]._cron_time()
            self.assertEqual(triggers.search_count(waiting), 1)

    def test_one_that_fails_is_put_off_and_others_go_on(self):
        with self.clock("2026-03-10 12:00"):
            bad = self.live("schedule", every="day", at="09:00")
            good = self.live("schedule", every="day", at="09:00")

        def fail(workflow, _partner, _cause):
            if workflow == bad:
                raise ValueError("broken")

        self.act = fail
        # nothing is committed here, so nothing may be rolled back
        with (
            patch.object(self.env.cr, "rollback"),
            mute_logger(TIME),
        ):
            self.assertEqual(
                self.entered_by(good, "2026-03-11 09:00"), list(self.customers)
            )
        self.assertEqual(self.due(bad), "2026-03-11 10:00")

    def test_starts_by_time_are_forgotten_when_they_can_come_no_more(self):
        starts = self.env["mini_crm.workflow.start"]
        workflow = self.env["mini_crm.workflow"].create({"name": "Old"})
        for text, key in (("2023-01-01 12:00", "old"), ("2026-03-01 12:00", "new")):
            with self.clock(text):
                starts._note(workflow, {self.customers[0].id: key})
        with self.clock("2026-03-10 12:00"):
            starts._gc_starts()
        self.assertEqual(starts.search([]).mapped("key"), ["new"])
