from odoo import fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[("segment_changed", "Segment changed")],
        ondelete={"segment_changed": "cascade"},
    )
