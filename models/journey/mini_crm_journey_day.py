from odoo import fields, models


class MiniCrmJourneyDay(models.Model):
    """What one day of a company came to; dashboards read it instead of everybody."""

    _name = "mini_crm.journey.day"
    _description = "Daily Figures"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date = fields.Date(required=True)

    _day_uniq = models.UniqueIndex("(company_id, date)")
