from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    mini_crm_calendar = fields.Selection(
        [("gregorian", "Gregorian"), ("jalali", "Jalali")],
        "Calendar of Birthdays",
        help="In which calendar the shop's months are and birthdays are celebrated. Not"
        " set: Jalali where the shop speaks Persian.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"mini_crm_calendar", "mini_crm_tz"}.isdisjoint(vals):
            # queries are kept by the version of the definitions: these are others now
            self.env["mini_crm.version"]._renew()
        return result

    def _birthday_calendar(self):
        """The calendar in which birthdays are celebrated: gregorian or jalali.

        What is set, else that of the language of the company's own contact.

        :rtype: str
        """
        self.ensure_one()
        # sudo: the shop's language is no secret
        lang = self.sudo().partner_id.lang or self.env.lang or ""
        return self.mini_crm_calendar or (
            "jalali" if lang.startswith("fa") else "gregorian"
        )

    def _today(self) -> date:
        """The day that it is in the shop."""
        self.ensure_one()
        zone = ZoneInfo(self.mini_crm_tz or "UTC")
        now = fields.Datetime.now()
        return datetime.combine(now, now.time(), timezone.utc).astimezone(zone).date()
