from odoo import fields, models


class MiniCrmJourneyFlow(models.Model):
    """How many moved from one stage to another on a day of their company.

    Written by SQL only, with the daily figures. Moves are counted as they happened,
    also of customers that are archived or gone since.
    """

    _name = "mini_crm.journey.flow"
    _description = "Journey Moves of a Day"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    # of the customers; a day of shared ones is that of the first company
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: of customers of all companies."
    )
    date = fields.Date(required=True)
    from_stage = fields.Char(required=True)
    to_stage = fields.Char(required=True)
    moves = fields.Integer(required=True)

    _company_date_idx = models.Index("(company_id, date)")
