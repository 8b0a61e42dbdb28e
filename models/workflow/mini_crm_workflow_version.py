from odoo import fields, models


class MiniCrmWorkflowVersion(models.Model):
    """What was published: whoever has begun with it finishes with it."""

    _name = "mini_crm.workflow.version"
    _description = "Workflow Version"
    _order = "workflow_id, number desc"
    _rec_name = "number"
    _log_access = False

    workflow_id = fields.Many2one(
        "mini_crm.workflow", required=True, ondelete="cascade", readonly=True
    )
    number = fields.Integer("Version Number", required=True, readonly=True)
    definition = fields.Json(
        required=True,
        readonly=True,
        groups="mini_crm.mini_crm_group_manager",  # as that of the workflow
    )
    published_at = fields.Datetime(readonly=True)
    published_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    _number_uniq = models.UniqueIndex("(workflow_id, number)")
