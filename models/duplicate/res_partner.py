from odoo import api, models

from .mini_crm_duplicate_trait import CODES


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _watched_fields(self):
        # a change of a code is an event then, and by events customers are marked
        return super()._watched_fields() | set(CODES)

    def _own_tables(self):
        """What he is compared by, and who looks like him, keep nobody."""
        mine = {"mini_crm_duplicate", "mini_crm_duplicate_trait"}
        return super()._own_tables() | mine
