from odoo import api, fields, models


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
        """The last change by a person: ``{date, author, settings}`` (of before), or
        False when there is none."""
        kept = self.env["mini_crm.score.setting"].search(
            [("company_id", "=", self.env.company.id), ("reason", "=", "factors")],
            limit=1,
        )
        return bool(kept) and {
            "date": fields.Datetime.to_string(kept.date),
            "author": kept.author_id.sudo().name,  # sudo: a colleague's name
            "settings": kept.settings_before,
        }
