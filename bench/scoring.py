"""Recomputing every score against bare SQL and against a stored compute of the ORM.

The bare statement and the ORM's formula are written here on their own, from the
definition of the score, so that they measure what the formula costs and nothing else.
"""

import math
import time
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns

SAMPLE = 2_000
ROUNDS = 3
BARE_GOAL = at_most_cost(3)
ORM_GOAL = at_least_as_fast(30)
TABLES = (
    "mini_crm_profile",
    "mini_crm_event",
    "mini_crm_queue",
    "mini_crm_score_history",
    "mini_crm_journey_transition",
)
# where a plain Odoo developer's stored fields would be; nobody watches the writes
STORED = {
    "mini_crm_no_events": True,
    "tracking_disable": True,
    "mail_notrack": True,
}


def run(databases, count):
    """Measure scoring: list of Figure."""
    db = databases.seeded(count)
    with opened(db) as env:
        scoring = Scoring(env, db, count)
        return [scoring.a_day_later(), scoring.all_different(), scoring.from_events()]


class Scoring:
    """Contestants; each works in a transaction that is rolled back.

    Plain Odoo has no counters: its stored compute reads events and purchases.

    :param env: environment of the superuser
    :param str db: its database
    :param int count: customers in it
    """

    def __init__(self, env, db, count):
        self.env = env
        self.cr = env.cr
        self.db = db
        self.count = count
        self.now = fields.Datetime.now()
        company = env.company
        self.marks = (
            company.mini_crm_full_spent or 1000,
            company.mini_crm_full_order or 100,
        )
        env["mini_crm.profile"]._rescore(None, self.now, quiet=True)
        self.cr.commit()
        self._require_agreement()

    def a_day_later(self):
        """Figure of the daily run: only time has moved on."""
        name = f"score {self.count:,} customers a day later"
        later = self.now + timedelta(days=1)
        times = self._in_turns(
            {
                "ours": lambda _n: self._rescore(self.marks, later),
                "bare": lambda _n: self._bare(self.marks, later),
                "ORM": lambda _n: self._orm(later),
            }
        )
        return (
            Figure(name, times["ours"], note=self._note())
            .against("bare SQL", times["bare"], BARE_GOAL)
            .against("stored compute of the ORM", times["ORM"], ORM_GOAL)
        )

    def all_different(self):
        """Figure of a change of settings: nearly every row is written."""
        halved = tuple(mark / 2 for mark in self.marks)
        times = self._in_turns(
            {
                "ours": lambda _n: self._rescore(halved, self.now),
                "bare": lambda _n: self._bare(halved, self.now),
            }
        )
        name = f"score {self.count:,} customers, other marks"
        figure = Figure(name, times["ours"])
        return figure.against("bare SQL", times["bare"], BARE_GOAL)

    def from_events(self):
        """Figure of a recalculation by hand: counters too, from the events."""
        later = self.now + timedelta(days=1)

        def ours(_round):
            self.env["mini_crm.profile"]._recalculate_range(1, 2**31 - 1, later)

        times = self._in_turns({"ours": ours, "ORM": lambda _n: self._orm(later)})
        name = f"count and score {self.count:,} customers"
        figure = Figure(name, times["ours"], note=self._note())
        return figure.against("stored compute of the ORM", times["ORM"])

    def _require_agreement(self):
        """Refuse to compare what does not compute the same."""
        self._bare(self.marks, self.now)
        if self.cr.rowcount:
            raise BenchError(
                f"The product and the bare statement disagree on {self.cr.rowcount}"
                f" of {self.count} customers: bench/scoring.py is out of date."
            )
        self.cr.rollback()

    # The contestants: each returns its seconds

    def _rescore(self, marks, now):
        spent, order = marks
        # not as if by hand: that would start a recalculation in the background
        self.env.company.with_context(mini_crm_full_marks=("first", 0)).write(
            {"mini_crm_full_spent": spent, "mini_crm_full_order": order}
        )
        self.env.flush_all()
        began = time.perf_counter()
        self.env["mini_crm.profile"]._rescore(None, now, quiet=True)
        return time.perf_counter() - began

    def _bare(self, marks, now):
        statement = _bare_statement(*marks, now, self._custom_fields())
        # nor does it count its customers; the transaction is rolled back
        self.cr.execute("ALTER TABLE mini_crm_profile DISABLE TRIGGER USER")
        began = time.perf_counter()
        self.cr.execute("SET LOCAL jit = off")
        self.cr.execute(statement)
        return time.perf_counter() - began

    def _orm(self, now):
        """A stored compute, customer by customer: a sample, extrapolated to all."""
        partners = (
            self.env["res.partner"]
            .with_context(**STORED)
            .search([("journey_stage", "!=", False)], limit=SAMPLE)
        )
        self._compute(partners, self.now)  # what is stored so far
        self.env.flush_all()
        self.env.invalidate_all()
        began = time.perf_counter()
        self._compute(partners, now)
        self.env.flush_all()
        return (time.perf_counter() - began) * self.count / len(partners)

    def _compute(self, partners, now):
        custom = self._custom_fields()
        for partner in partners:
            score, parts = _score(_figures(partner), now, self.marks, custom)
            partner.write(
                {
                    "custom_number_1": score,
                    "custom_text_1": "green" if score >= 80 else "red",
                    "custom_text_2": repr(parts),
                }
            )

    # How they are run

    def _in_turns(self, contestants):
        def clean():
            self.cr.rollback()
            self.env.invalidate_all()
            tidy(self.db, *TABLES)

        times = in_turns(contestants, ROUNDS, before=clean)
        clean()
        return times

    def _note(self):
        return f"the ORM ran {min(SAMPLE, self.count):,} customers, extrapolated"

    def _custom_fields(self):
        return self.env["mini_crm.field"].search_count([("type", "!=", "boolean")])


# A stored compute as a developer of plain Odoo would write it


def _figures(partner):
    talk = partner.event_ids.filtered("interaction").sorted("date")
    bought = partner.purchase_ids
    asked = answered = 0
    ask = None
    for event in talk:
        if event.interaction == "out":
            ask = event.date
        elif event.interaction == "in" and ask:
            asked += 1
            answered += event.date - ask <= timedelta(hours=72)
            ask = None
    details = (
        partner.name,
        partner.email,
        partner.phone,
        partner.source_id,
        partner.city,
    )
    dates = [*talk.mapped("date"), *bought.mapped("date"), partner.create_date]
    return {
        "interactions": len(talk),
        "asked": asked,
        "answered": answered,
        "last": talk[-1:].date,
        "since": min(dates),
        "purchases": len(bought.filtered(lambda line: line.kind == "purchase")),
        "spent": sum(bought.mapped("amount_company")),
        "basic": sum(map(bool, details)),
        "custom": 0,
    }


def _score(figures, now, marks, custom_fields):
    """Score and the points of its four factors, in plain Python."""
    full_spent, full_order = marks
    count, spent = figures["purchases"], max(0, figures["spent"])
    last, asked = figures["last"], figures["asked"]
    age = max(0, (now - figures["since"]).total_seconds() / 86400)
    talk = min(1, math.log1p(figures["interactions"]) / math.log(51))
    recency = 0.5 ** (max(0, (now - last).total_seconds()) / 86400 / 30) if last else 0
    if asked:
        engagement = 0.3 * talk + 0.2 * figures["answered"] / asked + 0.5 * recency
    else:
        engagement = (0.3 * talk + 0.5 * recency) / 0.8
    average = spent / count if count else 0
    bought = (
        0.4 * min(1, math.log1p(count) / math.log(11))
        + 0.4 * min(1, math.log1p(spent * 100 / full_spent) / math.log(101))
        + 0.2 * min(1, math.log1p(average * 100 / full_order) / math.log(101))
    )
    complete = figures["basic"] / 6
    if custom_fields:
        complete = (complete + figures["custom"] / custom_fields) / 2
    loyal = 0.5 * min(1, age / 730) + 0.5 * min(1, max(0, count - 1) / 4)
    parts = (40 * engagement, 30 * bought, 20 * complete, 10 * loyal)
    return math.floor(round(sum(parts), 9) + 0.5), tuple(round(part) for part in parts)


# The least that PostgreSQL must do


def _bare_statement(full_spent, full_order, now, custom_fields):
    """Score, health and stage of everybody in one statement, with the weights fixed.

    Without the parts of the score, history and events, which the product keeps as well.
    """
    complete = SQL("f.basic_filled / 6.0::float8")
    if custom_fields:
        complete = SQL(
            "(f.basic_filled / 6.0::float8 + f.custom_filled::float8 / %s) / 2",
            custom_fields,
        )
    return SQL(
        """
        UPDATE mini_crm_profile pr SET crm_score = s.score, crm_health = s.health,
            journey_stage = s.stage
        FROM (
            SELECT r.id, r.score,
                CASE WHEN r.total_purchases = 0 AND r.total_interactions = 0 THEN NULL
                    WHEN r.score >= 80 THEN 'green' WHEN r.score >= 50 THEN 'yellow'
                    ELSE 'red' END AS health,
                CASE WHEN r.score >= 80 AND r.total_purchases >= 5
                        OR r.advocate OR r.referrals > 0 THEN 'advocacy'
                    WHEN r.total_purchases > 1 THEN 'retention'
                    WHEN r.total_purchases = 1 THEN 'purchase'
                    WHEN r.total_engagements > 0 THEN 'consideration'
                    ELSE 'awareness' END AS stage
            FROM (
                SELECT f.*, floor(round((%(points)s)::numeric, 9) + 0.5)::int AS score
                FROM (
                    SELECT *, asks_closed + coalesce((ask_open_at
                        <= %(now)s - interval '72 hours')::int, 0) AS asked
                    FROM mini_crm_profile OFFSET 0
                ) f OFFSET 0
            ) r
        ) s
        WHERE s.id = pr.id AND (pr.crm_score, pr.crm_health, pr.journey_stage)
            IS DISTINCT FROM (s.score, s.health, s.stage)
        """,
        points=SQL(
            _POINTS, now=now, spent=full_spent, order=full_order, complete=complete
        ),
        now=SQL("%s::timestamp", now),
    )


_POINTS = """
    40 * ((0.3 * least(1, ln(1 + f.total_interactions) / ln(51.0::float8))
            + 0.5 * coalesce(power(0.5::float8, least(1000, extract(epoch FROM
                %(now)s::timestamp - f.last_contacted_at)::float8 / 2592000)), 0))
            / CASE WHEN f.asked > 0 THEN 1 ELSE 0.8 END
        + 0.2 * coalesce(f.asks_answered::float8 / nullif(f.asked, 0), 0))
    + 30 * (0.4 * least(1, ln(1 + f.total_purchases) / ln(11.0::float8))
        + 0.4 * least(1, ln(1 + greatest(0, f.total_spent) * 100
            / %(spent)s::float8) / ln(101.0::float8))
        + 0.2 * least(1, ln(1 + greatest(0, f.average_order_value) * 100
            / %(order)s::float8) / ln(101.0::float8)))
    + 20 * (%(complete)s)
    + 10 * (0.5 * least(1, extract(epoch FROM
            %(now)s::timestamp - f.customer_since)::float8 / 63072000)
        + 0.5 * least(1, greatest(0, f.total_purchases - 1)::float8 / 4))"""
