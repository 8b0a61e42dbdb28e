from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.workflow_check_values import value_problems
from ...engine.workflow_kinds import TRIGGERS
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

    @api.readonly
    def get_bulk_preview(self, trigger):
        """To how many customers it makes a difference that bulk changes count (agents).

        Those of whom imports and the like have lately told what the trigger waits for,
        whatever else it asks; of a silence: who has been silent for so long already.

        :param dict trigger: of a definition, as it is being edited
        :return: ``{"customers": int, "days": int, "more": bool}``; ``more``: there are
            too many to look at all of them
        :rtype: dict
        :raise UserError: if it is no trigger, or lacks its days
        """
        self.check_access("read")
        company = self.company_id or self.env.company
        kind, days = self._kind_and_days(trigger)
        silent = kind == "inactive"
        select = SQL(
            _SILENT if silent else _EVENTS,
            company=company.id,
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

    def _kind_and_days(self, trigger):
        """The kind of a trigger, and how many days back it is counted: (str, int).

        :raises UserError: see ``get_bulk_preview``
        """
        trigger = trigger if isinstance(trigger, dict) else {}
        name = trigger.get("kind")
        kind = TRIGGERS.get(name) if isinstance(name, str) else None
        if not kind:
            raise UserError(self.env._("Choose first what starts the workflow."))
        if name != "inactive":
            return name, DAYS
        setting, days = kind.setting("days"), trigger.get("days")
        if any(value_problems(setting, days)):
            raise UserError(
                self.env._(
                    "Say first after how many days without contact the workflow starts:"
                    " %(least)s to %(most)s.",
                    least=setting.least,
                    most=setting.most,
                )
            )
        return name, days
