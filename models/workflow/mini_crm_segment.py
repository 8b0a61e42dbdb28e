from odoo import models


class MiniCrmSegment(models.Model):
    """Workflows that name a segment are in the way of deleting it."""

    _inherit = "mini_crm.segment"

    def _usages(self):
        users = self.env["mini_crm.workflow"]._that_name("mini_crm.segment", self.id)
        return super()._usages() + users._usage_rows()
