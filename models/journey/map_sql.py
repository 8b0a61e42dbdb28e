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


def silent(scope, limit):
    """SELECT stage, number of customers without a sign of life since a moment.

    Who became a customer after it is not silent, only new.

    :param datetime limit: UTC
    """
    return SQL(
        """SELECT journey_stage, count(*) FROM mini_crm_profile
        WHERE %(scope)s AND customer_since < %(limit)s
            AND (last_contacted_at IS NULL OR last_contacted_at < %(limit)s)
            AND (last_purchase_at IS NULL OR last_purchase_at < %(limit)s)
        GROUP BY 1""",
        scope=scope,
        limit=limit,
    )


def points(scope, start, now):
    """SELECT stage, age, came, left, moved: see ``engine.journey.Point``.

    Stays whose beginning nobody knows are left out. Days are the difference of dates:
    of intervals it would take four times as long.

    :param datetime | None start: UTC, from when stays are watched; none: since ever
    :param datetime now: UTC
    """
    return SQL(
        """WITH stays AS (
            SELECT journey_stage AS stage, stage_since::date AS since,
                %(today)s::date AS until, FALSE AS moved
            FROM mini_crm_profile WHERE %(scope)s AND stage_since <= %(now)s
            UNION ALL
            SELECT t.from_stage, t.since::date, t.date::date, TRUE
            FROM mini_crm_journey_transition t
            JOIN mini_crm_profile ON mini_crm_profile.id = t.partner_id
            WHERE %(since)s AND %(scope)s AND t.since <= t.date
        ), same AS (
            SELECT stage, %(came)s AS first_age, until - since AS last_age, moved,
                count(*) AS n
            FROM stays GROUP BY 1, 2, 3, 4
        )
        SELECT stage, age, sum(came)::int, sum(gone)::int, sum(moves)::int FROM (
            SELECT stage, first_age AS age, n AS came, 0 AS gone, 0 AS moves FROM same
            UNION ALL
            SELECT stage, last_age, 0, n, n * moved::int FROM same) AS point
        GROUP BY 1, 2""",
        scope=scope,
        since=_since(start),
        now=now,
        today=now.date(),
        came=SQL("greatest(0, %s::date - since)", start.date()) if start else SQL("0"),
    )
