from odoo import api, fields, models
from odoo.tools import SQL


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

    @api.model
    def _note(self):
        """Note how many members segments have now; the last of a day is what stays."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_segment_size (segment_id, date, members)
                SELECT s.id,
                    (%s AT TIME ZONE 'utc' AT TIME ZONE coalesce(c.mini_crm_tz, 'UTC'))
                        ::date,
                    (SELECT coalesce(sum(n.members), 0) FROM mini_crm_segment_count n
                        WHERE n.segment_id = s.id)
                FROM mini_crm_segment s JOIN res_company c ON c.id = s.company_id
                WHERE s.active AND s.built_at IS NOT NULL
                ON CONFLICT (segment_id, date) DO UPDATE SET members = EXCLUDED.members
                WHERE mini_crm_segment_size.members <> EXCLUDED.members""",
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
