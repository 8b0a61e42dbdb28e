from odoo import api, models


class MiniCrmSegment(models.Model):
    """A segment may be part of a circle of tag rules as well."""

    _inherit = "mini_crm.segment"

    @api.constrains("domain", "active", "kind")
    def _check_no_loop(self):
        for segment in self.filtered("active"):
            self.env["mini_crm.tag.rule"]._refuse_loop(("segment", segment.id))
