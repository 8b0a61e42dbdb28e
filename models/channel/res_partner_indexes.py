from odoo import models


class ResPartner(models.Model):
    """Who has a number or an address that somebody writes: found without reading all.

    Odoo drops these indexes when the add-on is uninstalled.
    """

    _inherit = "res.partner"

    _mini_crm_phone_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
    _mini_crm_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
