from odoo import api, models


class MiniCrmProfile(models.Model):
    """Figures that move without an event move rules as well."""

    _inherit = "mini_crm.profile"

    @api.model
    def _untold(self, ids, *, membership=False):  # pylint: disable=missing-return
        super()._untold(ids, membership=membership)
        self.env["mini_crm.rule"]._follow(ids, everything=membership)
