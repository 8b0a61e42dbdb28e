from odoo import fields, models

from .ir_http import DEFAULT_RATE, RATE


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mini_crm_api_requests_per_minute = fields.Integer(
        "Requests a Minute", config_parameter=RATE, default=DEFAULT_RATE
    )
