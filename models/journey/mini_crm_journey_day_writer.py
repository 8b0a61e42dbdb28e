import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.birthdays import window
from ...engine.calendars import as_utc
from ...engine.journey import PERIODS
from . import day_sql
from .scope import Scope, local_day, zone_of

BACKFILL = 400  # days before the first ones that are written, at most
AGAIN = 2  # days that are written once more: work may have been under way at midnight
LATE = timedelta(hours=3)  # after the end of a day: states are not of that day


class MiniCrmJourneyDay(models.Model):
    """Writes the daily figures: all days since the last, set by set."""

    _inherit = "mini_crm.journey.day"

    @api.model
    def _cron_days(self):
        """Every hour: write the days that have ended, company by company."""
        companies = self.env["res.company"].search([], order="id")
        now = fields.Datetime.now()
        for done, company in enumerate(companies, 1):
            self._write_days(company, now)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _write_days(self, company, now):
        """Write the days of a company that have ended since the last one written.

        Days to which something was logged later (an import, a purchase changed) are
        written once more, up to ``BACKFILL`` days back.

        :param datetime now: UTC
        :return: number of days written
        :rtype: int
        """
        self.env.flush_all()
        zone = zone_of(company)
        last = local_day(now, zone) - timedelta(days=1)
        newest = self.search([("company_id", "=", company.id)], limit=1)
        if newest and newest.date >= last:
            return 0
        self.env["mini_crm.profile"]._prepare_bulk()
        scope = Scope.of(company)
        earliest = last - timedelta(days=BACKFILL - 1)
        first = max(earliest, self._first_to_write(company, scope, newest, last))
        days = self._days(company, first, last)
        settled = newest.date - timedelta(days=AGAIN - 1) if newest else first
        self.env.cr.execute(day_sql.write_days(days, scope.condition, settled))
        self._write_flows(company, newest and newest.date, days)
        self._write_states(company, scope, newest and newest.date, days, now)
        self.invalidate_model(flush=False)
        return (last - first).days + 1

    @api.model
    def _write_again(self, company, since):
        """Write the days of a company once more that there are since a moment.

        As if their purchases and messages had always been what they are now; customers
        of settled days stay as they were counted then.

        :param datetime since: UTC; days more than ``BACKFILL`` back stay
        """
        self.env.flush_all()
        newest = self.search([("company_id", "=", company.id)], limit=1)
        if not newest:
            return
        earliest = newest.date - timedelta(days=BACKFILL - 1)
        first = max(earliest, local_day(since, zone_of(company)))
        if first > newest.date:
            return
        settled = newest.date - timedelta(days=AGAIN - 1)
        days = self._days(company, first, newest.date)
        condition = Scope.of(company).condition
        self.env.cr.execute(day_sql.write_days(days, condition, settled))
        self.invalidate_model(flush=False)

    @api.model
    def _first_to_write(self, company, scope, newest, last):
        """The first day that is missing or has changed."""
        zone = zone_of(company)
        if not newest:
            [(oldest,)] = self.env.execute_query(
                SQL(
                    "SELECT min(customer_since) FROM mini_crm_profile WHERE %s",
                    scope.condition,
                )
            )
            return min(last, local_day(oldest, zone)) if oldest else last
        [(changed,)] = self.env.execute_query(
            day_sql.first_change(company.id, self._read_up_to(newest))
        )
        first = newest.date - timedelta(days=AGAIN - 1)
        return min(first, local_day(changed, zone)) if changed else first

    @api.model
    def _read_up_to(self, newest):
        """The last event that a run has surely seen, and all before it.

        That of the run before the last: events are numbered when they are logged, and
        seen when their transaction is over, which may take longer than until the run.
        """
        before = self.search(
            [
                ("company_id", "=", newest.company_id.id),
                ("event_id", "<", newest.event_id),
                ("event_id", ">", 0),
            ],
            limit=1,
        )
        return (before or newest).event_id

    @api.model
    def _days(self, company, first, last):
        """Days of a company: their months, and the moments where they begin."""
        zone, calendar = zone_of(company), company._birthday_calendar()
        begin = window("this_month", first, calendar)[0]
        every = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
        return day_sql.Days(
            company_id=company.id,
            zone=zone.key,
            first=first,
            last=last,
            months={day: window("this_month", day, calendar)[0] for day in every},
            month_start=as_utc(begin, zone),
            start=as_utc(first, zone),
            end=as_utc(last + timedelta(days=1), zone),
        )

    @api.model
    def _write_flows(self, company, newest, days):
        """Count the moves of a company's own customers; of the first, of shared ones.

        :param date | bool newest: the last day that was written before
        """
        companies = [company.id]
        if company.id == self._first_company_id():
            companies.append(None)
        first = newest and newest - timedelta(days=AGAIN - 1)
        start = as_utc(first, zone_of(company)) if first else None
        self.env.cr.execute(day_sql.forget_flows(companies, first))
        self.env.cr.execute(day_sql.write_flows(days, companies, start))
        self.env["mini_crm.journey.flow"].invalidate_model(flush=False)

    @api.model
    def _first_company_id(self):
        """Whose clock counts for customers of all companies, as with their currency."""
        return self.env.execute_query(SQL("SELECT min(id) FROM res_company"))[0][0]

    @api.model
    def _write_states(self, company, scope, newest, days, now):
        """Write what customers are now to the days since the last one written.

        Of the first days that are written ever, only to the last.
        """
        after = newest or days.last - timedelta(days=1)
        [state] = self.env.execute_query_dict(day_sql.states(scope.condition))
        journeys = self.env["mini_crm.journey"].with_company(company)
        facts = journeys._live_facts(scope, list(PERIODS), now)
        state["score_buckets"] = json.dumps(state["score_buckets"])
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_journey_day SET %(state)s, states_at = %(now)s,
                    states_late = date < %(last)s OR %(late)s,
                    stage_facts = CASE WHEN date = %(last)s THEN %(facts)s::jsonb END,
                    event_id = (SELECT coalesce(max(id), 0) FROM mini_crm_event)
                WHERE company_id = %(company)s AND date > %(after)s
                    AND date <= %(last)s""",
                state=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in state.items()
                ),
                now=now,
                late=now > days.end + LATE,
                facts=json.dumps(facts),
                last=days.last,
                after=after,
                company=company.id,
            )
        )

    @api.model
    def _kept_until(self, company_ids):
        """Up to which moment the daily figures go.

        :param list company_ids: of the customers; None: those of all companies
        :return: list of (company id or None, UTC moment)
        """
        first_id = self._first_company_id()
        # sudo: until when there are figures is no secret of another company
        newest = dict(
            self.sudo()._read_group(
                [("company_id", "in", [n or first_id for n in company_ids])],
                ["company_id"],
                ["date:max"],
            )
        )
        ends = {}
        for company, day in newest.items():
            ends[company.id] = as_utc(day + timedelta(days=1), zone_of(company))
        ever = fields.Datetime.to_datetime("1970-01-01")
        return [(n, ends.get(n or first_id, ever)) for n in company_ids]

    @api.model
    def _kept_facts(self, company):
        """The last day with the facts of a company, if any."""
        return self.search(
            [("company_id", "=", company.id), ("states_at", "!=", False)], limit=1
        )
