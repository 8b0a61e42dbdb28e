from odoo import models
from odoo.tools import SQL

from ..condition.mini_crm_rule_preview import SAMPLES
from .mini_crm_segment_difference import DIFFERENCE

_COUNTS = """
    WITH %(difference)s
    SELECT count(*) FILTER (WHERE was IS NULL) AS enter,
        count(*) FILTER (WHERE reason IS NULL) AS leave,
        ARRAY(SELECT partner_id FROM difference WHERE was IS NULL LIMIT %(few)s)
            AS enters,
        ARRAY(SELECT partner_id FROM difference WHERE reason IS NULL LIMIT %(few)s)
            AS leaves
    FROM difference"""


class MiniCrmSegment(models.Model):
    """Who would come in and go out, before a condition is saved."""

    _inherit = "mini_crm.segment"

    def preview(self, domain=None):
        """What this segment would do with a condition, before it is saved.

        For managers, on a segment or on none (a new one). Customers by hand stay what
        they are.

        :param str | None domain: condition as text; default the segment's
        :return: ``{"enter", "leave", "samples", "problems"}``: numbers of customers who
            would come in and go out; ``samples`` are ``{"id", "name", "change"}`` of
            some (``enter`` or ``leave``); ``problems`` are sentences about what is
            wrong with the condition, and then both numbers are 0
        :rtype: dict
        """
        self.check_access("write")
        domain = (self.domain if domain is None else domain) or "[]"
        conditions = self.env["mini_crm.condition"]
        problems = conditions._problems(domain)
        row = None
        if not problems:
            row = self._in_time(self._preview_query(domain))
            problems = [] if row else [conditions._too_slow()]
        if problems:
            return {"enter": 0, "leave": 0, "samples": [], "problems": problems}
        samples = self._samples(
            {"enter": row.pop("enters"), "leave": row.pop("leaves")}
        )
        return {**row, "samples": samples, "problems": []}

    def _preview_query(self, domain):
        """Select of the one row that says what a condition would change: SQL."""
        segment_id = self.id or 0
        wanted = SQL(
            "SELECT %s, w.id FROM (%s) w (id)", segment_id, self._wanted_by(domain)
        )
        difference = SQL(
            DIFFERENCE,
            wanted=wanted,
            segments=[segment_id],
            scope=SQL("TRUE"),
        )
        return SQL(_COUNTS, difference=difference, few=SAMPLES)
