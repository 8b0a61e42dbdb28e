from odoo import fields, models


class MiniCrmWorkflowRun(models.Model):
    """One customer's way through a workflow; moves through four doors only."""

    _name = "mini_crm.workflow.run"
    _description = "Workflow Run"
    _order = "id desc"
    _rec_name = "workflow_id"
    _log_access = False

    workflow_id = fields.Many2one(
        "mini_crm.workflow", required=True, ondelete="cascade", readonly=True
    )
    version_id = fields.Many2one(
        "mini_crm.workflow.version", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Finished"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        "Status",
        required=True,
        default="running",
    )
    outcome = fields.Char(help="Code of how it ended.")
    position = fields.Json("Where It Stands", help="engine.workflow.State as JSON.")
    node = fields.Char(help="Id of the node it stands at.")
    notes = fields.Json(help="What that node has told for its row of the log so far.")
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()
    due_at = fields.Datetime(help="When it goes on by itself, UTC.")
    event_id = fields.Integer(help="The event that started it.")
    depth = fields.Integer(help="Steps from the event that people or the world caused.")
    identity_id = fields.Many2one(
        "mini_crm.identity",
        ondelete="set null",
        help="Conversation in which it has a question, open or queued.",
    )
    question = fields.Selection(
        [("queued", "Queued"), ("open", "Asked")], help="Of the question it waits with."
    )
    asked_message_id = fields.Many2one(
        "mini_crm.message", ondelete="set null", index="btree_not_null"
    )

    step_ids = fields.One2many("mini_crm.workflow.step", "run_id")

    _partner_idx = models.Index("(partner_id, id DESC)")
    _workflow_idx = models.Index("(workflow_id, partner_id, id DESC)")
    _started_idx = models.Index("(workflow_id, started_at)")
    _ended_idx = models.Index("(workflow_id, ended_at DESC) WHERE ended_at IS NOT NULL")
    _active_uniq = models.UniqueIndex(
        "(workflow_id, partner_id) WHERE state IN ('running', 'waiting')"
    )
    _due_idx = models.Index(
        "(due_at, id) WHERE state IN ('running', 'waiting') AND due_at IS NOT NULL"
    )
    _question_uniq = models.UniqueIndex("(identity_id) WHERE question = 'open'")
    _queued_idx = models.Index("(identity_id, id) WHERE question = 'queued'")
    _version_idx = models.Index(
        "(version_id, node) WHERE state IN ('running', 'waiting')"
    )
