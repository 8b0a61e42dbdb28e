from odoo import models


class ResPartner(models.Model):
    """Calls belong to the phone that the shop has set up as a channel."""

    _inherit = "res.partner"

    def _call_data(self, outcome, minutes, direction):
        data = super()._call_data(outcome, minutes, direction)
        company = self.company_id or self.env.company
        phone = self.env["mini_crm.channel"]._company_channel("phone", company)
        return {**data, "channel": "phone", "channel_id": phone.id} if phone else data
