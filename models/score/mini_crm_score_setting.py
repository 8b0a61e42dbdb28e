from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.score_settings import AMOUNTS


class MiniCrmScoreSetting(models.Model):
    """One change of what counts in the score: when, what to what, why."""

    _name = "mini_crm.score.setting"
    _description = "Change of the Score's Settings"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    author_id = fields.Many2one("res.users", ondelete="set null")
    reason = fields.Selection(
        [
            ("first", "Enough buyers for the first time"),
            ("renewed", "Renewed monthly"),
            ("hand", "Set by hand"),
            ("factors", "Factors changed"),
        ],
        required=True,
    )
    buyers = fields.Integer(help="Buyers the figures come from.")
    full_spent = fields.Float("Spending That Earns Full Marks")
    full_spent_before = fields.Float()
    full_order = fields.Float("Average Order That Earns Full Marks")
    full_order_before = fields.Float()
    settings = fields.Json(help="All settings of the score from then on.")
    settings_before = fields.Json(help="All settings of the score until then.")

    _company_idx = models.Index("(company_id, date DESC)")


class MiniCrmScoreFactor(models.Model):
    """What the settings were before: kept, so that they can be put back."""

    _inherit = "mini_crm.score.factor"

    @api.model
    def _keep(self, before, after):
        """Remember a change of the settings: see ``engine/score_settings.py``."""
        # sudo: the record of a change is nobody's to edit
        self.env["mini_crm.score.setting"].sudo().create(
            {
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "author_id": self.env.uid,
                "reason": "factors",
                "full_spent": after["full_spent"],
                "full_spent_before": before["full_spent"],
                "full_order": after["full_order"],
                "full_order_before": before["full_order"],
                "settings": after,
                "settings_before": before,
            }
        )

    @api.model
    def _previous(self):
        """The last change by a person that counts for the company.

        Weights, counts and half-life are one for all companies, amounts each company's
        own: of a change in another company only the former.

        :return: ``{date, author, settings}``: what it changed, as it was before; False
            when there is none
        """
        self.env.flush_all()
        company = self.env.company.id
        found = self.env.execute_query(
            SQL(
                """SELECT id FROM mini_crm_score_setting
                WHERE reason = 'factors' AND (company_id = %s
                    OR settings - %s IS DISTINCT FROM settings_before - %s)
                ORDER BY date DESC, id DESC LIMIT 1""",
                company,
                list(AMOUNTS),
                list(AMOUNTS),
            )
        )
        if not found:
            return False
        # sudo: a change of what is common, also when it was made in another company
        kept = self.env["mini_crm.score.setting"].sudo().browse(found[0])
        own = kept.company_id.id == company
        before, after = kept.settings_before, kept.settings
        return {
            "date": fields.Datetime.to_string(kept.date),
            "author": kept.author_id.name,
            "settings": {
                key: value
                for key, value in before.items()
                if value != after[key] and (own or key not in AMOUNTS)
            },
        }
