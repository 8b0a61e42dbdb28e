import random
from collections import Counter, namedtuple
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tools import SQL

from ...engine.journey import PERIODS, STAGES, WATCHED
from ..common import MiniCrmCase
from ..factories import make_customer

NOW = fields.Datetime.to_datetime("2026-05-20 09:30:00")
EVER = fields.Datetime.to_datetime("1900-01-01")
History = namedtuple("History", "partner company since moves life")
# moves: list of (UTC datetime, from, to); since: of the first stay or None;
# life: (customer since, last contact or None, last purchase or None)


class JourneyCase(MiniCrmCase):
    """Customers with invented histories, and an oracle that reads only these."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(fields.Datetime, "now", staticmethod(lambda *_args: NOW))
        )
        cls.forget_customers(cls.env)
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.agent.company_ids |= cls.other
        cls.rng = random.Random(cls.__name__)

    @staticmethod
    def forget_customers(env):
        """Begin without customers."""
        env.flush_all()
        env.cr.execute("DELETE FROM mini_crm_profile")
        env.invalidate_all()

    def map_of(self, companies=None, period="all", **filters):
        """The map as the agent sees it in companies."""
        journey = self.env["mini_crm.journey"].with_user(self.agent)
        ids = (companies or self.company).ids
        return journey.with_context(allowed_company_ids=ids).get_map(period, **filters)

    def make_histories(self, count, companies=(None,)):
        """Customers with random moves and signs of life: list of History."""
        made = [self._make_history(self.rng.choice(companies)) for _ in range(count)]
        self.settle()
        for history, stage in made:
            self._store(history, stage)
        self.env.invalidate_all()
        return [history for history, _stage in made]

    def _moment(self, earliest=None):
        """Some moment, more often a late one; never in the future."""
        days = self.rng.choice((3, 40, 120, 700)) * self.rng.random()
        moment = (NOW - timedelta(days=days)).replace(microsecond=0)
        return max(moment, earliest) if earliest else moment

    def _make_history(self, company):
        partner = make_customer(self.env, company_id=company.id if company else False)
        dates = sorted(self._moment() for _each in range(self.rng.choice((0, 1, 1, 3))))
        since = self._moment() if self.rng.random() < 0.8 else None
        if since and dates:
            since = min(since, dates[0])
        stage, moves = self.rng.choice(STAGES[:3]), []
        for date in dates:
            to = self.rng.choice([s for s in STAGES if s != stage])
            moves.append((date, stage, to))
            stage = to
        life = (
            self._moment(),
            *(self._moment() if self.rng.random() < 0.5 else None for _ in range(2)),
        )
        return History(partner, company, since, moves, life), stage

    def _store(self, history, stage):
        self.env.flush_all()
        since = history.since
        for date, origin, to in history.moves:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO mini_crm_journey_transition
                        (partner_id, from_stage, to_stage, date, since)
                    VALUES (%s, %s, %s, %s, %s)""",
                    history.partner.id,
                    origin,
                    to,
                    date,
                    since,
                )
            )
            since = date
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_profile SET journey_stage = %s, stage_since = %s,
                    customer_since = %s, last_contacted_at = %s, last_purchase_at = %s
                WHERE id = %s""",
                stage,
                since,
                *history.life,
                history.partner.id,
            )
        )

    # the oracle

    def start_of(self, period, zone="UTC"):
        """First moment of a period in UTC, or None."""
        days = PERIODS[period]
        if not days:
            return None
        zone = ZoneInfo(zone)
        today = NOW.replace(tzinfo=timezone.utc).astimezone(zone).date()
        first = datetime.combine(today - timedelta(days=days), datetime.min.time())
        moment = first.replace(tzinfo=zone).astimezone(timezone.utc)
        return moment.replace(tzinfo=None)

    def expected(self, histories, period, zone="UTC"):
        """What the map must say: (stages, moves) as ``said`` gives them."""
        start = self.start_of(period, zone) or EVER
        quiet_since = self.start_of("365" if period == "all" else period, zone)
        moves = Counter(
            (origin, to)
            for history in histories
            for date, origin, to in history.moves
            if date >= start
        )
        stages = {}
        for place, stage in enumerate(STAGES):
            here = [h for h in histories if self.stage_of(h) == stage]
            forward = sum(moves[stage, to] for to in STAGES[place + 1 :])
            back = sum(moves[stage, to] for to in STAGES[:place])
            silent = sum(self.is_silent(h, quiet_since) for h in here)
            stays = len(here) + forward + back
            stages[stage] = {
                "customers": len(here),
                "stays": stays,
                "forward": forward,
                "back": back,
                "silent": silent,
                "conversion": forward / stays
                if stays and stage != "advocacy"
                else None,
                "drop_off": (back + silent) / stays if stays else None,
                "median_days": self._median(histories, stage, start),
            }
        return stages, dict(moves)

    def stage_of(self, history):
        """Where a customer is now."""
        return history.moves[-1][2] if history.moves else history.partner.journey_stage

    def is_silent(self, history, since):
        """Known before a moment, and no sign of life from then on."""
        known, *signs = history.life
        return known < since and all(not sign or sign < since for sign in signs)

    def _median(self, histories, stage, start):
        stays = []
        for history in histories:
            begin = history.since
            for date, origin, _to in history.moves:
                if origin == stage and begin and date >= start:
                    stays.append(self._stay(begin, date, start, moved=True))
                begin = date
            if self.stage_of(history) == stage and begin:
                stays.append(self._stay(begin, NOW, start, moved=False))
        still_there = Fraction(1)
        for age in range(max((last for _f, last, _m in stays), default=-1) + 1):
            watched = [s for s in stays if s[0] <= age <= s[1]]
            moved = sum(last == age and moved for _first, last, moved in watched)
            if moved and len(watched) >= WATCHED:
                still_there *= 1 - Fraction(moved, len(watched))
                if still_there <= Fraction(1, 2):
                    return age
        return None

    def _stay(self, begin, end, start, moved):
        first = (start.date() - begin.date()).days if start > EVER else 0
        return max(0, first), (end.date() - begin.date()).days, moved

    def said(self, answer):
        """The numbers of a map: (stages, moves)."""
        names = (
            *("customers", "stays", "forward", "back", "silent"),
            *("conversion", "drop_off", "median_days"),
        )
        stages = {
            row["stage"]: {name: row[name] for name in names}
            for row in answer["stages"]
        }
        return stages, {(m["from"], m["to"]): m["moves"] for m in answer["moves"]}
