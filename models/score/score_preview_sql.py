"""What other settings would make of all scores, by one SELECT that writes nothing."""

from odoo.tools import SQL

from ...engine.scoring import GREEN, YELLOW
from .score_sql import scored

EXAMPLES = 5
BARS = 10


def compared(now, before, after, condition):
    """SELECT how scores and health move from one setting to another.

    Both are computed for the same moment, so that only the settings differ. Customers
    without enough data have no band and are only counted.

    :param datetime now: UTC
    :param ScoreSettings before: the settings in use
    :param ScoreSettings after: those to be looked at
    :param SQL condition: on ``mini_crm_profile pr``
    :return: SELECT of one row: ``groups`` (jsonb: [{was, will: bar 0 to 9; was_band,
        will_band; n}]), ``examples`` (jsonb: [{id, was, will}], biggest change first),
        ``unknown`` (customers without enough data), ``moved`` (whose score changes)
    :rtype: SQL
    """
    return SQL(
        """WITH both_ways AS MATERIALIZED (
            SELECT w.id, w.score AS was, w.health AS was_band,
                t.score AS will, t.health AS will_band
            FROM (%(before)s) w JOIN (%(after)s) t ON t.id = w.id),
        known AS (SELECT * FROM both_ways WHERE was_band IS NOT NULL),
        grouped AS (
            SELECT least(was / 10, %(last)s) AS was, least(will / 10, %(last)s) AS will,
                was_band, will_band, count(*) AS n
            FROM known GROUP BY 1, 2, 3, 4),
        moving AS (
            SELECT id, was, will FROM known WHERE was <> will
            ORDER BY abs(will - was) DESC, id LIMIT %(examples)s)
        SELECT (SELECT jsonb_agg(g) FROM grouped g),
            (SELECT jsonb_agg(m ORDER BY abs(will - was) DESC, id) FROM moving m),
            (SELECT count(*) FROM both_ways WHERE was_band IS NULL),
            (SELECT count(*) FROM known WHERE was <> will)""",
        before=_figures(before, now, condition),
        after=_figures(after, now, condition),
        last=BARS - 1,
        examples=EXAMPLES,
    )


def _figures(settings, now, condition):
    """SELECT id, score and health by these settings."""
    return SQL(
        "SELECT s.id, s.score, s.health FROM (%s) s OFFSET 0",
        scored(settings, now, condition),
    )


def band_of_bar(bar):
    """Health of the scores of a bar: each band begins with a bar."""
    return "green" if bar * 10 >= GREEN else "yellow" if bar * 10 >= YELLOW else "red"
