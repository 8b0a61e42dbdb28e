from unittest.mock import patch

from odoo.tests import tagged

from ...models.workflow import mini_crm_batch, mini_crm_workflow_by_hand
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowStartMany(RunCase):
    """A selection of any size enters in portions, each its own transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for module in (mini_crm_batch, mini_crm_workflow_by_hand):
            cls.startClassPatcher(patch.object(module, "PORTION", 3))
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Chosen {number}"} for number in range(8)]
        )
        cls.env.flush_all()

    def start(self, workflow):
        """An agent starts a workflow for everybody: (what he is told, the batch)."""
        self.settle()
        told = workflow.with_user(self.agent).start_customers(
            [("id", "in", self.people.ids)]
        )
        return told, self.env["mini_crm.batch"].search([], limit=1)

    def step(self, batch, limit=5000):
        batch._as_user()._step(limit)
        self.env.flush_all()
        batch.invalidate_recordset()

    def test_many_enter_a_portion_after_the_other(self):
        workflow = self.live(self.wait(), entry={"policy": "once"})
        workflow._start(self.people[0])
        told, batch = self.start(workflow)
        self.assertEqual((told["chosen"], told["entered"]), (8, 0))
        self.assertTrue(told["later"])
        self.assertEqual((batch.state, batch.user_id), ("running", self.agent))
        self.assertEqual(len(workflow.run_ids), 1)
        for entered in (3, 6, 8):
            self.step(batch)
            self.assertEqual(len(workflow.run_ids), entered)
        self.assertEqual((batch.state, batch.done), ("done", 8))
        self.assertEqual((batch.created, batch.skipped), (7, 1))
        self.assertEqual(workflow.run_ids.partner_id, self.people)
        self.assertNotIn("ids", batch.settings, "nothing of the customers stays")

    def test_what_a_run_of_a_portion_does_is_no_bulk_change(self):
        told, batch = self.start(self.live(self.put_on()))
        self.assertTrue(told["later"])
        self.step(batch)
        self.settle()
        event = self.events(self.people[0], "tag_added")
        self.assertTrue(event)
        self.assertFalse(event.batch_id)

    def test_a_workflow_that_pauses_meanwhile_stops_the_batch_until_it_goes_on(self):
        workflow = self.live(self.wait())
        _told, batch = self.start(workflow)
        self.step(batch)
        workflow.with_user(self.manager).action_pause()
        self.step(batch)
        self.assertEqual((batch.state, len(workflow.run_ids)), ("failed", 3))
        self.assertIn("does not run now", batch.error)
        workflow.with_user(self.manager).action_resume()
        batch.with_user(self.manager).action_resume()
        while batch.state == "running":
            self.step(batch)
        self.assertEqual((batch.state, len(workflow.run_ids)), ("done", 8))

    def test_a_workflow_that_is_gone_stops_the_batch(self):
        workflow = self.live(self.wait())
        _told, batch = self.start(workflow)
        workflow.unlink()
        self.step(batch)
        self.assertEqual(batch.state, "failed")
