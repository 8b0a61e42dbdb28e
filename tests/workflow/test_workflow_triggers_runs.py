import itertools
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

    def told_of_pause(self):
        return [subject for subject in self.told(self.manager) if "paused" in subject]

    def test_a_workflow_that_starts_itself_pauses_and_tells_it_once(self):
        trigger = {"kind": "tag_added", "tag": self.tag.id}
        loop = self.on(trigger, self.take_off(self.tag), self.put_on())
        customer = make_customer(self.env)
        self.settle()
        customer.category_id = self.tag
        self.settle()
        depths = loop.run_ids.sorted("id").mapped("depth")
        self.assertEqual(depths, [0, 1, 2, 3, 4])
        self.assertEqual(set(loop.run_ids.mapped("state")), {"done"})
        self.assertEqual((loop.state, loop.pause_reason), ("paused", "loop"))
        self.assertEqual(len(self.told_of_pause()), 1)

    def test_of_two_workflows_that_start_each_other_one_pauses(self):
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
        self.assertEqual(pong.run_ids.sorted("id").mapped("depth"), [1, 3])
        self.assertEqual((ping.state, pong.state), ("live", "paused"))
        self.assertEqual(len(self.told_of_pause()), 1)

    def test_a_long_chain_of_workflows_is_no_loop(self):
        tags = self.env["res.partner.category"].create(
            [{"name": f"Chain {number}"} for number in range(7)]
        )
        chain = [
            self.on({"kind": "tag_added", "tag": tag.id}, self.put_on(following))
            for tag, following in itertools.pairwise(tags)
        ]
        customer = make_customer(self.env)
        self.settle()
        customer.category_id = tags[0]
        self.settle()
        self.assertEqual(customer.category_id, tags)
        self.assertEqual([one.run_ids.depth for one in chain], [0, 1, 2, 3, 4, 5])
        self.assertEqual({one.state for one in chain}, {"live"})

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

    def test_a_segment_chosen_in_the_editor_starts_when_it_is_entered(self):
        shipped = self.env["mini_crm.segment"].search(
            [("key", "=", "vip"), ("company_id", "=", self.env.company.id)]
        )
        draft = self.draft().with_user(self.manager)
        offered = {label: value for value, label in draft.get_editor_data()["segments"]}
        chosen = offered[shipped.name]
        definition = self.definition(
            self.put_on(),
            {"kind": "add_to_segment", "segment": chosen},
            trigger={"kind": "segment_entered", "segment": chosen},
        )
        told = draft.save_definition(definition, draft.revision)
        self.assertEqual(told["problems"], [])
        self.assertEqual(
            told["names"][f"mini_crm.segment,{shipped.id}"], shipped.display_name
        )
        draft.action_publish()
        shipped.domain = "[('city', '=', 'Qom')]"
        self.env["mini_crm.rule"]._run_all()
        self.settle()
        customer = make_customer(self.env)
        self.settle()
        self.assertFalse(draft.run_ids)
        customer.city = "Qom"
        self.settle()
        run = draft.run_ids
        self.assertEqual((run.partner_id, run.state), (customer, "done"))
        self.assertEqual(customer.category_id, self.tag)
