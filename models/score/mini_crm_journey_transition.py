from odoo import fields, models


class MiniCrmJourneyTransition(models.Model):
    """One move of a customer from a journey stage to another."""

    _name = "mini_crm.journey.transition"
    _description = "Journey Transition"
    _log_access = False
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    from_stage = fields.Char()
    to_stage = fields.Char(required=True)
    date = fields.Datetime(required=True)
    since = fields.Datetime(help="When the customer had come into the stage, if known.")
    author_id = fields.Many2one("res.users", ondelete="set null")

    _partner_idx = models.Index("(partner_id, date DESC)")
    _date_idx = models.Index("(date, from_stage, to_stage, partner_id)")
