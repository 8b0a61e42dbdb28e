"""The score of any number of customers as one SELECT.

The formula is in docs/architecture.md, "The score". Everything comes from the counters
in ``mini_crm_profile``; time is a parameter.
``engine/scoring.py`` says the same for one customer and lends its constants.
"""

from typing import NamedTuple

from odoo.tools import SQL

from ...engine.scoring import (
    ASK_HOURS,
    BASIC_DETAILS,
    FACTORS,
    GREEN,
    HYSTERESIS,
    NOTEWORTHY,
    UNITS,
    YELLOW,
)

NANO = 10**9  # points are rounded to 9 decimals: counted in billionths from there on
MAX_HALVINGS = 1000  # PostgreSQL refuses powers too small for a float8


class ScoreSettings(NamedTuple):
    """What the score needs besides the counters."""

    weights: dict  # as engine.scoring.normal() gives them
    custom_fields: int  # definitions in use that can be filled
    full_marks: dict  # company id -> (S, A)
    first_company_id: int  # whose settings hold for customers without a company
    advocacy_score: int
    advocacy_purchases: int
    full_counts: dict  # as engine.scoring.FULL_COUNTS
    half_life: float  # days


def scored(settings, now, condition=None, *, quiet=False):
    """SELECT the new figures of customers beside their old ones.

    :param ScoreSettings settings: what earns full marks
    :param datetime now: UTC
    :param SQL | None condition: on ``mini_crm_profile pr``; none: everybody
    :param bool quiet: moves of the score are not worth an event
    :return: SELECT of id; score, parts (jsonb), response_rate, health, stage,
        new_score_logged, new_health_logged; log_score, log_health, log_stage (whether
        such an event is due); points (the parts as a history keeps them); and, as they
        were, crm_score, score_parts, crm_health, journey_stage, stage_since,
        score_logged, health_logged
    :rtype: SQL
    """
    facts = _facts(settings, now, condition or SQL("TRUE"))
    shares = _shares(_points(settings, facts))
    return _logged(_results(settings, now, shares), quiet)


# Every step is a subquery with OFFSET 0: otherwise the planner would pull it up and
# compute the same expression again wherever the next step names it.


def _facts(settings, now, condition):
    """Counters, ages in days, S and A of each customer."""
    spent, order, join = _full_marks(settings)
    return SQL(
        """SELECT pr.id, pr.crm_score, pr.score_parts, pr.crm_health,
            pr.journey_stage, pr.stage_since, pr.journey_hold_until,
            pr.score_logged, pr.health_logged, pr.total_interactions,
            pr.total_engagements, pr.total_purchases,
            pr.advocate, pr.referrals, pr.total_spent, pr.average_order_value,
            pr.basic_filled, pr.custom_filled, pr.asks_answered,
            pr.asks_closed + coalesce((pr.ask_open_at
                <= %(now)s - make_interval(hours => %(ask_hours)s))::int, 0) AS asked,
            %(contact_age)s AS contact_age, %(customer_age)s AS customer_age,
            %(spent)s AS full_spent, %(order)s AS full_order
        FROM mini_crm_profile pr %(join)s
        WHERE %(condition)s OFFSET 0""",
        now=SQL("%s::timestamp", now),
        ask_hours=ASK_HOURS,
        contact_age=_days_since(SQL("pr.last_contacted_at"), now),
        customer_age=_days_since(SQL("pr.customer_since"), now),
        spent=spent,
        order=order,
        join=join,
        condition=condition,
    )


def _full_marks(settings):
    """S, A, and the join that they need: none while all companies have the same."""
    marks = set(settings.full_marks.values())
    if len(marks) == 1:
        spent, order = marks.pop()
        return SQL("%s::float8", spent), SQL("%s::float8", order), SQL()
    rows = SQL(", ").join(
        SQL("(%s, %s::float8, %s::float8)", company_id, *pair)
        for company_id, pair in settings.full_marks.items()
    )
    join = SQL(
        """JOIN res_partner p ON p.id = pr.id
        JOIN (VALUES %s) AS mark(company_id, spent, average)
            ON mark.company_id = coalesce(p.company_id, %s)""",
        rows,
        settings.first_company_id,
    )
    return SQL("mark.spent"), SQL("mark.average"), join


def _days_since(moment, now):
    """Days from a timestamp to ``now``, never below 0; NULL when there is none."""
    # greatest() alone would make 0 of NULL
    return SQL(
        """CASE WHEN %(moment)s IS NOT NULL THEN greatest(
            extract(epoch FROM %(now)s::timestamp - %(moment)s)::float8 / 86400, 0)
        END""",
        now=now,
        moment=moment,
    )


def _points(settings, facts):
    """Points of the four factors (float8), each under the factor's name."""
    values = _part_values(settings)
    columns = []
    for factor in FACTORS:
        points = _factor_points(settings.weights, factor, values)
        if factor == "engagement":
            # No ask yet: the weight of the response rate goes to its sisters.
            known = {k: v for k, v in values.items() if k != "engagement.response"}
            points = SQL(
                "CASE WHEN f.asked > 0 THEN %s ELSE %s END",
                points,
                _factor_points(settings.weights, factor, known),
            )
        columns.append(SQL("%s AS %s", points, SQL.identifier(factor)))
    return SQL("SELECT f.*, %s FROM (%s) f OFFSET 0", SQL(", ").join(columns), facts)


def _factor_points(weights, factor, values):
    """Points of a factor from those of its parts that have a value."""
    keys = [f"{factor}.{name}" for name in FACTORS[factor]]
    keys = [key for key in keys if key in values]
    total = sum(weights[key] for key in keys)
    if not total:
        return SQL("0::float8")
    return SQL(" + ").join(
        SQL(
            "%s::float8 * %s", 100 * weights[factor] * weights[key] / total, values[key]
        )
        for key in keys
    )


def _part_values(settings):
    """Value 0..1 of each part over the row ``f``; those with a value: {key: SQL}."""
    full = settings.full_counts
    values = {
        "engagement.interactions": _grown(
            SQL("f.total_interactions"), full["engagement.interactions"]
        ),
        "engagement.response": SQL("(f.asks_answered::float8 / f.asked)"),
        "engagement.recency": SQL(
            """CASE WHEN f.contact_age IS NULL THEN 0
                ELSE power(0.5::float8, least(f.contact_age / %s, %s)) END""",
            settings.half_life,
            MAX_HALVINGS,
        ),
        "purchases.count": _grown(SQL("f.total_purchases"), full["purchases.count"]),
        "purchases.spent": _grown(
            SQL("greatest(f.total_spent, 0) * %s / f.full_spent", UNITS), UNITS
        ),
        "purchases.average": _grown(
            SQL("greatest(f.average_order_value, 0) * %s / f.full_order", UNITS), UNITS
        ),
        "completeness.basic": SQL("f.basic_filled::float8 / %s", len(BASIC_DETAILS)),
        "loyalty.since": SQL(
            "least(1, coalesce(f.customer_age, 0) / %s)", full["loyalty.since"]
        ),
        "loyalty.repeat": SQL(
            "least(1, greatest(f.total_purchases - 1, 0)::float8 / %s)",
            full["loyalty.repeat"],
        ),
    }
    if settings.custom_fields:
        values["completeness.custom"] = SQL(
            "least(1, f.custom_filled::float8 / %s)", settings.custom_fields
        )
    return values


def _grown(value, full):
    """Logarithmic growth from 0 to 1, which ``full`` earns."""
    return SQL("least(1, ln(1 + (%s)::float8) / ln(%s::float8))", value, 1 + full)


def _shares(points):
    """Score, and whole points of the factors that add up to it (largest remainder).

    Points are rounded to 9 decimals and then counted in billionths (bigint): their sum
    as numeric, as the definition wants it; those of the factors, of which only the
    order of the remainders matters, by the cast, which takes a fifth of the time.
    """
    nano = {
        factor: SQL(
            "(%s * %s)::bigint AS %s",
            SQL.identifier("x", factor),
            NANO,
            SQL.identifier(factor),
        )
        for factor in FACTORS
    }
    total = SQL(" + ").join(SQL.identifier("x", factor) for factor in FACTORS)
    counted = SQL(
        """SELECT x.id, x.crm_score, x.score_parts, x.crm_health, x.journey_stage,
            x.stage_since, x.journey_hold_until, x.score_logged, x.health_logged,
            x.total_interactions, x.total_engagements, x.total_purchases,
            x.advocate, x.referrals, x.asks_answered, x.asked,
            %(nano)s, (round((%(total)s)::numeric * %(unit)s)::bigint + %(half)s)
                / %(unit)s AS score
        FROM (%(points)s) x OFFSET 0""",
        nano=SQL(", ").join(nano.values()),
        total=total,
        unit=NANO,
        half=NANO // 2,
        points=points,
    )
    floors = SQL(" - ").join(
        SQL("%s / %s", SQL.identifier("n", factor), NANO) for factor in FACTORS
    )
    return SQL(
        "SELECT n.*, n.score - %s AS remaining FROM (%s) n OFFSET 0", floors, counted
    )


def _results(settings, now, shares):
    """Score, parts, response rate, health and stage of each customer."""
    whole = {factor: SQL.identifier("r", f"{factor}_points") for factor in FACTORS}
    return SQL(
        """SELECT r.id, r.crm_score, r.score_parts, r.crm_health, r.journey_stage,
            r.stage_since, r.score_logged, r.health_logged,
            r.score::int AS score, jsonb_build_object(%(parts)s) AS parts,
            concat_ws(' ', %(points)s) AS points,
            CASE WHEN r.asked > 0 THEN r.asks_answered::float8 / r.asked ELSE 0 END
                AS response_rate,
            CASE WHEN r.total_interactions = 0 AND r.total_purchases = 0 THEN NULL
                WHEN r.score >= %(green)s THEN 'green'
                WHEN r.score >= %(yellow)s THEN 'yellow'
                ELSE 'red' END AS health,
            CASE WHEN r.journey_hold_until >= %(today)s::date THEN r.journey_stage
                WHEN r.score >= %(advocacy_score)s
                    AND r.total_purchases >= %(advocacy_purchases)s
                    OR r.advocate OR r.referrals > 0 THEN 'advocacy'
                WHEN r.total_purchases > 1 THEN 'retention'
                WHEN r.total_purchases = 1 THEN 'purchase'
                WHEN r.total_engagements > 0 THEN 'consideration'
                ELSE 'awareness' END AS stage
        FROM (SELECT r.*, %(whole)s FROM (%(shares)s) r OFFSET 0) r OFFSET 0""",
        parts=SQL(", ").join(SQL("%s::text, %s", *item) for item in whole.items()),
        points=SQL(", ").join(whole.values()),
        whole=SQL(", ").join(
            SQL("%s AS %s", _whole_points(factor), SQL.identifier(f"{factor}_points"))
            for factor in FACTORS
        ),
        green=GREEN,
        yellow=YELLOW,
        today=now,
        advocacy_score=settings.advocacy_score,
        advocacy_purchases=settings.advocacy_purchases,
        shares=shares,
    )


def _whole_points(factor):
    """Whole points of a factor: rounded down, plus one if its remainder is among the
    largest; of equal remainders the factor that stands first in ``FACTORS`` wins."""
    order = list(FACTORS)
    mine = SQL("%s %% %s", SQL.identifier("r", factor), NANO)
    before = SQL(" + ").join(
        SQL(
            "((%s %% %s) %s (%s))::int",
            SQL.identifier("r", other),
            NANO,
            SQL(">=" if order.index(other) < order.index(factor) else ">"),
            mine,
        )
        for other in order
        if other != factor
    )
    return SQL(
        "%s / %s + (%s < r.remaining)::int", SQL.identifier("r", factor), NANO, before
    )


def _logged(results, quiet):
    """Which events are due, and what to remember as logged.

    The first scoring of a customer logs nothing. The border of a health band has to be
    passed by ``HYSTERESIS`` points before health_changed is logged.
    """
    noteworthy = SQL(
        """s.score_logged IS NOT NULL AND (s.crm_health IS DISTINCT FROM s.health
            OR abs(s.score - s.score_logged) >= %s)""",
        NOTEWORTHY,
    )
    crossed = SQL(
        """coalesce(s.health <> s.health_logged AND CASE s.health_logged
            WHEN 'green' THEN s.score <= %s
            WHEN 'yellow' THEN s.score >= %s OR s.score <= %s
            ELSE s.score >= %s END, FALSE)""",
        GREEN - HYSTERESIS,
        GREEN + HYSTERESIS,
        YELLOW - HYSTERESIS,
        YELLOW + HYSTERESIS,
    )
    return SQL(
        """SELECT d.*,
            CASE WHEN d.log_score OR d.score_logged IS NULL
                THEN d.score ELSE d.score_logged END AS new_score_logged,
            CASE WHEN d.log_health OR d.health_logged IS NULL OR d.health IS NULL
                THEN d.health ELSE d.health_logged END AS new_health_logged
        FROM (SELECT s.*, %(noteworthy)s AS log_score, %(crossed)s AS log_health,
                s.score_logged IS NOT NULL AND s.stage <> s.journey_stage AS log_stage
            FROM (%(results)s) s) d""",
        noteworthy=SQL("FALSE") if quiet else noteworthy,
        crossed=crossed,
        results=results,
    )
