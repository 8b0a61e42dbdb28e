from contextlib import nullcontext

from odoo import api, models
from odoo.tools import SQL

# ``wanted``: (segment, customer) for whom the conditions hold. A pin outweighs them.
DIFFERENCE = """
    wanted (segment_id, partner_id) AS (%(wanted)s),
    pins AS MATERIALIZED (
        SELECT segment_id, partner_id, side FROM mini_crm_segment_pin
        WHERE segment_id = ANY(%(segments)s) AND %(scope)s),
    goal AS (
        SELECT w.segment_id, w.partner_id, 'condition' AS reason FROM wanted w
        WHERE NOT EXISTS (SELECT FROM pins n WHERE n.segment_id = w.segment_id
            AND n.partner_id = w.partner_id)
        UNION ALL
        SELECT n.segment_id, n.partner_id, 'hand' FROM pins n
        JOIN mini_crm_segment s ON s.id = n.segment_id
        JOIN res_partner p ON p.id = n.partner_id AND p.active
            AND (p.company_id IS NULL OR p.company_id = s.company_id)
        JOIN mini_crm_profile pr ON pr.id = p.id
        WHERE n.side = 'in'),
    here AS (
        SELECT id, segment_id, partner_id, reason FROM mini_crm_segment_member
        WHERE segment_id = ANY(%(segments)s) AND %(scope)s),
    -- both sides are met once, and only what differs goes on
    difference AS MATERIALIZED (
        SELECT h.id, segment_id, partner_id, h.reason AS was, g.reason
        FROM goal g FULL JOIN here h USING (segment_id, partner_id)
        WHERE h.reason IS DISTINCT FROM g.reason)"""

_WRITTEN = """,
    gone AS (
        DELETE FROM mini_crm_segment_member m USING difference d
        WHERE m.id = d.id AND d.reason IS NULL
        RETURNING m.segment_id, m.partner_id),
    come AS (
        INSERT INTO mini_crm_segment_member (segment_id, partner_id, since, reason)
        SELECT segment_id, partner_id, now() AT TIME ZONE 'utc', reason
        FROM difference WHERE was IS NULL ORDER BY partner_id, segment_id
        RETURNING segment_id, partner_id, reason),
    other_reason AS (
        UPDATE mini_crm_segment_member m SET reason = d.reason
        FROM difference d WHERE m.id = d.id AND d.reason IS NOT NULL)"""

_CHANGES = """FROM (
        SELECT segment_id, partner_id, 'in' AS side, reason FROM come
        UNION ALL
        SELECT o.segment_id, o.partner_id, 'out', CASE WHEN n.side = 'out' THEN 'hand'
            ELSE 'condition' END
        FROM gone o LEFT JOIN pins n ON n.segment_id = o.segment_id
            AND n.partner_id = o.partner_id) ch
    JOIN (VALUES %(names)s) AS s (id, name, company_id) ON s.id = ch.segment_id
    JOIN res_partner p ON p.id = ch.partner_id"""


class MiniCrmSegment(models.Model):
    """The one statement by which customers enter and leave segments."""

    _inherit = "mini_crm.segment"

    def _apply_difference(self, wanted, scope, causes=None):
        self._apply_differences({self.id: wanted}, scope, causes)

    def _apply_differences(self, wanted, scope, causes=None):
        """Let customers in and out and log both (see ``mini_crm.rule``).

        Customers by hand are in whatever the condition says, or never; archived ones
        are nowhere.
        """
        ctes = self._difference_sql(DIFFERENCE + _WRITTEN, wanted, scope)
        columns, source = self._change_events(causes)
        # when a segment is built only rules that ask for segments have to hear of it
        queued = causes is not None or self._is_read()
        self.env["mini_crm.event"]._log_many(columns, source, ctes=ctes, queued=queued)
        self._forget_members()

    def _differing_sql(self, wanted, scope):
        return SQL(
            "WITH %s SELECT DISTINCT segment_id FROM difference",
            self._difference_sql(DIFFERENCE, wanted, scope),
        )

    def _difference_sql(self, ctes, wanted, scope):
        """``DIFFERENCE`` and what may follow it, of these segments: SQL."""
        selects = [
            SQL("SELECT %s, w.id FROM (%s) w (id)", segment.id, wanted[segment.id])
            for segment in self
        ]
        return SQL(
            ctes,
            wanted=SQL(" UNION ALL ").join(selects),
            segments=self.ids,
            scope=scope(SQL("partner_id")),
        )

    def _change_events(self, causes):
        """The events of a difference: (columns, source) of ``_log_many``."""
        names = [
            SQL("(%s, %s, %s)", segment.id, segment.name, segment.company_id.id)
            for segment in self
        ]
        data = SQL(
            """jsonb_build_object('segment_id', s.id, 'name', s.name, 'to', ch.side,
                'reason', ch.reason)"""
        )
        if causes is None:
            data = SQL("""%s || '{"bulk": true}'""", data)
        columns = {
            "partner_id": SQL("p.id"),
            "company_id": SQL("s.company_id"),
            "type": SQL("'segment_changed'"),
            "author_id": SQL("NULL::int"),
            "data": data,
        }
        source = SQL(_CHANGES, names=SQL(", ").join(names))
        return self._caused(columns, source, causes)

    def _wanted(self, chosen):
        if self.kind == "static":
            return SQL("SELECT NULL::int WHERE FALSE")
        return super()._wanted(chosen)

    def _wanted_among(self, ids):
        if self.kind == "static":
            return self._wanted(None)
        return super()._wanted_among(ids)

    def _let_go(self, scope):
        """Take the members out; no customer is told of it.

        Pins stay: they hold again when the segment comes back.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_segment_member WHERE segment_id = ANY(%s) AND %s",
                self.ids,
                scope(SQL("partner_id")),
            )
        )
        gone = self.env.cr.rowcount
        self._forget_members()
        if gone:
            self.env["mini_crm.rule"]._rebuild_all({"segments"})

    def _forget_members(self):
        """Forget what the ORM has read of members."""
        self.env["mini_crm.segment.member"].invalidate_model(flush=False)
        self.invalidate_model(["member_ids", "member_count"], flush=False)
        self.env["res.partner"].invalidate_model(["segment_ids"], flush=False)

    def unlink(self):
        self.env.flush_all()
        marks = self.env["mini_crm.rule.mark"]
        # Whoever looks at a customer holds the segment, so it does not go meanwhile.
        # Marks are for those who ask other rules what its members are.
        with marks._unmarked() if not self._is_read() else nullcontext():
            self._let_go(lambda _column: SQL("TRUE"))
        return super().unlink()

    @api.model
    def _is_read(self):
        """Whether a rule of any kind asks for segments."""
        return any(
            "segments" in rules._topics()
            # sudo: also those that this person may not see
            for kind in self.env["mini_crm.rule"]._kinds()
            if (rules := self.env[kind].sudo().search([]))
        )
