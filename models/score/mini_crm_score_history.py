from odoo import fields, models


class MiniCrmScoreHistory(models.Model):
    """Score of a customer on a day on which it was another than before."""

    _name = "mini_crm.score.history"
    _description = "Score History"
    _log_access = False
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    crm_score = fields.Integer()
    crm_health = fields.Char()

    _partner_date_uniq = models.UniqueIndex("(partner_id, date)")
