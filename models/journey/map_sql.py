"""Statements behind the journey map.

A *scope* is an SQL condition on ``mini_crm_profile``: the customers that are meant.
"""

from odoo.tools import SQL


def moves(scope, start):
    """SELECT from_stage, to_stage, number of moves since a moment.

    :param SQL scope: whose moves
    :param datetime | None start: UTC; none: since ever
    """
    return SQL(
        """SELECT t.from_stage, t.to_stage, count(*)
        FROM mini_crm_journey_transition t
        JOIN mini_crm_profile ON mini_crm_profile.id = t.partner_id
        WHERE %s AND %s GROUP BY 1, 2""",
        _since(start),
        scope,
    )


def _since(start):
    return SQL("t.date >= %s", start) if start else SQL("TRUE")


def kept_moves(company_ids, shared, day):
    """SELECT from_stage, to_stage, number of moves as the daily figures hold them.

    :param list[int] company_ids: of the customers
    :param bool shared: those without a company as well
    :param date | None day: the first day; none: since ever
    """
    return SQL(
        """SELECT from_stage, to_stage, sum(moves)::bigint FROM mini_crm_journey_flow
        WHERE (company_id = ANY(%s) OR %s) AND %s GROUP BY 1, 2""",
        list(company_ids),
        SQL("company_id IS NULL") if shared else SQL("FALSE"),
        SQL("date >= %s", day) if day else SQL("TRUE"),
    )


def new_moves(ends, start):
    """SELECT from_stage, to_stage, number of moves that the daily figures lack.

    :param list ends: of (company id or None, UTC moment up to which the daily figures
        of its customers go)
    :param datetime | None start: UTC, not before
    """
    companies = SQL(", ").join(
        SQL("(%s::int, %s::timestamp)", company_id, max(end, start or end))
        for company_id, end in ends
    )
    return SQL(
        """SELECT t.from_stage, t.to_stage, count(*)
        FROM mini_crm_journey_transition t
        JOIN mini_crm_profile ON mini_crm_profile.id = t.partner_id
        JOIN (VALUES %s) AS kept(company_id, until)
            ON kept.company_id IS NOT DISTINCT FROM mini_crm_profile.partner_company_id
            AND t.date >= kept.until
        WHERE t.date >= %s GROUP BY 1, 2""",
        companies,
        min(max(end, start or end) for _company, end in ends),
    )


def silent(scope, limits):
    """SELECT stage, and for each moment how many gave no sign of life since.

    Who became a customer after it is not silent, only new.

    :param list[datetime] limits: UTC
    """
    counts = SQL(", ").join(
        SQL(
            """count(*) FILTER (WHERE customer_since < %(limit)s
                AND (last_contacted_at IS NULL OR last_contacted_at < %(limit)s)
                AND (last_purchase_at IS NULL OR last_purchase_at < %(limit)s))""",
            limit=limit,
        )
        for limit in limits
    )
    return SQL(
        "SELECT journey_stage, %s FROM mini_crm_profile WHERE %s GROUP BY 1",
        counts,
        scope,
    )


def stays(scope, starts, now):
    """SELECT kind, stage, period, days, number: see ``engine.journey.Stays``.

    Stays whose beginning nobody knows are left out. Days are the difference of dates:
    of intervals it would take four times as long.

    :param list starts: UTC moments at which periods begin, the latest first; None at
        the end: since ever
    :param datetime now: UTC
    """
    period = SQL(" ").join(
        SQL("WHEN t.date >= %s THEN %s", start, place)
        for place, start in enumerate(starts)
        if start
    )
    return SQL(
        """SELECT 'open', journey_stage, 0, %(today)s::date - stage_since::date,
            count(*)
        FROM mini_crm_profile WHERE %(scope)s AND stage_since <= %(now)s GROUP BY 2, 4
        UNION ALL
        SELECT CASE WHEN grouping(age) = 0 THEN 'began' ELSE 'ended' END, stage,
            period, coalesce(age, length), count(*)
        FROM (
            SELECT t.from_stage AS stage, %(period)s AS period,
                %(today)s::date - t.since::date AS age,
                t.date::date - t.since::date AS length
            FROM mini_crm_journey_transition t
            JOIN mini_crm_profile ON mini_crm_profile.id = t.partner_id
            WHERE %(since)s AND %(scope)s AND t.since <= t.date) AS closed
        GROUP BY GROUPING SETS ((stage, period, age), (stage, period, length))""",
        scope=scope,
        since=_since(starts[-1]),
        now=now,
        today=now.date(),
        period=SQL("CASE %s ELSE %s END", period, len(starts) - 1)
        if starts[0]
        else SQL("0"),
    )
