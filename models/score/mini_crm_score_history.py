from odoo import api, fields, models
from odoo.tools import SQL

DAYS_KEPT = 400


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
    score_before = fields.Integer(help="Score at the beginning of the day.")

    _partner_date_uniq = models.UniqueIndex("(partner_id, date)")

    @api.autovacuum
    def _gc_history(self):
        """Forget scores that are older than a year and a month."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_score_history WHERE date < %s",
                fields.Date.subtract(fields.Date.today(), days=DAYS_KEPT),
            )
        )
