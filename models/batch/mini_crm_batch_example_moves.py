from odoo import models
from odoo.tools import SQL

# The stages a customer has come to, with the moment: at the first answer, the first,
# the second and the fifth purchase. The last of them is the one he is in.
_MOVES = """WITH bought AS (
        SELECT partner_id, date, row_number() OVER (
            PARTITION BY partner_id ORDER BY date, id) AS n
        FROM mini_crm_purchase WHERE partner_id = ANY(%(ids)s) AND kind = 'purchase'),
    come AS (
        SELECT id AS partner_id, 'awareness' AS stage, customer_since AS date
        FROM mini_crm_profile WHERE id = ANY(%(ids)s)
        UNION ALL
        SELECT e.partner_id, 'consideration', min(e.date) FROM mini_crm_event e
        WHERE e.partner_id = ANY(%(ids)s) AND e.type = 'message_received'
            AND NOT EXISTS (SELECT FROM bought b
                WHERE b.partner_id = e.partner_id AND b.date <= e.date)
        GROUP BY 1
        UNION ALL
        SELECT b.partner_id, CASE n WHEN 1 THEN 'purchase' WHEN 2 THEN 'retention'
            ELSE 'advocacy' END, b.date
        FROM bought b JOIN mini_crm_profile pr ON pr.id = b.partner_id
        WHERE n IN (1, 2) OR n = 5 AND pr.journey_stage = 'advocacy'),
    moves AS (
        SELECT partner_id, lag(stage) OVER w AS from_stage, stage AS to_stage, date,
            lag(date) OVER w AS since
        FROM come
        WINDOW w AS (PARTITION BY partner_id ORDER BY date, stage <> 'awareness')),
    since AS (
        UPDATE mini_crm_profile pr SET stage_since = m.date
        FROM (SELECT partner_id, max(date) AS date FROM moves GROUP BY 1) m
        WHERE pr.id = m.partner_id)
    INSERT INTO mini_crm_journey_transition
        (partner_id, from_stage, to_stage, date, since)
    SELECT partner_id, from_stage, to_stage, date, since FROM moves
    WHERE from_stage IS NOT NULL"""


class MiniCrmBatch(models.Model):
    """How the customers of the example shop came to their stages."""

    _inherit = "mini_crm.batch"

    def _write_example_moves(self, ids):
        """Note the moves between stages that their history tells.

        Else the journey map would be empty until something happens.

        :param list[int] ids: of customers that were scored
        """
        self.env.cr.execute(SQL(_MOVES, ids=ids))
