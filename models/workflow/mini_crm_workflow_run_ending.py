import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .races import is_race

_logger = logging.getLogger(__name__)

# Runs of one commit: of those with a question each goes its own way.
ASKING, SILENT = 50, 1000
# the index of active runs serves it
_TO_END = SQL(
    """mini_crm_workflow_run r JOIN mini_crm_workflow w ON w.id = r.workflow_id
    WHERE w.ending_up_to > 0 AND r.id <= w.ending_up_to
    AND r.state IN ('running', 'waiting')"""
)


class MiniCrmWorkflowRun(models.Model):
    """The end of all runs of a workflow, however many, and what ends with a run."""

    _inherit = "mini_crm.workflow.run"

    def _is_ending(self):
        """Whether all runs of its workflow are being ended, and this is one of them."""
        return self.id <= self.workflow_id.ending_up_to

    @api.model
    def _end_some(self):
        """Worker: end a portion of the runs that are to end: how many have ended."""
        if not self._ending_count():
            return 0
        try:
            with self._undone_on_error():
                return self._end_portion()
        except Exception as error:
            if is_race(error):
                _logger.info("Runs that are to end wait: others are at them")
            else:
                _logger.exception("Runs that are to end wait")
            return 0

    @api.model
    def _ending_count(self):
        """Number of workflows whose runs are being ended."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM mini_crm_workflow WHERE ending_up_to > 0")
        )
        return rows[0][0]

    @api.model
    def _end_portion(self):
        """End some of the runs that are to end; those that others hold come later.

        :return: number of runs that have ended
        :rtype: int
        """
        # sudo: runs are the machine's
        asking = self.sudo()._with_question_to_end()
        # one by one: somebody else may wait for the end of the question
        asking._stop("by_hand")
        ended = len(asking.filtered("ended_at")) + len(self.sudo()._end_silent())
        if not ended:
            self._forget_ended()
        return ended

    def _with_question_to_end(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM %s AND r.question IS NOT NULL LIMIT %s
                FOR NO KEY UPDATE OF r SKIP LOCKED""",
                _TO_END,
                ASKING,
            )
        )
        return self.browse(row[0] for row in rows)

    def _end_silent(self):
        """End runs without a question, one statement for all: the runs."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """WITH chosen AS MATERIALIZED (
                    SELECT r.id FROM %(to_end)s AND r.question IS NULL
                    LIMIT %(most)s FOR NO KEY UPDATE OF r SKIP LOCKED),
                ended AS (
                    UPDATE mini_crm_workflow_run SET state = 'stopped',
                        outcome = 'by_hand', ended_at = %(now)s, due_at = NULL,
                        position = (coalesce(position, '{}') - 'due_at')
                            || '{"status": "stopped", "outcome": "by_hand"}'
                    WHERE id IN (SELECT id FROM chosen)
                    RETURNING id, version_id, company_id, node,
                        (position ->> 'visit')::int AS visit,
                        position ->> 'edge' AS edge),
                logged AS (INSERT INTO mini_crm_workflow_step (run_id, version_id,
                    company_id, node, visit, kind, edge, reason, date)
                SELECT e.id, e.version_id, e.company_id, e.node, e.visit,
                    v.definition -> 'nodes' -> e.node ->> 'kind', 'stopped', 'by_hand',
                    %(now)s
                FROM ended e JOIN mini_crm_workflow_version v ON v.id = e.version_id
                WHERE e.node <> '' AND e.edge IS NULL
                ON CONFLICT (run_id, node, visit) DO NOTHING)
                SELECT id FROM ended""",
                now=fields.Datetime.now(),
                to_end=_TO_END,
                most=SILENT,
            )
        )
        ended = self.browse(row[0] for row in rows)
        self.invalidate_model(flush=False)
        ended._cancel_unsent()
        return ended

    @api.model
    def _forget_ended(self):
        """Workflows of which nobody is left to end: new runs are none of those."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_workflow w SET ending_up_to = 0
                WHERE ending_up_to > 0 AND NOT EXISTS (
                    SELECT FROM mini_crm_workflow_run r WHERE r.workflow_id = w.id
                    AND r.id <= w.ending_up_to AND r.state IN ('running', 'waiting'))"""
            )
        )
        self.env["mini_crm.workflow"].invalidate_model(["ending_up_to"], flush=False)

    def _cancel_unsent(self):
        """What these runs have queued is not sent: they were stopped."""
        # sudo: nobody writes messages but the rooms
        self.env["mini_crm.message"].sudo().search(
            [("workflow_run_id", "in", self.ids), ("state", "=", "queued")]
        )._cancel()
