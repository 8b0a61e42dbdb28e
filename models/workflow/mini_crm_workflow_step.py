from odoo import fields, models


class MiniCrmWorkflowStep(models.Model):
    """A node that a run has passed, and why it left by that edge; append-only."""

    _name = "mini_crm.workflow.step"
    _description = "Workflow Step"
    _order = "id desc"
    _rec_name = "node"
    _log_access = False

    run_id = fields.Many2one("mini_crm.workflow.run", required=True, ondelete="cascade")
    version_id = fields.Many2one(
        "mini_crm.workflow.version", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    node = fields.Char(required=True)
    visit = fields.Integer(required=True)
    kind = fields.Char(required=True)
    edge = fields.Char(help="By which it was left.")
    reason = fields.Char(help="Code of why.")
    data = fields.Json(help="What was said, asked, saved (old and new).")
    date = fields.Datetime(required=True)

    _once_uniq = models.UniqueIndex("(run_id, node, visit)")
    _version_idx = models.Index("(version_id, node, edge)")
