from odoo import models


class MiniCrmEvent(models.Model):
    """Events about a contact, as their document, are found by an index."""

    _inherit = "mini_crm.event"

    _about_partner_idx = models.Index("(res_id) WHERE res_model = 'res.partner'")
