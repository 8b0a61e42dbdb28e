from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models

from ...engine import journey
from ...engine.calendars import as_utc
from . import map_sql
from .scope import LIVE_CUSTOMERS, local_day, zone_of


class Facts(NamedTuple):
    """What takes a look at every customer."""

    median: dict  # stage -> days or None
    silent: dict | None  # stage -> customers; None: nobody knows
    day: date | None  # of the daily figures that they are from; nothing: of now


class MiniCrmJourney(models.AbstractModel):
    """Where the numbers of the map come from."""

    _inherit = "mini_crm.journey"

    @api.model
    def _period_start(self, period, now):
        """First moment of a period in UTC; None: since ever."""
        days = journey.PERIODS[period]
        return self._days_ago(days, now) if days else None

    @api.model
    def _silence(self, period, now):
        """Moment since which a silent customer gave no sign of life, in UTC."""
        return self._days_ago(journey.PERIODS[period] or journey.SILENT_ALL, now)

    @api.model
    def _days_ago(self, days, now):
        """First moment of the company's day that was some days ago, in UTC."""
        zone = zone_of(self.env.company)
        return as_utc(local_day(now, zone) - timedelta(days=days), zone)

    @api.model
    def _moves(self, scope, start):
        """Moves since a moment: {(from, to): number}.

        From the daily figures, and from the moves themselves for what these lack; where
        the companies do not tell who is meant, from the moves alone.

        :param Scope scope: whose
        :param datetime | None start: UTC; none: since ever
        """
        if scope.company_ids is None:
            return self._summed(map_sql.moves(scope.condition, start))
        queries = []
        if scope.company_ids:
            ends = self.env["mini_crm.journey.day"]._kept_until(scope.company_ids)
            first = start and local_day(start, zone_of(self.env.company))
            known = [number for number in scope.company_ids if number]
            shared = None in scope.company_ids
            queries.append(map_sql.kept_moves(known, shared, first))
            queries.append(map_sql.new_moves(ends, start))
        if scope.strays:
            queries.append(map_sql.moves(scope.strays, start))
        return self._summed(*queries)

    @api.model
    def _summed(self, *queries):
        """Numbers of SELECTs of (from, to, number), by (from, to)."""
        self.env.flush_all()
        moves = Counter()
        for query in queries:
            for origin, target, number in self.env.execute_query(query):
                moves[origin, target] += number
        return dict(moves)

    @api.model
    def _facts(self, scope, period, now, customers):
        """Times in stage and silence: of now, or of the last day where that is faster.

        Of several companies in a large shop nobody knows them: the days are those of
        one company, and to look at all customers takes too long.

        :param Scope scope: of whom
        :param int customers: how many they are
        :rtype: Facts
        """
        if customers > LIVE_CUSTOMERS and scope.company_ids is not None:
            if len(self.env.companies) > 1:
                return Facts(median={}, silent=None, day=None)
            kept = self.env["mini_crm.journey.day"]._kept_facts(self.env.company)
            if kept:
                return Facts(**kept.stage_facts[period], day=kept.date)
        return Facts(**self._live_facts(scope, [period], now)[period], day=None)

    @api.model
    def _live_facts(self, scope, periods, now):
        """Times in stage and silence of now: {period: {median, silent}}.

        :param list[str] periods: the shortest first
        """
        self.env.flush_all()
        starts = [self._period_start(period, now) for period in periods]
        rows = self.env.execute_query(map_sql.stays(scope.condition, starts, now))
        stays = [journey.Stays(*row) for row in rows]
        limits = [self._silence(period, now) for period in periods]
        silent = self.env.execute_query(map_sql.silent(scope.condition, limits))
        return {
            period: {
                "median": journey.medians(
                    stays, place, start and (now.date() - start.date()).days
                ),
                "silent": {stage: counts[place] for stage, *counts in silent},
            }
            for place, (period, start) in enumerate(zip(periods, starts, strict=True))
        }
