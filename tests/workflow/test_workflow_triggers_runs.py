from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..factories import make_customer
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowTriggersRuns(RunCase):
    """From what happens, or the time that comes, to the run and what it does."""

    def setUp(self):
        super().setUp()
        self.settle()

    def on(self, trigger, *nodes, **more):
        """A published workflow with a trigger: dict."""
        return self.live(*nodes, trigger=trigger, **more)

    def no_commits(self):
        crons = type(self.env["ir.cron"])
        return patch.object(crons, "_commit_progress", lambda *_done, **_more: 60)

    def take_off(self, tag):
        return {"kind": "remove_tag", "tag": tag.id}

    def test_a_new_customer_gets_what_the_welcome_does(self):
        welcome = self.on({"kind": "customer_created"}, self.put_on())
        customer = make_customer(self.env)
        self.settle()
        run = welcome.run_ids
        self.assertEqual((run.partner_id, run.state), (customer, "done"))
        self.assertEqual(customer.category_id, self.tag)
        created = self.env["mini_crm.event"].browse(run.event_id)
        self.assertEqual((created.type, run.depth), ("customer_created", 0))

    def test_what_a_run_does_may_start_another_one_deeper(self):
        self.on({"kind": "customer_created"}, self.put_on())
        known = self.on(
            {"kind": "tag_added", "tag": self.tag.id}, self.put_on(self.other_tag)
        )
        customer = make_customer(self.env)
        self.settle()
        self.assertEqual(customer.category_id, self.tag | self.other_tag)
        self.assertEqual(known.run_ids.depth, 1)

    def test_a_workflow_that_starts_itself_ends_at_the_depth(self):
        trigger = {"kind": "tag_added", "tag": self.tag.id}
        loop = self.on(trigger, self.take_off(self.tag), self.put_on())
        customer = make_customer(self.env)
        self.settle()
        customer.category_id = self.tag
        self.settle()
        depths = loop.run_ids.sorted("id").mapped("depth")
        self.assertEqual(depths, [0, 1, 2, 3, 4, 5])
        self.assertEqual(set(loop.run_ids.mapped("state")), {"done"})

    def test_two_workflows_that_start_each_other_end_at_the_depth(self):
        one, other = self.tag, self.other_tag
        ping = self.on(
            {"kind": "tag_added", "tag": one.id},
            self.take_off(one),
            self.put_on(other),
        )
        pong = self.on(
            {"kind": "tag_added", "tag": other.id},
            self.take_off(other),
            self.put_on(one),
        )
        customer = make_customer(self.env)
        self.settle()
        customer.category_id = one
        self.settle()
        self.assertEqual(ping.run_ids.sorted("id").mapped("depth"), [0, 2, 4])
        self.assertEqual(pong.run_ids.sorted("id").mapped("depth"), [1, 3, 5])

    def test_a_birthday_starts_a_run_once_however_often_it_is_published(self):
        birthday = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        customer = make_customer(self.env, **{birthday: "1990-03-10"})
        self.settle()
        with freeze_time("2026-03-09 12:00:00"):
            wish = self.on({"kind": "birthday", "at": "09:00"}, self.put_on())
            self.assertEqual(wish.due_at, self.utc("2026-03-10 09:00:00"))
        with (
            freeze_time("2026-03-10 09:00:00"),
            self.no_commits(),
        ):
            self.env["mini_crm.workflow"]._cron_time()
            self.assertEqual(wish.run_ids.partner_id, customer)
            wish.with_user(self.manager)._publish()
            wish.due_at = self.utc("2026-03-10 09:00:00")
            self.env["mini_crm.workflow"]._cron_time()
        self.assertEqual(len(wish.run_ids), 1)
        self.assertEqual(customer.category_id, self.tag)

    def test_without_a_birthday_field_it_pauses_and_tells_why(self):
        with freeze_time("2026-03-09 12:00:00"):
            wish = self.on({"kind": "birthday"}, self.put_on())
        self.env.ref("mini_crm.mini_crm_field_birth_date").role = False
        with freeze_time("2026-03-10 09:00:00"), self.no_commits():
            self.env["mini_crm.workflow"]._cron_time()
        self.assertEqual((wish.state, wish.pause_reason), ("paused", "birthday"))
        self.assertEqual(len(self.told(self.manager)), 1)

    def test_a_schedule_asks_the_audience(self):
        chosen = make_customer(self.env, city="Qom")
        make_customer(self.env, city="Yazd")
        self.settle()
        with freeze_time("2026-03-09 12:00:00"):
            daily = self.on(
                {"kind": "schedule", "every": "day", "at": "09:00"},
                self.put_on(),
                audience="[('city', '=', 'Qom')]",
            )
        with (
            freeze_time("2026-03-10 09:00:00"),
            self.no_commits(),
        ):
            self.env["mini_crm.workflow"]._cron_time()
        self.assertEqual(daily.run_ids.partner_id, chosen)
        self.assertEqual(daily.due_at, self.utc("2026-03-11 09:00:00"))

    def test_a_pause_for_too_many_starts_keeps_the_rest_for_later(self):
        for _n in range(3):
            make_customer(self.env, city="Qom")
        self.settle()
        with freeze_time("2026-03-09 12:00:00"):
            daily = self.on(
                {"kind": "schedule", "every": "day", "at": "09:00"},
                self.put_on(),
                audience="[('city', '=', 'Qom')]",
            )
            daily.max_runs_per_hour = 2
        with (
            freeze_time("2026-03-10 09:00:00"),
            self.no_commits(),
        ):
            self.env["mini_crm.workflow"]._cron_time()
            self.assertEqual((daily.state, daily.pause_reason), ("paused", "flood"))
            self.assertFalse(daily.run_ids)
            daily.max_runs_per_hour = 100
            daily.with_user(self.manager).action_resume()
            self.env["mini_crm.workflow"]._cron_time()
        self.assertEqual(len(daily.run_ids), 3)
