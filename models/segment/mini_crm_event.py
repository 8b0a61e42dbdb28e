from odoo import api, fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[("segment_changed", "Segment changed")],
        ondelete={"segment_changed": "cascade"},
    )

    @api.model
    def _named_records(self):
        return {
            **super()._named_records(),
            (("segment_changed",), "segment_id"): ("mini_crm.segment", "name"),
        }
