from odoo import api, fields, models

FUNCTION = "mini_crm_count_members"


class MiniCrmSegmentCount(models.Model):
    """How many members segments have, see ``mini_crm.rule.count``."""

    _name = "mini_crm.segment.count"
    _inherit = ["mini_crm.rule.count"]
    _description = "Differences of Members"
    _log_access = False
    _rule_field = "segment_id"
    _function = FUNCTION

    segment_id = fields.Many2one("mini_crm.segment", required=True, ondelete="cascade")

    _segment_idx = models.Index("(segment_id)")

    @api.model
    def _cron_sizes(self):
        """Every five minutes: add up the differences, and note the sizes of today."""
        self._compact()
        self.env["mini_crm.segment.size"]._note()
