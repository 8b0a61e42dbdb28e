from odoo import models


class MiniCrmSegment(models.Model):
    _inherit = "mini_crm.segment"

    def action_export(self):
        """Choose how the members of this segment are to be exported."""
        self.ensure_one()
        return self.env["mini_crm.export.log"]._action_choose(
            [("segment_ids", "in", self.ids)], self.name
        )
