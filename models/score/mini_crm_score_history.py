from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.scoring import FACTORS

DAYS_KEPT = 400


def points_text(parts):
    """SQL of the points of the factors as a history keeps them: "22 21 10 5".

    A text of some bytes, in the order of ``FACTORS``: everybody's score changes daily.

    :param SQL parts: jsonb, factor -> points
    """
    points = SQL(", ").join(SQL("%s ->> %s", parts, key) for key in FACTORS)
    return SQL("concat_ws(' ', %s)", points)


def points_of(text):
    """Points of the factors (dict) from the text that a history keeps; None of none."""
    points = [int(word) for word in (text or "").split()]
    if len(points) != len(FACTORS):
        return None
    return dict(zip(FACTORS, points, strict=True))


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
    parts = fields.Char(help="Points of the four factors, in their order.")
    score_before = fields.Integer(help="Score at the beginning of the day.")
    health_before = fields.Char(help="Health at the beginning of the day.")
    parts_before = fields.Char(help="Points at the beginning of the day.")

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
