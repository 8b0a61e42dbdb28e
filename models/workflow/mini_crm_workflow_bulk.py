from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...engine.workflow_triggers import EVENTS

DAYS = 30
LOOKED_AT = 50_000  # events, or customers, the latest ones

# Imported purchases and messages have dates of long ago. Scores are dated when they are
# logged, so by them it is known which events were logged lately.
_EVENTS = """
    SELECT e.partner_id, %(bulk)s AS counts FROM (
        SELECT * FROM mini_crm_event
        WHERE type = ANY(%(types)s) AND company_id = %(company)s AND id > coalesce((
            SELECT id FROM mini_crm_event
            WHERE type = 'score_changed' AND date < %(since)s
            ORDER BY date DESC LIMIT 1), 0)
        ORDER BY id DESC LIMIT %(most)s) e"""

_SILENT = """
    SELECT pr.id AS partner_id,
        pr.partner_active AND coalesce(pr.partner_company_id, %(company)s) = %(company)s
            AS counts
    FROM mini_crm_profile pr WHERE pr.last_contacted_at <= %(since)s
    ORDER BY pr.last_contacted_at DESC NULLS LAST, pr.id DESC LIMIT %(most)s"""


class MiniCrmWorkflow(models.Model):
    """Whom imported and bulk changes would have had enter, before anybody says so."""

    _inherit = "mini_crm.workflow"

    def _bulk_preview(self):
        """To how many customers it makes a difference whether bulk changes count.

        Those of whom imports and the like have lately told what the trigger waits for,
        whatever else it asks; of a silence: who has been silent for so long already.

        :return: ``{"customers": int, "days": int, "more": bool}``; ``more``: there are
            too many to look at all of them
        :rtype: dict
        """
        self.ensure_one()
        trigger = (self.definition or {}).get("trigger") or {}
        kind = trigger.get("kind")
        silent = kind == "inactive"
        days = trigger.get("days") or 0 if silent else DAYS
        select = SQL(
            _SILENT if silent else _EVENTS,
            company=self.company_id.id,
            since=fields.Datetime.now() - timedelta(days=days),
            most=LOOKED_AT,
            **(
                {}
                if silent
                else {
                    "bulk": self.env["mini_crm.event"]._follows_bulk("e"),
                    "types": [e for e, kinds in EVENTS.items() if kind in kinds],
                }
            ),
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT count(DISTINCT partner_id) FILTER (WHERE counts), count(*)
                FROM (%s) found""",
                select,
            )
        )
        customers, looked_at = self.env.cr.fetchone()
        return {"customers": customers, "days": days, "more": looked_at == LOOKED_AT}
