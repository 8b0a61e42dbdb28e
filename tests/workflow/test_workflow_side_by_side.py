from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from ...engine.workflow import TimerDue
from ..score.test_score_concurrency import Transaction
from .run_case import DAY, RunCase

NAME = "Workflow side by side"


@tagged("post_install", "-at_install")
class TestWorkflowSideBySide(RunCase):
    """Real transactions side by side, committed; what they leave is removed."""

    def setUp(self):
        super().setUp()
        self.db = Registry(get_db_name())
        with Transaction(self.db) as env:
            self.tag_id = env["res.partner.category"].create({"name": NAME}).id
            people = env["res.partner"].create([{"name": NAME} for _one in range(4)])
            self.people = people.ids
            node = {"kind": "add_tag", "tag": self.tag_id}
            definition = self.definition(
                {"kind": "delay", **DAY}, node, entry={"policy": "once"}
            )
            workflow = env["mini_crm.workflow"].create(
                {"name": NAME, "definition": definition}
            )
            workflow._publish()
            self.workflow_id = workflow.id
        self.addCleanup(self.remove)

    def remove(self):
        with Transaction(self.db) as env:
            for statement, ids in (
                (
                    "DELETE FROM mini_crm_workflow WHERE id = ANY(%s)",
                    [self.workflow_id],
                ),
                ("DELETE FROM mini_crm_queue WHERE partner_id = ANY(%s)", self.people),
                ("DELETE FROM res_partner WHERE id = ANY(%s)", self.people),
                ("DELETE FROM res_partner_category WHERE id = ANY(%s)", [self.tag_id]),
            ):
                env.cr.execute(statement, [ids])

    def open(self):
        """A transaction that sees the moment at which it was opened."""
        transaction = Transaction(self.db)
        self.addCleanup(transaction.cr.close)
        transaction.cr.execute("SELECT 1")
        return transaction.__enter__()

    def start(self, env, number=1):
        people = env["res.partner"].browse(self.people[:number])
        return env["mini_crm.workflow"].browse(self.workflow_id)._start(people)

    def make_due(self, number):
        """Runs that wait and whose time has come."""
        with Transaction(self.db) as env:
            self.start(env, number)
        before = fields.Datetime.now() - timedelta(hours=1)
        with Transaction(self.db) as env:
            env.cr.execute(
                SQL(
                    """UPDATE mini_crm_workflow_run SET due_at = %s, position =
                    position || jsonb_build_object('due_at', %s::text)
                    WHERE workflow_id = %s""",
                    before,
                    before.isoformat(),
                    self.workflow_id,
                )
            )

    def found(self):
        """What others see: (states of the runs, rows of the log, tags put on)."""
        with Transaction(self.db) as env:
            runs = env["mini_crm.workflow"].browse(self.workflow_id).run_ids
            added = env["mini_crm.event"].search_count(
                [("partner_id", "in", self.people), ("type", "=", "tag_added")]
            )
            return sorted(runs.mapped("state")), len(runs.step_ids), added

    @mute_logger("odoo.sql_db")
    def test_two_workers_have_a_customer_enter_once(self):
        one, other = self.open(), self.open()
        self.assertEqual(len(self.start(one)), 1)
        one.cr.commit()
        with self.assertRaises(SerializationFailure):
            self.start(other)
        other.cr.rollback()  # and it is done again on what the first has left
        self.assertFalse(self.start(other))
        other.cr.commit()
        self.assertEqual(self.found(), (["waiting"], 0, 0))

    @mute_logger("odoo.sql_db")
    def test_even_when_the_first_run_is_over_already(self):
        one, other = self.open(), self.open()
        self.start(one)._stop("by_hand")
        one.cr.commit()
        with self.assertRaises(SerializationFailure):
            self.start(other)
        other.cr.rollback()
        self.assertFalse(self.start(other))
        self.assertEqual(self.found()[0], ["stopped"])

    @mute_logger("odoo.sql_db")
    def test_two_workers_claim_different_runs(self):
        self.make_due(4)
        one, other = self.open(), self.open()
        runs = one["mini_crm.workflow.run"]
        self.assertEqual(runs._work_off(2), 2)
        self.assertEqual(other["mini_crm.workflow.run"]._work_off(4), 2)
        one.cr.commit()
        other.cr.commit()
        self.assertEqual(self.found(), (["done"] * 4, 8, 4))

    @mute_logger("odoo.sql_db")
    def test_who_comes_late_with_the_same_timer_does_nothing(self):
        self.make_due(1)
        late = self.open()
        run = late["mini_crm.workflow"].browse(self.workflow_id).run_ids
        self.assertEqual(run.state, "waiting")
        with Transaction(self.db) as env:
            env["mini_crm.workflow.run"]._work_off()
        with self.assertRaises(SerializationFailure):
            run._advance(TimerDue())
        late.cr.rollback()
        self.assertFalse(run._advance(TimerDue()))
        self.assertEqual(self.found(), (["done"], 2, 1))

    @mute_logger("odoo.sql_db")
    def test_killed_in_the_middle_a_claim_leaves_nothing_doubled_or_stuck(self):
        self.make_due(4)
        killed = self.open()
        killed["mini_crm.workflow.run"]._work_off(4)
        killed.flush_all()
        killed.cr.rollback()  # as kill -9 would
        self.assertEqual(self.found(), (["waiting"] * 4, 0, 0))
        with Transaction(self.db) as env:
            env["mini_crm.workflow.run"]._work_off()
        self.assertEqual(self.found(), (["done"] * 4, 8, 4))
