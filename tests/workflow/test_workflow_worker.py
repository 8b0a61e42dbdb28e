from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import DataError
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.workflow.mini_crm_workflow_run_worker import CLAIM
from .run_case import RunCase
from .test_workflow_doors import DOORS

WORKER = "odoo.addons.mini_crm.models.workflow.mini_crm_workflow_run_worker"


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
        run = workflow._insert_runs(customer.ids, [0], 0, workflow._turns(1))
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
                raise SerializationFailure
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

    def test_runs_of_an_archived_workflow_do_not_keep_others_from_going_on(self):
        stuck, runs = self.due(CLAIM), self.due(3)
        # as the product once let happen: archived, and resumed
        self.env.cr.execute(
            "UPDATE mini_crm_workflow SET active = FALSE WHERE id = %s",
            [stuck.workflow_id.id],
        )
        self.env.invalidate_all()
        self.work()
        self.assertEqual(set(stuck.mapped("state")), {"waiting"})
        self.assertEqual(set(runs.mapped("state")), {"done"})
        self.assertEqual([done for done, _left in self.commits], [3, 0])

    @mute_logger(WORKER)
    def test_runs_that_are_due_and_do_not_move_do_not_keep_others_from_going_on(self):
        stuck, runs = self.due(CLAIM), self.due(3)
        model = type(runs)
        original = model._advance

        def advance(run, event=None):
            return run not in stuck and original(run, event)

        with patch.object(model, "_advance", advance):
            self.work()
        self.assertEqual(set(stuck.mapped("state")), {"waiting"})
        self.assertEqual(set(runs.mapped("state")), {"done"})

    @mute_logger(DOORS, WORKER)
    def test_whatever_goes_wrong_in_one_run_others_go_on(self):
        for number, (place, error) in enumerate(
            [
                ("_reason_to_leave", ValueError),
                ("_due_event", KeyError),
                ("_surroundings", DataError),
                ("_go", RecursionError),
                ("_act_add_tag", UserError),
                ("_act_add_tag", UniqueViolation),  # not of an index of ours
                ("_log_node", UserError),
            ]
        ):
            with self.subTest(place=place, error=error.__name__):
                runs = self.due(3)
                with self.failing(runs[number % 3], place, error):
                    self.work()
                ended = [(run.state, run.due_at) for run in runs]
                ended.remove(("failed", False))
                self.assertEqual(ended, [("done", False)] * 2)

    @mute_logger(DOORS, WORKER)
    def test_a_run_that_cannot_even_be_set_aside_comes_later_and_others_go_on(self):
        runs = self.due(3)
        savepoint = self.env.cr.savepoint(flush=False)
        with (
            patch.object(self.env.cr, "rollback", savepoint.rollback),
            self.failing(runs[0], "_go", ValueError),
            self.failing(runs[0], "_give_up", ValueError),
        ):
            self.work()
        savepoint.close(rollback=False)
        self.assertEqual(runs.mapped("state"), ["waiting", "done", "done"])
        self.assertGreater(runs[0].due_at, fields.Datetime.now() + timedelta(hours=25))

    def failing(self, one, method, error):
        """Have a method of one run raise an error, and of others do what it does."""
        model = type(one)
        original = getattr(model, method)

        def fail(run, *arguments):
            if run.id == one.id:
                raise error
            return original(run, *arguments)

        return patch.object(model, method, fail)

    @mute_logger("odoo.sql_db")
    def test_a_rule_of_another_module_refuses_the_value_and_is_no_race(self):
        self.env.cr.execute(
            """CREATE UNIQUE INDEX shop_email ON res_partner (email)
            WHERE email = 'taken@example.com'"""
        )
        self.customer(email="taken@example.com")
        mail = {"kind": "set_field", "field": "email", "value": "taken@example.com"}
        runs = self.due(2, mail, self.put_on())
        self.work()
        self.assertEqual([one for one, _left in self.commits], [2, 0])
        self.assertEqual(set(runs.mapped("state")), {"done"})
        for run in runs:
            self.assertEqual(self.steps(run)[-1], ("n2", 1, "invalid"))

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
