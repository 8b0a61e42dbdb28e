from odoo import models


class MiniCrmEvent(models.Model):
    """Events whose document is a contact are found without reading them all."""

    _inherit = "mini_crm.event"

    _about_partner_idx = models.Index("(res_id) WHERE res_model = 'res.partner'")
