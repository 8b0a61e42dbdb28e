from odoo import fields, models

from .mini_crm_inbox_letters import KEEP, KEEP_DAYS


class ResConfigSettings(models.TransientModel):
    """How long raw deliveries are kept; when and how often customers are written to."""

    _inherit = "res.config.settings"

    mini_crm_keep_deliveries_days = fields.Integer(
        "Days to Keep Deliveries", config_parameter=KEEP, default=KEEP_DAYS
    )

    mini_crm_quiet_hours = fields.Boolean(
        related="company_id.mini_crm_quiet_hours", readonly=False
    )
    mini_crm_quiet_from = fields.Float(
        related="company_id.mini_crm_quiet_from", readonly=False
    )
    mini_crm_quiet_to = fields.Float(
        related="company_id.mini_crm_quiet_to", readonly=False
    )
    mini_crm_daily_messages = fields.Integer(
        related="company_id.mini_crm_daily_messages", readonly=False
    )
