from odoo import fields, models


class MiniCrmBatchLine(models.Model):
    """One row of a batch: what it said, what became of it, what was there before."""

    _name = "mini_crm.batch.line"
    _description = "Batch Row"
    _log_access = False
    _order = "batch_id desc, row"
    _rec_name = "row"

    batch_id = fields.Many2one("mini_crm.batch", required=True, ondelete="cascade")
    row = fields.Integer(required=True, help="Number in the file; its first row is 1.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("created", "New"),
            ("updated", "Updated"),
            ("unchanged", "Unchanged"),
            ("skipped", "Skipped"),
            ("failed", "Problem"),
            ("kept", "Changed since"),
        ],
        string="Status",
        default="waiting",
        required=True,
    )
    key = fields.Char(help="What makes the row the same in another file.")
    values = fields.Json(help="What the row says; of a failed one its cells.")
    before = fields.Json("Values Before", help="Only those that the batch has changed.")
    problems = fields.Json(help="List of code, field, column, value.")
    message = fields.Char("Reason", help="The problems in words, and how to fix them.")
    column = fields.Char("Columns", help="Names of the columns with a problem.")
    value = fields.Char("Cells", help="What stands in them.")
    res_id = fields.Integer("Record", help="Id of the customer or purchase.")

    _row_uniq = models.Constraint("UNIQUE(batch_id, row)", "A row is in a batch once.")
    # Not on the state: a row whose indexed columns stay is updated in its page.
    _message_idx = models.Index("(batch_id, row) WHERE message IS NOT NULL")

    def init(self):
        # room for the second version that every row gets, beside the first
        self.env.cr.execute("ALTER TABLE mini_crm_batch_line SET (fillfactor = 50)")
        return super().init()
