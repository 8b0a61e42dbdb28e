from odoo import api, models

from .mini_crm_duplicate_trait import CODES


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _watched_fields(self):
        # a change of what customers are compared by is an event, by which they are marked
        return super()._watched_fields() | set(CODES)
