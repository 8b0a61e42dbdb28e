from odoo import api, models

OF_SEGMENTS = ("segment_entered", "segment_left")


class MiniCrmSegment(models.Model):
    """Whoever builds a segment has to tell workflows that want to hear of it."""

    _inherit = "mini_crm.segment"

    @api.model
    def _is_read(self):
        # sudo: also those that this person may not see
        workflows = self.env["mini_crm.workflow"].sudo()
        return super()._is_read() or bool(
            workflows.search_count(
                [
                    ("state", "=", "live"),
                    ("trigger", "in", OF_SEGMENTS),
                    ("trigger_bulk", "=", True),
                ],
                limit=1,
            )
        )
