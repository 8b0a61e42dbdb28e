from unittest.mock import patch

from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL

from ...models.workflow import mini_crm_workflow_time
from ..score.test_score_concurrency import Transaction
from .run_case import RunCase

NAME = "Time side by side"


@tagged("post_install", "-at_install")
class TestWorkflowTriggersSideBySide(RunCase):
    """Real workers side by side, committed; what they leave is removed."""

    def setUp(self):
        super().setUp()
        self.db = Registry(get_db_name())
        with Transaction(self.db) as env:
            self.tag_id = env["res.partner.category"].create({"name": NAME}).id
            people = env["res.partner"].create([{"name": NAME} for _one in range(4)])
            self.people = people.ids
            definition = self.definition(
                {"kind": "add_tag", "tag": self.tag_id},
                trigger={"kind": "schedule", "every": "day", "at": "09:00"},
                audience=f"[('name', '=', '{NAME}')]",
            )
            workflow = env["mini_crm.workflow"].create(
                {"name": NAME, "definition": definition}
            )
            workflow._publish()
            workflow.due_at = "2026-01-01 09:00:00"
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
        """The environment of a worker that nobody waits for."""
        transaction = Transaction(self.db)
        self.addCleanup(transaction.cr.close)
        return transaction.__enter__()

    def work(self):
        """A worker takes everything that is due."""
        with Transaction(self.db) as env:
            env["mini_crm.workflow"]._cron_time()

    def entered(self):
        """{customer: number of his runs}."""
        with Transaction(self.db) as env:
            return dict(
                env.execute_query(
                    SQL(
                        """SELECT partner_id, count(*)::int FROM mini_crm_workflow_run
                        WHERE workflow_id = %s GROUP BY partner_id""",
                        self.workflow_id,
                    )
                )
            )

    def test_a_second_worker_leaves_alone_what_the_first_is_at(self):
        one, other = self.open(), self.open()
        one["mini_crm.workflow"]._claim_due()._follow_time()
        one.flush_all()
        self.assertIsNone(other["mini_crm.workflow"]._claim_due())
        other["mini_crm.workflow"]._cron_time()
        self.assertEqual(self.entered(), {})
        one.cr.commit()
        self.work()
        self.assertEqual(self.entered(), dict.fromkeys(self.people, 1))

    def test_a_worker_killed_between_and_within_portions_leaves_each_entering_once(
        self,
    ):
        with patch.object(mini_crm_workflow_time, "PORTION", 2):
            killed = self.open()
            workflows = killed["mini_crm.workflow"]
            with Transaction(self.db) as env:
                active = [("partner_active", "=", True)]
                customers = env["mini_crm.profile"].search_count(active)
            for _portion in range(customers // 2 - 1):
                workflows._claim_due()._follow_time()
                killed.cr.commit()
            self.assertIn(len(self.entered()), (1, 2, 3))
            workflows._claim_due()._follow_time()
            killed.flush_all()
            killed.cr.rollback()
            self.work()
        self.assertEqual(self.entered(), dict.fromkeys(self.people, 1))
