from odoo import fields, models


class MiniCrmSegmentMember(models.Model):
    """One customer in one segment; written by SQL only, by difference."""

    _name = "mini_crm.segment.member"
    _description = "Segment Member"
    _log_access = False
    _order = "since desc, id desc"
    _rec_name = "partner_id"

    segment_id = fields.Many2one("mini_crm.segment", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    since = fields.Datetime(required=True, help="When the customer came in, UTC.")
    reason = fields.Selection(
        [
            ("condition", "The condition holds"),
            ("hand", "Put in by hand"),
        ],
        required=True,
    )

    _member_uniq = models.UniqueIndex("(segment_id, partner_id)")
    _partner_idx = models.Index("(partner_id, segment_id)")
    # The list of one segment, in ``_order``.
    _since_idx = models.Index("(segment_id, since DESC, id DESC)")

    def init(self):  # pylint: disable=missing-return
        """Have triggers count the members, and mark who enters and leaves."""
        super().init()
        self.env["mini_crm.segment.count"]._follow(self._table)
        self.env["mini_crm.rule.mark"]._follow(self._table)
