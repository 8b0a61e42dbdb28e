from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.workflow import mini_crm_workflow_run_vacuum
from ...models.workflow.mini_crm_workflow_run_vacuum import KEEP_DAYS
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowVacuum(RunCase):
    """What runs have said and heard is forgotten; who may enter again is not."""

    def later(self, days):
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def forget(self):
        runs = self.env["mini_crm.workflow.run"]
        total = 0
        while True:
            done, left = runs._gc_runs()
            total += done
            if not left:
                return total

    def test_old_runs_go_with_their_steps_and_of_the_last_its_row_stays(self):
        workflow = self.live(self.put_on())
        customer, other = self.customer(), self.customer()
        runs = [workflow._start(customer) for _time in range(3)]
        runs += [workflow._start(other)]
        workflow._note_refused([customer.id])
        with self.later(KEEP_DAYS + 1):
            with patch.object(mini_crm_workflow_run_vacuum, "PORTION", 2):
                self.assertEqual(self.forget(), 5)
            self.assertEqual(self.forget(), 0, "there is nothing left to forget")
        self.assertEqual(workflow.run_ids, runs[3] | runs[2])
        self.assertFalse(workflow.run_ids.step_ids)
        self.assertEqual(workflow.run_ids.mapped("position"), [False] * 2)
        self.assertEqual(customer.get_workflow_runs()["runs"][0]["state"], "done")

    def test_who_may_enter_once_may_not_enter_again_for_it(self):
        workflow = self.live(self.put_on(), entry={"policy": "once"})
        customer = self.customer()
        self.assertTrue(workflow._start(customer))
        with self.later(KEEP_DAYS + 1):
            self.forget()
            self.assertFalse(workflow._start(customer))

    def test_what_is_younger_or_under_way_is_kept(self):
        ended = self.live(self.put_on())._start(self.customer())
        waits = self.live(self.wait(), self.put_on())._start(self.customer())
        with self.later(KEEP_DAYS - 1):
            self.forget()
        self.assertTrue(ended.step_ids)
        with self.later(KEEP_DAYS + 1):
            self.forget()
        self.assertFalse(ended.step_ids)
        self.assertEqual(waits.state, "waiting")
        self.assertTrue(waits.position)

    def test_what_there_is_to_forget_is_found_by_its_index(self):
        # the table is small: only what comes in the order of ended_at needs no sorting
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
        )
        rows = self.env.execute_query(
            SQL(
                """EXPLAIN SELECT id FROM mini_crm_workflow_run r
                WHERE r.ended_at < '2026-01-01'
                    AND (r.position IS NOT NULL OR r.outcome = 'too_many')
                ORDER BY r.ended_at LIMIT 1000"""
            )
        )
        self.assertIn("_old_idx", str(rows))
