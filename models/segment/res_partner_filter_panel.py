from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _filter_panel(self):
        segments = self._filter_records("mini_crm.segment", [], "color", "member_count")
        for segment in segments:
            segment["count"] = segment.pop("member_count")
        return {**super()._filter_panel(), "segments": segments}
