from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MiniCrmBatch(models.Model):
    """Many customers into a segment that is picked by hand, or out of it.

    ``before`` is ``{"side"}``: how the customer was pinned there.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_segment_add(self, values):
        segments = self.env["mini_crm.segment"]
        chosen = values.get("segment_id")
        segment = segments.search(
            [("id", "=", chosen if isinstance(chosen, int) else 0)]
        )
        if not segment:
            raise UserError(self.env._("Choose a segment first."))
        segment.check_access("write")
        if segment.kind != "static":
            raise UserError(
                self.env._(
                    "“%s” finds its customers by a condition. Choose a segment that is"
                    " picked by hand.",
                    segment.name,
                )
            )
        return {"segment_id": segment.id, "segment": segment.name}

    _bulk_read_segment_remove = _bulk_read_segment_add

    def _bulk_name_segment_add(self, settings, action):
        return self._bulk_name_default(settings, action, settings["segment"])

    _bulk_name_segment_remove = _bulk_name_segment_add

    # Doing it

    def _bulk_plan_segment_add(self):
        self._plan_pins("in")

    def _bulk_plan_segment_remove(self):
        self._plan_pins(None)

    def _bulk_segment(self):
        return self.env["mini_crm.segment"].browse(self.settings["segment_id"]).exists()

    def _plan_pins(self, side):
        segment = self._bulk_segment()
        if not segment:
            self._refuse("undo_segment_gone", SQL("TRUE"))
            return
        if side:
            self._refuse_others()
            self._refuse(
                "bulk_other_company",
                SQL(
                    """EXISTS (SELECT FROM res_partner p WHERE p.id = c.partner_id
                    AND p.company_id <> %s)""",
                    segment.company_id.id,
                ),
            )
        self._settle("unchanged", SQL("%s IS NOT DISTINCT FROM %s", self._side(), side))
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before =
                    jsonb_build_object('side', %s) WHERE c.outcome IS NULL""",
                self._side(),
            )
        )

    def _side(self):
        """How the customer of the row ``c`` is pinned now: SQL."""
        return SQL(
            """(SELECT n.side FROM mini_crm_segment_pin n
            WHERE n.segment_id = %s AND n.partner_id = c.partner_id)""",
            self.settings["segment_id"],
        )

    def _bulk_apply_segment_add(self):
        self._pin_rows(SQL("SELECT partner_id, 'in' FROM mini_crm_chunk"), "updated")

    def _bulk_apply_segment_remove(self):
        self._pin_rows(SQL("SELECT partner_id, NULL FROM mini_crm_chunk"), "updated")

    def _pin_rows(self, rows, outcome):
        """Pin customers of the chunk, and bring the segment up to date.

        :param SQL rows: select of partner_id and side
        """
        self.env.cr.execute(SQL("%s WHERE outcome = %s", rows, outcome))
        sides = {key: side or False for key, side in self.env.cr.fetchall()}
        if sides:
            segment = self._bulk_segment()
            segment._write_pins(sides)
            segment._follow_pins(sorted(sides))

    # Taking it back

    def _bulk_undo_segment_add(self):
        self._undo_pins("in")

    def _bulk_undo_segment_remove(self):
        self._undo_pins(None)

    def _undo_pins(self, written):
        if not self._bulk_segment():
            self._refuse("undo_segment_gone", SQL("TRUE"), "kept")
            return
        self._refuse(
            "undo_changed",
            SQL(
                """%s IS DISTINCT FROM %s
                AND %s IS DISTINCT FROM c.before ->> 'side'""",
                self._side(),
                written,
                self._side(),
            ),
            "kept",
        )
        self._settle("restored", SQL("TRUE"))
        self._pin_rows(
            SQL("SELECT partner_id, before ->> 'side' FROM mini_crm_chunk"), "restored"
        )
