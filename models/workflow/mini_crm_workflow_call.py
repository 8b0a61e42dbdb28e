from odoo import fields, models


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
    run_id = fields.Many2one(
        "mini_crm.workflow.run", ondelete="set null", index="btree_not_null"
    )
    event_key = fields.Char(required=True, help="Stable id that the receiver sees.")
    url = fields.Char(required=True)
    body = fields.Json(required=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Delivered"),
            ("failed", "Given up"),
        ],
        required=True,
        default="waiting",
    )
    tries = fields.Integer()
    due_at = fields.Datetime(help="Next try, UTC.")
    claimed_at = fields.Datetime()
    status = fields.Integer(help="HTTP status of the last answer, 0: none.")
    problem = fields.Char(help="Code of why the last try failed.")
    created_at = fields.Datetime(required=True)

    _due_idx = models.Index("(due_at) WHERE state = 'waiting'")
    _event_uniq = models.UniqueIndex("(event_key)")
