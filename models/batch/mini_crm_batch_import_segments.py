from odoo import models
from odoo.tools import SQL

from ...engine.text import match_key


class MiniCrmBatch(models.Model):
    """Segments in a customers' file: those that are picked by hand, by their names.

    A row's values have their ids in ``segments``; ``new_segments`` of the chunk are
    those that the customer is not in by hand yet, ``out_segments`` those of them that
    he was kept out of.
    """

    _inherit = "mini_crm.batch"

    def _segments_by_name(self):
        """Segments of the company: {match key: id of one that is picked by hand, 0 of
        one that finds its customers by itself}."""
        segments = self.env["mini_crm.segment"].search(
            [("company_id", "=", self.company_id.id)], order="kind desc, id"
        )
        known = {}
        for segment in segments:
            by_hand = segment.kind == "static"
            known.setdefault(match_key(segment.name), segment.id if by_hand else 0)
        return known

    def _find_segments(self):
        """Note which segments each row of the chunk adds its customer to."""
        self.env.cr.execute(
            """UPDATE mini_crm_chunk c
            SET new_segments = s.ids, out_segments = s.outs FROM (
                SELECT c.id, array_agg(DISTINCT g.id::int) AS ids,
                    array_agg(DISTINCT n.segment_id)
                        FILTER (WHERE n.side = 'out') AS outs
                FROM mini_crm_chunk c
                CROSS JOIN jsonb_array_elements_text(c.segments) g(id)
                LEFT JOIN mini_crm_segment_pin n
                    ON n.partner_id = c.partner_id AND n.segment_id = g.id::int
                WHERE c.outcome IS NULL AND n.side IS DISTINCT FROM 'in'
                GROUP BY c.id) s
            WHERE s.id = c.id"""
        )

    def _join_segments(self):
        """Put the customers of the chunk into their segments."""
        self._pin_by_segment(
            SQL("c.new_segments"), SQL("c.outcome IN ('created', 'updated')"), "in"
        )

    def _leave_segments(self):
        """Take the customers of an undo's chunk out of where the import put them.

        Whom somebody has put out, or let go, since stays so; who was kept out before
        is kept out again.
        """
        for out, side in (("NOT", False), ("", "out")):
            self._pin_by_segment(
                SQL(
                    """ARRAY(SELECT n.segment_id FROM mini_crm_segment_pin n
                    WHERE n.partner_id = c.partner_id AND n.side = 'in'
                        AND c.after -> 'segments' @> to_jsonb(n.segment_id)
                        AND %s coalesce(c.after -> 'out_segments'
                            @> to_jsonb(n.segment_id), FALSE))""",
                    SQL(out),  # pylint: disable=sql-injection
                ),
                SQL("c.outcome = 'updated' AND c.after ? 'segments'"),
                side,
            )

    def _pin_by_segment(self, segments, condition, side):
        """Pin customers of the chunk ``c``, segment by segment.

        :param SQL segments: array of ids
        :param SQL condition: which rows
        :param side: ``in``, ``out``, or ``False`` to let the customer go
        """
        self.env.cr.execute(
            SQL(
                """SELECT s.id, array_agg(c.partner_id)
                FROM mini_crm_chunk c, unnest(%s) AS s(id)
                WHERE %s AND EXISTS (
                    SELECT FROM mini_crm_profile f WHERE f.id = c.partner_id)
                GROUP BY s.id ORDER BY s.id""",
                segments,
                condition,
            )
        )
        for segment_id, ids in self.env.cr.fetchall():
            segment = self.env["mini_crm.segment"].browse(segment_id).exists()
            if segment:
                segment._write_pins(dict.fromkeys(ids, side))
                segment._follow_pins(ids)
