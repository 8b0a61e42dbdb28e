from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What earns full marks, and who is an advocate."""

    _inherit = "res.config.settings"

    mini_crm_full_spent = fields.Float(
        related="company_id.mini_crm_full_spent", readonly=False
    )
    mini_crm_full_order = fields.Float(
        related="company_id.mini_crm_full_order", readonly=False
    )
    mini_crm_full_marks_date = fields.Date(
        related="company_id.mini_crm_full_marks_date"
    )
    mini_crm_advocacy_score = fields.Integer(
        "Score of an Advocate", config_parameter="mini_crm.advocacy_score", default=80
    )
    mini_crm_advocacy_purchases = fields.Integer(
        "Purchases of an Advocate",
        config_parameter="mini_crm.advocacy_purchases",
        default=5,
    )
