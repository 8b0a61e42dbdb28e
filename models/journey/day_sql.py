"""Statements that write the daily figures of a company.

Sums over events and purchases are those of the company itself; customers are its own
and those of all companies.
"""

from typing import NamedTuple

from odoo.tools import SQL

from ...engine.journey import STAGES
from ..timeline.mini_crm_event import INTERACTIONS

BUCKETS = 10  # of scores: 0-9, 10-19, ..., 90-100
HEALTHS = ("green", "yellow", "red")
# Events that change figures of the day that they tell of.
LATE_TYPES = [*INTERACTIONS, "purchase_made", "purchase_refunded", "purchase_changed"]


class Days(NamedTuple):
    """Some days of a company in a row; moments are UTC."""

    company_id: int
    zone: str
    first: object  # date
    last: object  # date
    months: dict  # each day from the first's month on -> first day of its month
    month_start: object  # first moment of the first day's month
    start: object  # first moment of the first day
    end: object  # first moment after the last day

    def local(self, column):
        """A UTC column as the company's clock showed it."""
        return SQL("(%s AT TIME ZONE 'utc' AT TIME ZONE %s)", column, self.zone)


def write_days(days, scope, settled):
    """Statement that writes what the log, the ledger and customers say of days.

    Of days that are written once more customers stay as they were counted: some have
    been archived since.

    :param Days days: which
    :param SQL scope: the customers, a condition on ``mini_crm_profile``
    :param date settled: the first day whose customers are counted anew
    """
    return SQL(
        """WITH days AS (
            SELECT * FROM unnest(%(every)s::date[], %(months)s::date[])
                AS listed (day, month)
        ), %(born)s, %(acts)s, %(sales)s
        INSERT INTO mini_crm_journey_day (company_id, date, customers, new_customers,
            active_customers, active_this_month, messages_in, messages_out, purchases,
            revenue, activity_hours)
        SELECT %(company)s, day, customers, new_customers, active, active_in_month,
            messages_in, messages_out, purchases, revenue, hours
        FROM days JOIN born USING (day) JOIN talks USING (day) JOIN months USING (day)
            JOIN hours USING (day) JOIN sales USING (day)
        WHERE day >= %(first)s
        ON CONFLICT (company_id, date) DO UPDATE SET (customers, new_customers,
            active_customers, active_this_month, messages_in, messages_out, purchases,
            revenue, activity_hours) = ROW(
            CASE WHEN EXCLUDED.date < %(settled)s THEN mini_crm_journey_day.customers
                ELSE EXCLUDED.customers END,
            CASE WHEN EXCLUDED.date < %(settled)s
                THEN mini_crm_journey_day.new_customers
                ELSE EXCLUDED.new_customers END,
            EXCLUDED.active_customers, EXCLUDED.active_this_month,
            EXCLUDED.messages_in, EXCLUDED.messages_out, EXCLUDED.purchases,
            EXCLUDED.revenue, EXCLUDED.activity_hours)""",
        first=days.first,
        every=list(days.months),
        months=list(days.months.values()),
        settled=settled,
        company=days.company_id,
        born=_born(days, scope),
        acts=_acts(days),
        sales=_sales(days),
    )


def _born(days, scope):
    """``born``: customers at the end of each day, and how many became one on it."""
    return SQL(
        """made AS (
            SELECT greatest(%(since)s::date, %(first)s::date - 1) AS day, count(*) AS n
            FROM mini_crm_profile
            WHERE %(scope)s AND customer_since < %(end)s GROUP BY 1
        ), born AS (
            SELECT day, coalesce(n, 0) AS new_customers,
                coalesce((SELECT n FROM made WHERE day < %(first)s), 0)
                    + sum(coalesce(n, 0)) OVER (ORDER BY day) AS customers
            FROM (SELECT day FROM days WHERE day >= %(first)s) AS wanted
            LEFT JOIN made USING (day)
        )""",
        since=days.local(SQL("customer_since")),
        first=days.first,
        end=days.end,
        scope=scope,
    )


def _acts(days):
    """``talks``, ``months``, ``hours``: messages, calls and purchases, and of whom.

    Who was active in a month counts from the first day that he was: so the number of a
    month up to each day is a running sum, not a count of the month for each day.
    """
    return SQL(
        """acts AS MATERIALIZED (
            SELECT partner_id, interaction, %(local)s AS at FROM mini_crm_event
            WHERE type = ANY(%(types)s) AND date >= %(month)s AND date < %(end)s
                AND company_id = %(company)s AND interaction IS NOT NULL
                AND undone_by IS NULL
            UNION ALL
            SELECT partner_id, NULL, %(local)s FROM mini_crm_purchase
            WHERE company_id = %(company)s AND date >= %(month)s AND date < %(end)s
                AND kind = 'purchase'
        ), talks AS (
            SELECT day, count(DISTINCT partner_id) AS active,
                count(*) FILTER (WHERE interaction = 'in') AS messages_in,
                count(*) FILTER (WHERE interaction = 'out') AS messages_out
            FROM days LEFT JOIN acts ON acts.at::date = day GROUP BY 1
        ), firsts AS (
            SELECT day, count(*) AS n FROM (
                SELECT min(day) AS day FROM acts JOIN days ON acts.at::date = day
                GROUP BY partner_id, month) AS first GROUP BY 1
        ), months AS (
            SELECT day, sum(coalesce(n, 0)) OVER (
                PARTITION BY month ORDER BY day) AS active_in_month
            FROM days LEFT JOIN firsts USING (day)
        ), clock AS (
            SELECT at::date AS day, extract(hour FROM at)::int AS hour, count(*) AS n
            FROM acts WHERE at >= %(first)s GROUP BY 1, 2
        ), hours AS (
            SELECT day, jsonb_agg(coalesce(n, 0) ORDER BY hour) AS hours
            FROM (SELECT day, hour FROM days, generate_series(0, 23) AS hour
                WHERE day >= %(first)s) AS wanted
            LEFT JOIN clock USING (day, hour) GROUP BY 1
        )""",
        local=days.local(SQL("date")),
        types=list(INTERACTIONS),
        month=days.month_start,
        first=days.first,
        end=days.end,
        company=days.company_id,
    )


def _sales(days):
    """``sales``: purchases, and revenue net of refunds in the company's currency."""
    return SQL(
        """sold AS (
            SELECT %(local)s::date AS day, sum(amount_company) AS revenue,
                count(*) FILTER (WHERE kind = 'purchase') AS purchases
            FROM mini_crm_purchase
            WHERE company_id = %(company)s AND date >= %(start)s AND date < %(end)s
            GROUP BY 1
        ), sales AS (
            SELECT day, coalesce(revenue, 0) AS revenue,
                coalesce(purchases, 0) AS purchases
            FROM days LEFT JOIN sold USING (day)
        )""",
        local=days.local(SQL("date")),
        company=days.company_id,
        start=days.start,
        end=days.end,
    )


def first_change(company_id, event_id):
    """SELECT the first moment that events after one have changed; UTC or NULL.

    A purchase that was corrected changes the day that it had and the one it has.
    """
    return SQL(
        """SELECT min(CASE WHEN e.type = 'purchase_changed'
            THEN least(e.date, l.date, (e.data #>> '{date,0}')::timestamp,
                (e.data #>> '{date,1}')::timestamp)
            ELSE e.date END)
        FROM mini_crm_event e
        LEFT JOIN mini_crm_purchase l ON e.type = 'purchase_changed'
            AND e.res_model = 'mini_crm.purchase' AND l.id = e.res_id
        WHERE e.id > %s AND e.company_id = %s AND e.type = ANY(%s)""",
        event_id,
        company_id,
        LATE_TYPES,
    )


def forget_flows(company_ids, first):
    """Statement that drops the moves of customers of companies from a day on.

    :param list company_ids: None among them stands for customers of all companies
    :param date | None first: none: all of them
    """
    return SQL(
        "DELETE FROM mini_crm_journey_flow WHERE %s AND %s",
        of_companies(SQL("company_id"), company_ids),
        SQL("date >= %s", first) if first else SQL("TRUE"),
    )


def write_flows(days, company_ids, start):
    """Statement that counts moves of customers of companies by day.

    :param datetime | None start: UTC; none: since ever
    """
    return SQL(
        """INSERT INTO mini_crm_journey_flow
            (company_id, date, from_stage, to_stage, moves)
        SELECT pr.partner_company_id, %(local)s::date, t.from_stage, t.to_stage,
            count(*)
        FROM mini_crm_journey_transition t
        JOIN mini_crm_profile pr ON pr.id = t.partner_id
        WHERE %(mine)s AND %(since)s AND t.date < %(end)s AND t.from_stage IS NOT NULL
        GROUP BY 1, 2, 3, 4""",
        local=days.local(SQL("t.date")),
        mine=of_companies(SQL("pr.partner_company_id"), company_ids),
        since=SQL("t.date >= %s", start) if start else SQL("TRUE"),
        end=days.end,
    )


def of_companies(column, company_ids):
    """SQL condition: a column holds one of companies; None stands for no company."""
    known = [number for number in company_ids if number]
    either = SQL("%s = ANY(%s)", column, known)
    return SQL("(%s OR %s IS NULL)", either, column) if None in company_ids else either


def states(scope):
    """SELECT one row of what customers are now, as columns of the daily figures."""
    counts = [
        (f"stage_{stage}", SQL("journey_stage = %s", stage)) for stage in STAGES
    ] + [(f"health_{health}", SQL("crm_health = %s", health)) for health in HEALTHS]
    counts.append(("health_none", SQL("crm_health IS NULL")))
    return SQL(
        """SELECT %(counts)s, count(crm_score) AS scored,
            coalesce(avg(crm_score), 0)::float8 AS score_average,
            jsonb_build_array(%(buckets)s) AS score_buckets
        FROM mini_crm_profile WHERE %(scope)s""",
        counts=SQL(", ").join(
            SQL("count(*) FILTER (WHERE %s) AS %s", condition, SQL.identifier(name))
            for name, condition in counts
        ),
        buckets=SQL(", ").join(
            SQL(
                "count(*) FILTER (WHERE least(crm_score / %s, %s) = %s)",
                100 // BUCKETS,
                BUCKETS - 1,
                bucket,
            )
            for bucket in range(BUCKETS)
        ),
        scope=scope,
    )
