from odoo import models


class MiniCrmEvent(models.Model):
    """Events that name a contact as their document are found without reading them all."""

    _inherit = "mini_crm.event"

    _about_partner_idx = models.Index("(res_id) WHERE res_model = 'res.partner'")
