from odoo import fields, models


class MiniCrmSegmentPin(models.Model):
    """A customer whom a person has put into a segment, or kept out of it."""

    _name = "mini_crm.segment.pin"
    _description = "Member by Hand"
    _log_access = False
    _rec_name = "partner_id"

    segment_id = fields.Many2one("mini_crm.segment", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    side = fields.Selection([("in", "Always in"), ("out", "Never in")], required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    author_id = fields.Many2one("res.users", ondelete="set null")

    _pin_uniq = models.UniqueIndex("(segment_id, partner_id)")
    _partner_idx = models.Index("(partner_id)")
