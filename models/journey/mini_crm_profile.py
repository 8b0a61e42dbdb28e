from odoo import api, models


class MiniCrmProfile(models.Model):
    """What has gone without a word in the log is counted no more."""

    _inherit = "mini_crm.profile"

    @api.model
    def _past_changed(self, company, since):  # pylint: disable=missing-return
        super()._past_changed(company, since)
        self.env["mini_crm.journey.day"]._write_again(company, since)
