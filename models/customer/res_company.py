from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    mini_crm_tz = fields.Char(
        "Shop's Time Zone",
        help="Time zone in which this company's days begin, e.g. Asia/Tehran.",
    )
