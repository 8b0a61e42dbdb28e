from odoo import fields, models

from .mini_crm_inbox_letters import KEEP, KEEP_DAYS


class ResConfigSettings(models.TransientModel):
    """How long the raw deliveries of providers are kept."""

    _inherit = "res.config.settings"

    mini_crm_keep_deliveries_days = fields.Integer(
        "Days to Keep Deliveries", config_parameter=KEEP, default=KEEP_DAYS
    )
