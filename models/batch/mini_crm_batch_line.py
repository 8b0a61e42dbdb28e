from odoo import fields, models


class MiniCrmBatchLine(models.Model):
    """One row of a batch: what it said, what became of it, what was there before."""

    _name = "mini_crm.batch.line"
    _description = "Batch Row"
    _log_access = False
    _order = "row"

    batch_id = fields.Many2one("mini_crm.batch", required=True, ondelete="cascade")
    row = fields.Integer(required=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("created", "Created"),
            ("updated", "Updated"),
            ("unchanged", "Unchanged"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
    )
    values = fields.Json()
    before = fields.Json()
    message = fields.Char()
    res_id = fields.Integer()

    _row_uniq = models.Constraint("UNIQUE(batch_id, row)", "A row is in a batch once.")
