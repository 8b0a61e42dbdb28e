from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.workflow import Started, Stopped, TimerDue
from .run_case import RunCase

DOORS = "odoo.addons.mini_crm.models.workflow.mini_crm_workflow_run_doors"


@tagged("post_install", "-at_install")
class TestWorkflowDoors(RunCase):
    """How runs move: one transaction for what a node does and the move on."""

    def tomorrow(self, hours=25):
        return freeze_time(fields.Datetime.now() + timedelta(hours=hours))

    def test_a_run_goes_as_far_as_it_can_and_logs_each_node_once(self):
        workflow = self.live(
            self.put_on(),
            {
                "kind": "condition",
                "domain": f"[('category_id', 'in', [{self.tag.id}])]",
            },
            self.wait(),
            self.put_on(self.other_tag),
        )
        customer = self.customer()
        run = workflow._start(customer)
        self.assertEqual(customer.category_id, self.tag)
        self.assertEqual((run.state, run.node), ("waiting", "n3"))
        self.assertEqual(self.steps(run), [("n1", 1, "next"), ("n2", 1, "yes")])
        with self.tomorrow(hours=23):
            run._advance(TimerDue())
            self.assertEqual(run.node, "n3")
        with self.tomorrow():
            run._advance(TimerDue())
        self.assertEqual(
            (run.state, run.outcome, run.due_at), ("done", "finished", False)
        )
        self.assertTrue(run.ended_at)
        self.assertEqual(self.steps(run)[2:], [("n3", 1, "next"), ("n4", 1, "next")])
        self.assertEqual(customer.category_id, self.tag | self.other_tag)
        self.assertFalse(run._advance(TimerDue()), "it has ended")

    def test_a_loop_of_nodes_logs_each_visit_and_is_stopped_by_the_engine(self):
        has_tag = f"[('category_id', 'in', [{self.tag.id}])]"
        workflow = self.live(
            self.put_on(),
            {"kind": "condition", "domain": has_tag, "next": {"yes": "n1"}},
        )
        run = workflow._start(self.customer())
        self.assertEqual((run.state, run.outcome), ("failed", "limit"))
        steps = self.steps(run)
        self.assertEqual(len(steps), len(set(steps)))
        self.assertEqual(
            steps[:3], [("n1", 1, "next"), ("n2", 1, "yes"), ("n1", 2, "next")]
        )

    def test_what_a_run_does_tells_by_whom_and_why(self):
        customer = self.customer()
        event_id = customer._log("call_logged")
        self.settle()
        customer.city = "Qom"  # a person's change in the same transaction
        workflow = self.live(self.put_on())
        workflow._start(customer, event_id=event_id, depth=2)
        self.settle()
        added = self.events(customer, "tag_added")
        self.assertEqual(
            (added.author_id, added.cause_id.id, added.depth),
            (self.actor, event_id, 3),
        )
        changed = self.events(customer, "field_updated")
        self.assertEqual((changed.depth, changed.cause_id.id), (0, False))

    def test_who_comes_second_to_a_step_does_nothing(self):
        workflow = self.live(self.wait(), self.put_on())
        customer = self.customer()
        run = workflow._start(customer)
        step = self.env["mini_crm.workflow.step"].create(
            {
                "run_id": run.id,
                "version_id": run.version_id.id,
                "company_id": run.company_id.id,
                "node": "n1",
                "visit": 1,
                "kind": "delay",
                "date": fields.Datetime.now(),
            }
        )
        with self.tomorrow():
            self.assertFalse(run._advance(TimerDue()))
            self.assertEqual((run.state, run.node), ("waiting", "n1"))
            self.assertFalse(customer.category_id)
            step.unlink()
            self.assertTrue(run._advance(TimerDue()), "nothing else was in its way")
        self.assertEqual(customer.category_id, self.tag)

    def test_what_is_not_possible_fails_the_run_with_its_reason(self):
        workflow = self.live(self.put_on(self.other_tag), self.wait(), self.put_on())
        customer, other = self.customer(), self.customer()
        run, fine = workflow._start(customer), self.live(self.wait())._start(other)
        # the product refuses to delete a tag in use
        self.env.cr.execute(
            "DELETE FROM res_partner_category WHERE id = %s", [self.tag.id]
        )
        self.env.invalidate_all()
        with self.tomorrow():
            run._advance(TimerDue())
            fine._advance(TimerDue())
        self.assertEqual((run.state, run.outcome), ("failed", "refused"))
        self.assertEqual(self.steps(run)[-1], ("n3", 1, "failed"))
        self.assertTrue(run.step_ids[0].reason)
        self.assertEqual(customer.category_id, self.other_tag, "was done before")
        self.assertEqual(fine.state, "done")

    @mute_logger(DOORS)
    def test_a_bug_fails_the_run_alone_and_leaves_nothing_of_its_step(self):
        workflow = self.live(self.put_on())
        runs = type(self.env["mini_crm.workflow.run"])
        original = runs._act_add_tag

        def broken(run, config):
            original(run, config)
            raise ZeroDivisionError

        customer = self.customer()
        with patch.object(runs, "_act_add_tag", broken):
            run = workflow._start(customer)
        self.assertEqual((run.state, run.outcome), ("failed", "internal"))
        self.assertEqual(run.step_ids.reason, "ZeroDivisionError")
        self.assertFalse(customer.category_id)

    def test_who_no_longer_meets_the_condition_stays_or_leaves(self):
        for leave, expected in ((False, "done"), (True, "stopped")):
            with self.subTest(leave=leave):
                workflow = self.live(
                    self.wait(),
                    self.put_on(),
                    audience="[('city', '=', 'Qom')]",
                    leave=leave,
                )
                customer = self.customer(city="Qom")
                run = workflow._start(customer)
                customer.city = "Yazd"
                with self.tomorrow():
                    run._advance(TimerDue())
                self.assertEqual(run.state, expected)
                self.assertEqual(bool(customer.category_id), not leave)
        self.assertEqual(run.outcome, "left")
        self.assertEqual(self.steps(run), [("n1", 1, "stopped")])

    def test_a_condition_that_broke_meanwhile_pauses_the_workflow(self):
        workflow = self.live(
            self.wait(), self.put_on(), audience="[('city', '=', 'Qom')]", leave=True
        )
        run = workflow._start(self.customer(city="Qom"))
        self.env.cr.execute(
            """UPDATE mini_crm_workflow_version
            SET definition = definition || '{"audience": "[(1)]"}' WHERE id = %s""",
            [workflow.version_id.id],
        )
        self.env.invalidate_all()
        with self.tomorrow():
            self.assertFalse(run._advance(TimerDue()))
        self.assertEqual((run.state, workflow.pause_reason), ("waiting", "audience"))

    def test_who_is_archived_leaves_all_his_workflows(self):
        customer = self.customer()
        run = self.live(self.wait())._start(customer)
        customer.active = False
        self.assertEqual((run.state, run.outcome), ("stopped", "archived"))

    def test_who_moves_to_another_company_leaves_the_workflows_of_the_old_one(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        customer = self.customer(company_id=self.company.id)
        run = self.live(self.wait(), self.put_on())._start(customer)
        customer.company_id = False
        self.assertEqual(run.state, "waiting", "of all companies, so of this one")
        customer.company_id = elsewhere
        self.assertEqual((run.state, run.outcome), ("stopped", "moved"))
        self.assertEqual(self.steps(run), [("n1", 1, "stopped")])

    def test_who_was_moved_behind_the_backs_of_all_leaves_at_his_next_step(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        customer = self.customer()
        run = self.live(self.wait(), self.put_on())._start(customer)
        self.move(customer, elsewhere)
        with self.tomorrow():
            run._advance(TimerDue())
        self.assertEqual((run.state, run.outcome), ("stopped", "moved"))
        self.assertFalse(customer.category_id)

    def test_what_the_cache_knows_of_a_customer_elsewhere_is_told_to_no_run(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        customer = self.customer()
        run = self.live(self.wait())._start(customer)
        self.move(customer, elsewhere)
        self.assertTrue(customer.name)
        with self.assertRaises(AccessError):
            run._as_actor()._filled("{first_name}")

    def move(self, customer, company):
        """Move a customer to another company past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [company.id, customer.id],
        )
        self.env.invalidate_all()

    def test_a_stop_ends_a_run_wherever_it_stands(self):
        run = self.live(self.wait())._start(self.customer())
        run._stop("by_hand")
        self.assertEqual((run.state, run.outcome), ("stopped", "by_hand"))
        self.assertFalse(run._advance(Stopped("by_hand")))

    def test_a_merged_customer_goes_on_with_one_run_of_each_workflow(self):
        one, two = self.live(self.wait()), self.live(self.wait())
        source, survivor = self.customer(), self.customer()
        moved = two._start(source)
        ends = one._start(source)
        stays = one._start(survivor)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | survivor).ids, survivor)
        self.assertEqual((ends.state, ends.outcome), ("stopped", "merged"))
        self.assertEqual((moved.state, stays.state), ("waiting", "waiting"))
        self.assertEqual((moved | ends | stays).partner_id, survivor)

    def test_of_two_runs_of_sources_the_older_goes_on(self):
        workflow = self.live(self.wait())
        source, other, survivor = (self.customer() for _number in range(3))
        older, newer = workflow._start(source), workflow._start(other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | other | survivor).ids, survivor)
        self.assertEqual((older.state, newer.outcome), ("waiting", "merged"))
        self.assertEqual(older.partner_id, survivor)

    def test_the_log_tells_what_a_node_noted(self):
        workflow = self.live({"kind": "create_task", "summary": "Call"})
        run = workflow._start(self.customer())
        self.assertTrue(run.step_ids.data["task_id"])
        self.assertFalse(run.notes)

    def test_started_twice_is_started_once(self):
        run = self.live(self.wait())._start(self.customer())
        run._advance(Started())
        self.assertEqual((run.node, self.steps(run)), ("n1", []))
