from odoo import api, fields, models


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
    after = fields.Json(
        "Values After", help="What the batch has made of them, in columns' own form."
    )
    problems = fields.Json(help="List of code, field, column, value.")
    message = fields.Char("Reason", help="The problems in words, and how to fix them.")
    column = fields.Char("Columns", help="Names of the columns with a problem.")
    value = fields.Char("Cells", help="What stands in them.")
    res_id = fields.Integer("Record", help="Id of the customer or purchase.")

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        help="Whom the row is about, if the user may see him.",
    )

    _row_uniq = models.Constraint("UNIQUE(batch_id, row)", "A row is in a batch once.")
    # Not on the state: a row whose indexed columns stay is updated in its page.
    _message_idx = models.Index("(batch_id, row) WHERE message IS NOT NULL")

    def init(self):
        # room for the second version that every row gets, beside the first
        self.env.cr.execute("ALTER TABLE mini_crm_batch_line SET (fillfactor = 50)")
        return super().init()

    @api.depends("res_id", "batch_id.kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partner_id(self):
        """Who was found, made or changed; of a purchase, who has bought."""
        bought = self.filtered(lambda line: line.batch_id.kind == "import_purchases")
        purchases = bought._named("mini_crm.purchase")
        partners = (self - bought)._named("res.partner")
        buyers = purchases.partner_id._filtered_access("read")
        for line in bought:
            purchase = purchases & purchases.browse(line.res_id or ())
            line.partner_id = purchase.partner_id & buyers
        for line in self - bought:
            line.partner_id = partners & partners.browse(line.res_id or ())

    def _named(self, model):
        """Records of a model that ``res_id`` names, are there and may be read."""
        ids = [line.res_id for line in self if line.res_id]
        return self.env[model].browse(ids).exists()._filtered_access("read")

    def action_open_customer(self):
        """Open whom this row is about (managers): an action, or False."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id and self.partner_id.action_open_customer()
