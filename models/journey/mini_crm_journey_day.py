from odoo import fields, models


class MiniCrmJourneyDay(models.Model):
    """What one day of a company came to; dashboards read it instead of everybody.

    Days are the company's. Customers are its own and those of all companies: who is
    shared counts in every company. What happened (messages, purchases, activity) is
    exact for every day; states (scores, health, stages) are those of ``states_at``.
    Moves between stages stand in ``mini_crm.journey.flow``.
    """

    _name = "mini_crm.journey.day"
    _description = "Daily Figures"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True)
    event_id = fields.Integer(help="The last event when the day was written.")

    customers = fields.Integer(help="Customers at the end of the day.")
    new_customers = fields.Integer()
    active_customers = fields.Integer(help="Customers that wrote, called or bought.")
    active_this_month = fields.Integer(
        help="The same, from the first of the month to this day."
    )
    messages_in = fields.Integer("Messages Received")
    messages_out = fields.Integer("Messages Sent")
    purchases = fields.Integer()
    revenue = fields.Monetary(help="Net of refunds.")
    activity_hours = fields.Json(
        help="Messages, calls and purchases in each of the 24 hours of the day."
    )

    states_at = fields.Datetime(
        help="When the figures below were taken, UTC. Empty: before there were daily"
        " figures, so nobody knows them."
    )
    states_late = fields.Boolean(help="Taken so late that they are not of this day.")
    scored = fields.Integer(help="Customers that have a score.")
    score_average = fields.Float(aggregator="avg")
    score_buckets = fields.Json(
        help="Customers with a score of 0-9, 10-19, and so on to 90-100."
    )
    health_green = fields.Integer("Healthy")
    health_yellow = fields.Integer("Moderate")
    health_red = fields.Integer("At Risk")
    health_none = fields.Integer("Not Enough Data Yet")
    stage_awareness = fields.Integer("In Awareness")
    stage_consideration = fields.Integer("In Consideration")
    stage_purchase = fields.Integer("In Purchase")
    stage_retention = fields.Integer("In Retention")
    stage_advocacy = fields.Integer("In Advocacy")
    stage_facts = fields.Json(
        help="Of each period of the journey map: median days in a stage, and how many"
        " there are silent."
    )

    _day_uniq = models.UniqueIndex("(company_id, date)")
