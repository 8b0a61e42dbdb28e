from odoo import fields, models


class MiniCrmBatchCancel(models.Model):
    """Somebody's wish that a batch stops.

    A table of its own: the batch's row is locked and rewritten by its worker all the
    time, so that a write to it from a request would fail again and again.
    """

    _name = "mini_crm.batch.cancel"
    _description = "Request to Cancel a Batch"

    batch_id = fields.Many2one(
        "mini_crm.batch", required=True, index=True, ondelete="cascade"
    )
