from odoo import fields, models


class MiniCrmBatch(models.Model):
    """Work on many records: counted, resumable, reported row by row (A12)."""

    _name = "mini_crm.batch"
    _description = "Batch"
    _order = "id desc"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("import_customers", "Import of customers"),
            ("import_purchases", "Import of purchases"),
            ("recalculate", "Recalculation of scores"),
        ],
        required=True,
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        default="draft",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    total = fields.Integer()
    done = fields.Integer()
    failed = fields.Integer()
    line_ids = fields.One2many("mini_crm.batch.line", "batch_id")
