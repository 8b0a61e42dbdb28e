"""The journey map and the daily figures, against bare SQL over moves and profiles.

Bare SQL reads every move and every profile, as a program without daily figures would.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened, say
from .measure import Figure, at_most_cost, in_turns

ROUNDS = 9
MAP_LIMIT, DAY_LIMIT = 0.300, 2.0  # seconds at 200,000 customers
MAP_GOAL = at_most_cost(3)  # of reading every move and every profile once
TABLES = (
    "mini_crm_profile",
    "mini_crm_journey_transition",
    "mini_crm_journey_flow",
    "mini_crm_event",
    "mini_crm_purchase",
    "mini_crm_customer_count",
)


def run(databases, customers):
    """Measure the map and the daily run: list of Figure."""
    db = databases.seeded(customers)
    with opened(db) as env:
        moves = _invent_moves(env)
        env["mini_crm.customer.count"]._cron_compact()
        env.cr.commit()
    say(f"  {moves:,} moves between stages")
    tidy(db, *TABLES)
    with opened(db) as env:
        figures = _days(env, customers)
    tidy(db, *TABLES)
    with opened(db) as env:
        figures += [_map(env, customers, "90"), _map(env, customers, "all")]
        if not env["mini_crm.journey"].get_map()["filters"]["sources"]:
            return figures
        [[source]] = env.execute_query(
            SQL(
                """SELECT source_id FROM res_partner WHERE source_id IS NOT NULL
                GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"""
            )
        )
        return [*figures, _map(env, customers, "90", source_id=source)]


def _map(env, customers, period, **filters):
    """The map of a period."""
    journey = env["mini_crm.journey"]

    def ours(_number):
        env.invalidate_all()
        if not journey.get_map(period, **filters)["moves"]:
            raise BenchError("The map knows of no moves.")

    bare = SQL(
        """SELECT 'moves', from_stage, to_stage, count(*)
        FROM mini_crm_journey_transition WHERE date >= %(start)s GROUP BY 2, 3
        UNION ALL
        SELECT 'now', journey_stage, NULL, count(*) FROM mini_crm_profile
        GROUP BY 2
        UNION ALL
        SELECT 'open', journey_stage, (now()::date - stage_since::date)::text,
            count(*) FROM mini_crm_profile GROUP BY 2, 3
        UNION ALL
        SELECT 'stay', from_stage, (date::date - since::date)::text, count(*)
        FROM mini_crm_journey_transition WHERE date >= %(start)s GROUP BY 2, 3""",
        start=journey._period_start(period, fields.Datetime.now())
        or fields.Datetime.to_datetime("1970-01-01"),
    )
    times = in_turns(
        {"ours": ours, "bare": lambda _n: len(env.execute_query(bare))}, ROUNDS
    )
    told = f"journey map, {period}{', one source' if filters else ''}"
    return Figure(
        f"{told}, {customers:,} customers", times["ours"], limit=MAP_LIMIT
    ).against("bare SQL, moves and stays", times["bare"], MAP_GOAL)


def _days(env, customers):
    """The first daily run, with all days before it, and an ordinary one."""
    days, company = env["mini_crm.journey.day"], env.company
    now = fields.Datetime.now()
    for table in ("mini_crm_journey_day", "mini_crm_journey_flow"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    first = in_turns(
        {"ours": lambda _n: days._write_days(company, now - timedelta(days=1))}, 1
    )
    env.cr.commit()

    def ordinary(_number):
        if not days._write_days(company, now):
            raise BenchError("The daily run has written no day.")

    def undo():
        env.cr.rollback()
        env.invalidate_all()

    daily = in_turns({"ours": ordinary}, 3, before=undo)
    env.cr.commit()
    return [
        Figure(f"first daily run, 400 days, {customers:,} customers", first["ours"]),
        Figure(f"daily run, {customers:,} customers", daily["ours"], limit=DAY_LIMIT),
    ]


def _invent_moves(env):
    """Give customers the moves that have led them to their stage: how many there are.

    One move for each stage on the way, evenly spread over the life of the customer;
    every tenth has been back for a while.
    """
    env.flush_all()
    env.cr.execute(
        """WITH stages (place, stage) AS (VALUES (0, 'awareness'),
            (1, 'consideration'), (2, 'purchase'), (3, 'retention'), (4, 'advocacy')),
        life AS (
            SELECT pr.id, s.place, pr.customer_since AS born,
                ((now() AT TIME ZONE 'utc') - pr.customer_since) / (s.place + 1) AS step
            FROM mini_crm_profile pr JOIN stages s ON s.stage = pr.journey_stage
            WHERE NOT EXISTS (SELECT FROM mini_crm_journey_transition t
                WHERE t.partner_id = pr.id)
        )
        INSERT INTO mini_crm_journey_transition
            (partner_id, from_stage, to_stage, since, date)
        SELECT l.id, a.stage, b.stage, l.born + l.step * (b.place - 1),
            l.born + l.step * b.place
        FROM life l JOIN stages b ON b.place BETWEEN 1 AND l.place
        JOIN stages a ON a.place = b.place - 1
        UNION ALL
        SELECT l.id, a.stage, b.stage, l.born + l.step * (l.place + n / 3.0 - 0.3),
            l.born + l.step * (l.place + n / 3.0)
        FROM life l CROSS JOIN (VALUES (1), (2)) AS back(n)
        JOIN stages a ON a.place = l.place - (n - 1)
        JOIN stages b ON b.place = l.place - (2 - n)
        WHERE l.place > 0 AND l.id % 10 = 0"""
    )
    env.cr.execute(
        """UPDATE mini_crm_profile pr SET stage_since = moved.date FROM (
            SELECT partner_id, max(date) AS date FROM mini_crm_journey_transition
            GROUP BY 1) AS moved WHERE moved.partner_id = pr.id"""
    )
    env.cr.execute("SELECT count(*) FROM mini_crm_journey_transition")
    return env.cr.fetchone()[0]
