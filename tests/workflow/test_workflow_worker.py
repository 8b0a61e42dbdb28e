from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.workflow.mini_crm_workflow_run_worker import CLAIM
from .run_case import RunCase
from .test_workflow_doors import DOORS


@tagged("post_install", "-at_install")
class TestWorkflowWorker(RunCase):
    """The worker: claims of what is due, one commit each."""

    def setUp(self):
        super().setUp()
        cron = type(self.env["ir.cron"])
        self.commits = []

        def commit(_cron, done=0, remaining=None, **_more):
            self.commits.append((done, remaining))
            return 1000

        self.startPatcher(patch.object(cron, "_commit_progress", commit))

    def due(self, number, *nodes):
        """Runs that wait, and are due tomorrow."""
        workflow = self.live(self.wait(), *(nodes or (self.put_on(),)))
        people = self.env["res.partner"].create(
            [{"name": f"Due {one}"} for one in range(number)]
        )
        self.settle()
        runs = workflow._start(people)
        while runs._work_off():
            pass
        return runs

    def work(self):
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.env["mini_crm.workflow.run"]._cron_due()
        self.env.invalidate_all()

    def test_all_that_is_due_goes_on_one_commit_for_each_claim(self):
        runs = self.due(CLAIM + 20)
        self.work()
        self.assertEqual(set(runs.mapped("state")), {"done"})
        self.assertEqual([done for done, _left in self.commits], [CLAIM, 20, 0])
        self.assertEqual(self.commits[0][1], 20)

    def test_what_is_not_due_is_left_alone(self):
        runs = self.due(3)
        self.assertEqual(runs._work_off(), 0)
        self.assertEqual(set(runs.mapped("state")), {"waiting"})

    def test_one_that_fails_is_set_aside_and_others_go_on(self):
        runs = self.due(3)
        model = type(runs)
        original = model._act_add_tag

        def refused(run, config):
            if run.id == runs[1].id:
                raise UserError("The tag is gone.")
            return original(run, config)

        with patch.object(model, "_act_add_tag", refused):
            self.work()
        self.assertEqual(runs.mapped("state"), ["done", "failed", "done"])

    def test_a_run_that_somebody_left_before_its_first_step_is_begun(self):
        workflow = self.live(self.put_on())
        customer = self.customer()
        run = workflow._insert_runs(customer.ids, [0], 0)
        self.assertEqual((run.state, bool(run.due_at)), ("running", True))
        self.work()
        self.assertEqual((run.state, customer.category_id), ("done", self.tag))

    def test_others_at_the_same_rows_do_not_stop_the_worker(self):
        runs = self.due(5)
        model = type(runs)
        original, failures = model._work_off, [1, 2]

        def disturbed(self, limit=CLAIM):
            if failures:
                failures.pop()
                raise SerializationFailure
            return original(self, limit)

        with (
            patch.object(model, "_work_off", disturbed),
            patch.object(self.env.cr, "rollback"),
        ):
            self.work()
        self.assertFalse(failures)
        self.assertEqual(set(runs.mapped("state")), {"done"})

    @mute_logger(DOORS)
    def test_a_run_that_cannot_even_be_read_does_not_stop_others(self):
        runs = self.due(3)
        self.env.cr.execute(
            """UPDATE mini_crm_workflow_run SET position = '{"node": "n1",
            "due_at": "never"}' WHERE id = %s""",
            [runs[0].id],
        )
        self.env.invalidate_all()
        self.work()
        self.assertEqual(runs.mapped("state"), ["failed", "done", "done"])

    def test_a_run_that_others_go_on_disturbing_comes_later(self):
        runs = self.due(3)
        model = type(runs)
        original = model._act_add_tag
        disturbed = runs[0]

        def act(run, config):
            if run == disturbed:
                raise UniqueViolation
            return original(run, config)

        with patch.object(self.env.cr, "rollback"):
            savepoint = self.env.cr.savepoint(flush=False)
            self.env.cr.rollback.side_effect = savepoint.rollback
            with patch.object(model, "_act_add_tag", act):
                self.work()
            savepoint.close(rollback=False)
        self.assertEqual(runs.mapped("state"), ["waiting", "done", "done"])
        self.assertGreater(
            disturbed.due_at, fields.Datetime.now() + timedelta(hours=25)
        )

    def test_what_follows_is_left_to_the_worker_of_events(self):
        runs = self.due(3)
        self.work()
        self.env.flush_all()
        waiting = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM mini_crm_queue
                WHERE type = 'tag_added' AND partner_id = ANY(%s)""",
                runs.partner_id.ids,
            )
        )
        self.assertEqual(waiting[0][0], 3)

    def test_a_due_run_costs_a_bounded_number_of_queries(self):
        runs = self.due(20)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            runs._work_off(1)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(runs._work_off(10), 10)
            self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 10 * 40)
