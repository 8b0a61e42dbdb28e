from datetime import date, datetime, timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.birthdays import birthdays_between
from ...engine.calendars import to_jalali
from ...engine.workflow_schedule import local_day, read_clock, until_clock
from ..condition.mini_crm_condition_query import CUSTOMER
from ..condition.res_partner import in_ranges
from .mini_crm_workflow_time import PORTION

CATCH_UP = 3  # days after a birthday that a server which slept still tells of it
SOONEST = timedelta(minutes=10)  # silences that end side by side are looked at together
LATEST = timedelta(days=1)  # dates of contacts come by imports too
FIRST = "1970-01-01T00:00:00"  # before any contact
DAY = timedelta(days=1)

_SILENT = """
    SELECT pr.id, pr.last_contacted_at, pr.partner_active
            AND coalesce(pr.partner_company_id, %(company)s) = %(company)s
            AND %(new)s
    FROM (
        SELECT id, last_contacted_at, partner_active, partner_company_id
        FROM mini_crm_profile
        WHERE (last_contacted_at, id) > (%(since)s::timestamp, %(last_id)s)
            AND last_contacted_at <= %(until)s
        ORDER BY last_contacted_at NULLS FIRST, id LIMIT %(most)s) pr
    ORDER BY pr.last_contacted_at, pr.id"""


class MiniCrmWorkflow(models.Model):
    """Customers whose birthday comes near, or who have been silent for long.

    Each birthday and each silence once: ``mini_crm.workflow.start`` knows.
    """

    _inherit = "mini_crm.workflow"

    # Birthdays, by the shop's calendar, from some days before until the day itself

    def _plan_birthday(self, trigger, now):
        self.due_at = False
        due = self._next_clock(now, trigger)
        done = local_day(due, self._zone()) - DAY
        return due, {"done": done.isoformat()}

    def _follow_birthday(self, trigger):
        if not self.env["mini_crm.condition"]._birthday_slot():
            self._pause("birthday")
            return 0
        now = fields.Datetime.now()
        today = self._day_begun(trigger, now)
        last_done = date.fromisoformat(self.time_place["done"])
        first = min(today, max(last_done + DAY, today - CATCH_UP * DAY))
        last = today + (trigger.get("days_before") or 0) * DAY
        keys = self._with_birthday(first, last)
        if not self._let_in(list(keys)):
            return 0
        self.env["mini_crm.workflow.start"].sudo()._note(self, keys)
        if len(keys) < PORTION:
            self._reach(self._next_clock(now, trigger), done=today.isoformat())
        return len(keys)

    def _day_begun(self, trigger, now):
        """The last day of the shop on which the time of a trigger has come."""
        day, at = local_day(now, self._zone()), read_clock(trigger.get("at") or "09:00")
        moment = until_clock(now, self._zone(), at)
        if local_day(moment, self._zone()) == day:
            day -= DAY  # it comes later today
        return max(day, local_day(self.due_at, self._zone()))

    def _with_birthday(self, first, last):
        """Customers with a birthday from one day to another, of whom it is new.

        :param date first, last: both included
        :return: {customer: which birthday}, a portion at most
        :rtype: dict[int, str]
        """
        slot = self.env["mini_crm.condition"]._birthday_slot()
        calendar, found = self.company_id._birthday_calendar(), {}
        for year, beginning, ending in _years(first, last, calendar):
            key = f"birthday {year}"
            # sudo: the audience says whom the workflow concerns
            partners = self.env["res.partner"].sudo()
            query = partners._search(
                CUSTOMER
                & Domain("company_id", "in", [False, self.company_id.id])
                & in_ranges(slot, birthdays_between(beginning, ending, calendar)),
                order="id",
                limit=PORTION - len(found),
            )
            query.add_where(
                self.env["mini_crm.workflow.start"]._is_new(
                    self, SQL.identifier(query.table, "id"), SQL("%s", key)
                )
            )
            found |= dict.fromkeys(query.get_result_ids(), key)
            if len(found) == PORTION:
                break
        return found

    # Silence, since the last contact

    def _plan_inactive(self, trigger, now):
        """Who has been silent for so long already enters only if bulk changes count."""
        if self.trigger_bulk:
            return now, {"since": FIRST, "last_id": 0}
        since = now - trigger["days"] * DAY
        place = {"since": since.isoformat(), "last_id": 0}
        return self._silence_ends(trigger, since), place

    def _follow_inactive(self, trigger):
        until = fields.Datetime.now() - trigger["days"] * DAY
        self.env.cr.execute(self._silent_sql(until))
        rows = self.env.cr.fetchall()
        silent = {
            partner_id: f"silent since {contacted:%Y-%m-%d %H:%M:%S}"
            for partner_id, contacted, concerned in rows
            if concerned
        }
        if not self._let_in(list(silent)):
            return 0
        self.env["mini_crm.workflow.start"].sudo()._note(self, silent)
        if len(rows) == PORTION:
            last_id, contacted, _concerned = rows[-1]
            self._reach(since=contacted.isoformat(), last_id=last_id)
        else:
            due = self._silence_ends(trigger, until)
            self._reach(due, since=until.isoformat(), last_id=0)
        return len(rows)

    def _silent_sql(self, until):
        """Select of the next portion of those whose last contact was until a moment.

        Of each the id, the last contact, and whether it concerns this workflow.
        """
        starts, contacted = self.env["mini_crm.workflow.start"], "pr.last_contacted_at"
        return SQL(
            _SILENT,
            company=self.company_id.id,
            new=starts._is_new(self, SQL("pr.id"), _silence_key(SQL(contacted))),
            since=datetime.fromisoformat(self.time_place["since"]),
            last_id=self.time_place["last_id"],
            until=until,
            most=PORTION,
        )

    def _silence_ends(self, trigger, since):
        """When the next customer will have been silent for long enough (naive, UTC).

        :param datetime since: everybody whose last contact was until then is done
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT last_contacted_at FROM mini_crm_profile
                WHERE last_contacted_at > %s
                ORDER BY last_contacted_at NULLS FIRST, id LIMIT 1""",
                since,
            )
        )
        row = self.env.cr.fetchone()
        due = row[0] + trigger["days"] * DAY if row else now + LATEST
        return min(max(due, now + SOONEST), now + LATEST)


def _silence_key(column):
    """The same key that is noted, in SQL."""
    return SQL("'silent since ' || to_char(%s, 'YYYY-MM-DD HH24:MI:SS')", column)


def _years(first, last, calendar):
    """A period by the years of a calendar: (year, first day, last day) of each."""
    parts, beginning = [], first
    while beginning <= last:
        year, ending = _year(beginning, calendar), beginning
        while ending < last and _year(ending + DAY, calendar) == year:
            ending += DAY
        parts.append((year, beginning, ending))
        beginning = ending + DAY
    return parts


def _year(day, calendar):
    return to_jalali(day)[0] if calendar == "jalali" else day.year
