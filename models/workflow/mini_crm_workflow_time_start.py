from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

DAYS_KEPT = 800  # longer than from one birthday to the next
CHUNK = 10_000


class MiniCrmWorkflowStart(models.Model):
    """For what time alone has let a customer enter a workflow: once for each."""

    _name = "mini_crm.workflow.start"
    _description = "Start by Time"
    _order = "id desc"
    _rec_name = "key"
    _log_access = False

    workflow_id = fields.Many2one(
        "mini_crm.workflow", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True, help="Which birthday, or since when in silence.")
    date = fields.Datetime(required=True)

    _once_uniq = models.UniqueIndex("(workflow_id, partner_id, key)")
    _date_idx = models.Index("(date)")

    @api.model
    def _note(self, workflow, keys):
        """Note for what customers have been let in, whether they entered or not.

        :param dict[int, str] keys: customer -> what it was for
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_workflow_start
                    (workflow_id, partner_id, key, date)
                SELECT %s, n.partner_id, n.key, %s
                FROM unnest(%s::int[], %s::varchar[]) AS n (partner_id, key)
                ON CONFLICT (workflow_id, partner_id, key) DO NOTHING""",
                workflow.id,
                fields.Datetime.now(),
                list(keys),
                list(keys.values()),
            )
        )

    @api.model
    def _is_new(self, workflow, partner, key):
        """SQL condition: a customer has not been let in for something yet.

        :param SQL partner: his id
        :param SQL key: what it is for
        """
        return SQL(
            """NOT EXISTS (SELECT FROM mini_crm_workflow_start let_in
                WHERE let_in.workflow_id = %s AND let_in.partner_id = %s
                AND let_in.key = %s)""",
            workflow.id,
            partner,
            key,
        )

    @api.autovacuum
    def _gc_starts(self):
        """Forget what can come no more."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_workflow_start WHERE id IN (
                    SELECT id FROM mini_crm_workflow_start WHERE date < %s
                    ORDER BY date LIMIT %s)""",
                fields.Datetime.now() - timedelta(days=DAYS_KEPT),
                CHUNK,
            )
        )
        done = self.env.cr.rowcount
        return done, int(done == CHUNK)
