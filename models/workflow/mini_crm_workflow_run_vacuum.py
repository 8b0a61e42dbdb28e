from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 365  # for so long it is told what an ended run has said and done
PORTION = 1000  # runs of one transaction


class MiniCrmWorkflowRun(models.Model):
    """Forgetting: what runs have said and heard of customers is not kept for ever."""

    _inherit = "mini_crm.workflow.run"

    # those of which there is something left to forget
    _old_idx = models.Index(
        "(ended_at) WHERE position IS NOT NULL OR outcome = 'too_many'"
    )

    @api.autovacuum
    def _gc_runs(self):
        """Forget runs, with their steps and answers, a year after they have ended.

        Of a customer's last run in a workflow the row stays, as who may enter again
        depends on it; what he has said and was told goes.

        :return: number of runs that were forgotten, and of those known to be left
        :rtype: tuple[int, int]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id, r.outcome IS DISTINCT FROM 'too_many' AND NOT EXISTS (
                    SELECT FROM mini_crm_workflow_run later
                    WHERE later.workflow_id = r.workflow_id
                        AND later.partner_id = r.partner_id AND later.id > r.id
                        AND later.outcome IS DISTINCT FROM 'too_many')
                FROM mini_crm_workflow_run r
                WHERE r.ended_at < %s
                    AND (r.position IS NOT NULL OR r.outcome = 'too_many')
                ORDER BY r.ended_at LIMIT %s FOR UPDATE SKIP LOCKED""",
                fields.Datetime.now() - timedelta(days=KEEP_DAYS),
                PORTION,
            )
        )
        self._forget(
            [run_id for run_id, last in rows if not last],
            [run_id for run_id, last in rows if last],
        )
        return len(rows), int(len(rows) == PORTION)

    @api.model
    def _forget(self, gone, last):
        """Delete runs, and of others what they have said and done.

        :param list[int] gone: ids of runs, ``PORTION`` at most
        :param list[int] last: ids of those of which the row stays
        """
        for statement, ids in (
            ("DELETE FROM mini_crm_workflow_run WHERE id = ANY(%s)", gone),
            ("DELETE FROM mini_crm_workflow_step WHERE run_id = ANY(%s)", last),
            (
                """UPDATE mini_crm_workflow_run SET position = NULL, notes = NULL
                WHERE id = ANY(%s)""",
                last,
            ),
        ):
            self.env.cr.execute(SQL(statement, ids))
        self.env.invalidate_all(flush=False)
