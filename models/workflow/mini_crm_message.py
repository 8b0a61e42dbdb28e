from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.send_gate import Verdict


class MiniCrmMessage(models.Model):
    """The kill switch: what a workflow has queued goes out only while it runs."""

    _inherit = "mini_crm.message"

    workflow_run_id = fields.Many2one(
        "mini_crm.workflow.run",
        ondelete="set null",
        index="btree_not_null",
        help="The run that sends it.",
    )

    @api.model
    def _gate_checks(self):
        return [*super()._gate_checks(), (10, "mini_crm.message", "_check_workflow")]

    @api.model
    def _check_workflow(self, _identity, _purpose, message):
        """Drop what a paused workflow or a stopped run has queued: ``Verdict`` or
        ``None``.

        The workflow's row is locked until the claim is committed, so a pause comes
        either before it, and is seen, or after it. A pause that was committed since the
        worker's snapshot is an error of serialization: the worker looks again. So is
        the stop of a single run, which deletes this message's place in the outbox.
        """
        if not message.workflow_run_id:
            return None
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT w.state = 'live' AND w.active AND r.state <> 'stopped'
                    AND NOT (r.id <= coalesce(w.ending_up_to, 0)
                        AND r.state IN ('running', 'waiting'))
                FROM mini_crm_workflow_run r
                JOIN mini_crm_workflow w ON w.id = r.workflow_id
                WHERE r.id = %s FOR SHARE OF w""",
                message.workflow_run_id.id,
            ),
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        return None if row and row[0] else Verdict("drop", "workflow_paused")

    @api.model
    def _reason_texts(self):
        return {
            **super()._reason_texts(),
            "workflow_paused": self.env._(
                "The workflow was paused or stopped before this was sent."
            ),
        }
