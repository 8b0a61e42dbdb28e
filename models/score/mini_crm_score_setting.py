from odoo import fields, models


class MiniCrmScoreSetting(models.Model):
    """One change of what earns full marks in a company: when, what to what, why."""

    _name = "mini_crm.score.setting"
    _description = "Change of Full Marks"
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
        ],
        required=True,
    )
    buyers = fields.Integer(help="Buyers the figures come from.")
    full_spent = fields.Float("Spending That Earns Full Marks")
    full_spent_before = fields.Float()
    full_order = fields.Float("Average Order That Earns Full Marks")
    full_order_before = fields.Float()

    _company_idx = models.Index("(company_id, date DESC)")
