from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    mini_crm_full_spent = fields.Float(
        "Spending That Earns Full Marks", help="S of the score, company currency."
    )
    mini_crm_full_order = fields.Float(
        "Average Order That Earns Full Marks", help="A of the score, company currency."
    )
    mini_crm_full_marks_date = fields.Date("Full Marks Set On")
