from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mini_crm_customer_rule = fields.Selection(
        [
            ("contacts", "Every contact, but not the people inside a company"),
            ("all", "Every contact, also the people inside a company"),
            ("active", "Only who has bought or written"),
        ],
        string="Who is a customer",
        default="contacts",
        config_parameter="mini_crm.customer_rule",
    )
