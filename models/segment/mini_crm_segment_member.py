from odoo import fields, models
from odoo.tools import SQL

from .mini_crm_segment_count import FUNCTION


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

    def init(self):
        """Have triggers count the members and mark who enters and leaves."""
        super().init()
        self.env.cr.execute(FUNCTION)
        for event, rows in (("INSERT", "NEW"), ("DELETE", "OLD")):
            self.env.cr.execute(
                SQL(
                    """CREATE OR REPLACE TRIGGER %s AFTER %s ON mini_crm_segment_member
                    REFERENCING %s TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION mini_crm_count_members()""",
                    SQL.identifier(f"mini_crm_count_{event.lower()}"),
                    SQL(event),
                    SQL(rows),
                )
            )
        self.env["mini_crm.rule.mark"]._follow(self._table)
