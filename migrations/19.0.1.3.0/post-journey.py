"""Customers from before there was a journey map: since when they are in their stage."""


def migrate(cr, _version):
    """Fill what is known of the beginnings of stays.

    A stay begins with the move into its stage; the first one with the first dealing
    of its stage, which of loyal customers nobody can know.
    """
    cr.execute(
        """WITH moves AS (
            SELECT id, lag(date) OVER customer AS before,
                row_number() OVER customer AS n
            FROM mini_crm_journey_transition
            WINDOW customer AS (PARTITION BY partner_id ORDER BY date, id)
        )
        UPDATE mini_crm_journey_transition t
        SET since = CASE WHEN m.n > 1 THEN m.before
            WHEN t.from_stage = 'awareness' THEN pr.customer_since
            WHEN t.from_stage = 'consideration' THEN pr.first_interaction_at
            WHEN t.from_stage = 'purchase' THEN pr.first_purchase_at END
        FROM moves m, mini_crm_profile pr
        WHERE m.id = t.id AND pr.id = t.partner_id AND t.since IS NULL"""
    )
    cr.execute(
        """UPDATE mini_crm_profile pr SET stage_since = known.since
        FROM mini_crm_profile was LEFT JOIN (
            SELECT partner_id, max(date) AS date FROM mini_crm_journey_transition
            GROUP BY 1) AS moved ON moved.partner_id = was.id
        CROSS JOIN LATERAL (SELECT coalesce(moved.date,
            CASE was.journey_stage WHEN 'awareness' THEN was.customer_since
                WHEN 'consideration' THEN was.first_interaction_at
                WHEN 'purchase' THEN was.first_purchase_at END) AS since) AS known
        WHERE was.id = pr.id AND pr.stage_since IS NULL AND pr.crm_score IS NOT NULL
            AND known.since IS NOT NULL"""
    )
