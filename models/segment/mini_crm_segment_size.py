from odoo import fields, models


class MiniCrmSegmentSize(models.Model):
    """How many members a segment had at the end of a day of its company."""

    _name = "mini_crm.segment.size"
    _description = "Size of a Segment"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    segment_id = fields.Many2one("mini_crm.segment", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    members = fields.Integer(required=True)

    _day_uniq = models.UniqueIndex("(segment_id, date)")
