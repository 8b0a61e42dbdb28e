from odoo import api, models


class MiniCrmSegmentCount(models.Model):
    """The job that adds up members adds up the tagged as well."""

    _inherit = "mini_crm.segment.count"

    @api.model
    def _cron_sizes(self):
        result = super()._cron_sizes()
        self.env["mini_crm.tag.count"]._compact()
        return result
