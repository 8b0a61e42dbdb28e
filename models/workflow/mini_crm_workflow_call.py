from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..channel.waking import wake
from .webhook_texts import problem_text

MANAGER = "mini_crm.mini_crm_group_manager"
JOB = "ir_cron_mini_crm_workflow_call"
KEEP_DAYS = 30
STEP = 5_000  # rows deleted in one transaction


class MiniCrmWorkflowCall(models.Model):
    """A webhook out: told again until it was heard, or given up."""

    _name = "mini_crm.workflow.call"
    _description = "Webhook Call"
    _order = "id desc"
    _rec_name = "url"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    workflow_id = fields.Many2one(
        "mini_crm.workflow", ondelete="cascade", index="btree_not_null"
    )
    # what is told of a customer goes with him
    run_id = fields.Many2one(
        "mini_crm.workflow.run", ondelete="cascade", index="btree_not_null"
    )
    event_key = fields.Char(required=True, help="Stable id that the receiver sees.")
    url = fields.Char("Address", required=True)
    body = fields.Json(required=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Delivered"),
            ("failed", "Given up"),
        ],
        "Status",
        required=True,
        default="waiting",
    )
    tries = fields.Integer()
    due_at = fields.Datetime("Next Try", help="Next try, UTC.")
    claimed_at = fields.Datetime()
    status = fields.Integer(
        "HTTP Status", help="HTTP status of the last answer, 0: none."
    )
    problem = fields.Char("Problem Code", help="Code of why the last try failed.")
    problem_text = fields.Char("Problem", compute="_compute_problem_text")
    created_at = fields.Datetime("Since", required=True)

    _due_idx = models.Index("(due_at, id) WHERE state = 'waiting'")
    _event_uniq = models.UniqueIndex("(event_key)")

    @api.depends("problem", "status")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for call in self:
            call.problem_text = problem_text(self.env, call.problem, call.status)

    @api.model
    def _queue(self, run, event_key, url, body):
        """Have a receiver called once this is committed; nothing if it is queued.

        :param run: the ``mini_crm.workflow.run`` that tells it
        :param str event_key: what the receiver knows it by, unique
        :param str url: where; it is read when it is called
        :param dict body: JSON
        """
        now = self.env["mini_crm.outbox"]._now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_workflow_call (company_id, workflow_id, run_id,
                    event_key, url, body, state, tries, status, due_at, created_at)
                VALUES (%s, %s, %s, %s, %s, %s, 'waiting', 0, 0, %s, %s)
                ON CONFLICT (event_key) DO NOTHING""",
                run.company_id.id,
                run.workflow_id.id,
                run.id,
                event_key,
                url,
                self._json(body),
                now,
                now.replace(microsecond=0),
            )
        )
        if self.env.cr.rowcount:
            wake(self.env, JOB)

    @api.model
    def _json(self, body):
        return self._fields["body"].convert_to_column(body, self)

    def action_retry(self):
        """Call again what was given up (managers); its tries begin anew.

        :return: client action that says so
        """
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only managers may have webhooks retried."))
        self.check_access("read")
        # sudo: nobody writes calls but this code
        failed = self.sudo().filtered(lambda call: call.state == "failed")
        if not failed:
            raise UserError(
                self.env._("None of these was given up: the others are still tried.")
            )
        failed.write({"state": "waiting", "tries": 0, "due_at": fields.Datetime.now()})
        wake(self.env, JOB)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("They are being called again."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.autovacuum
    def _gc_calls(self):
        """Forget calls that are over, after a while.

        :return: number of rows deleted, and of those known to be left
        :rtype: tuple[int, int]
        """
        until = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        over = self.search(
            [("state", "!=", "waiting"), ("created_at", "<", until)], limit=STEP
        )
        deleted = len(over)
        over.unlink()
        return deleted, int(deleted == STEP)
