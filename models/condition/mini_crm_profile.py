from odoo import api, models


class MiniCrmProfile(models.Model):
    _inherit = "mini_crm.profile"

    @api.model
    def _drop(self, condition):
        dropped = super()._drop(condition)
        if dropped:
            # rare, and nobody is left to log an event of: everybody is compared
            self.env["mini_crm.rule"]._rebuild_all()
        return dropped
