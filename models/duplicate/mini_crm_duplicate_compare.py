from functools import lru_cache

from odoo import api, models
from odoo.tools import SQL

from ...engine.duplicate_traits import unpacked
from ...engine.duplicates import LEAST_SCORE, judge

FETCHED = 2_000  # candidates in memory at a time
CACHED = 20_000  # traits likewise


class MiniCrmDuplicate(models.Model):
    """Comparing: who shares a block is judged, and pairs are kept by difference."""

    _inherit = "mini_crm.duplicate"

    @api.model
    def _compare_range(self, first_id, last_id, figures):
        """Compare the customers of a range of ids with all who have a higher one.

        :param figures: ``engine.duplicates.Figures``
        :return: number of pairs that are alike
        :rtype: int
        """
        chosen = SQL("t.id BETWEEN %s AND %s", first_id, last_id)
        # + 0: by the index of blocks alone, not by that of ids as well
        found = self._alike(chosen, SQL("o.id + 0 > c.id"), figures)
        self._write_pairs(found)
        self._let_go(SQL("d.partner_id BETWEEN %s AND %s", first_id, last_id), found)
        return len(found)

    @api.model
    def _compare_customers(self, partner_ids, figures):
        """Compare some customers with everybody.

        :param list[int] partner_ids: some hundreds at most
        :return: number of pairs that are alike
        :rtype: int
        """
        chosen = SQL("t.id = ANY(%s)", list(partner_ids))
        found = self._alike(chosen, SQL("o.id <> c.id"), figures)
        self._write_pairs(found)
        self._let_go(
            SQL(
                "(d.partner_id = ANY(%(ids)s) OR d.other_id = ANY(%(ids)s))",
                ids=list(partner_ids),
            ),
            found,
        )
        return len(found)

    def _alike(self, chosen, others, figures):
        """Judge candidates as they stream in: {(id, other id): (company, Judgement)}.

        :param SQL chosen: condition on ``mini_crm_duplicate_trait t``
        :param SQL others: condition on the ids of ``c`` and ``o``
        """
        read = lru_cache(CACHED)(unpacked)
        found = {}
        with self.env["mini_crm.duplicate.trait"]._by_index():
            self.env.cr.execute(
                SQL(
                    "DECLARE mini_crm_candidates NO SCROLL CURSOR FOR %s",
                    self._candidates(chosen, others),
                )
            )
        while True:
            self.env.cr.execute(SQL("FETCH %s FROM mini_crm_candidates", FETCHED))
            rows = self.env.cr.fetchall()
            if not rows:
                break
            for one, other, company_id, traits, other_traits in rows:
                judgement = judge(read(traits), read(other_traits), figures)
                if judgement.score >= LEAST_SCORE:
                    pair = (one, other) if one < other else (other, one)
                    found[pair] = company_id, judgement
        self.env.cr.execute("CLOSE mini_crm_candidates")
        return found

    def _candidates(self, chosen, others):
        """SELECT (id, other id, company id, traits, traits) of who shares a block."""
        return SQL(
            """WITH crowded AS MATERIALIZED (%(crowded)s), c AS MATERIALIZED (
                SELECT t.id, t.company_id, t.traits, ARRAY(
                    SELECT k FROM unnest(t.keys) AS k
                    WHERE k NOT IN (SELECT word FROM crowded)) AS keys
                FROM mini_crm_duplicate_trait t WHERE %(chosen)s)
            SELECT c.id, o.id, coalesce(c.company_id, o.company_id), c.traits, o.traits
            FROM c CROSS JOIN LATERAL (
                SELECT o.id, o.company_id, o.traits FROM mini_crm_duplicate_trait o
                WHERE o.keys && c.keys AND %(others)s AND %(together)s OFFSET 0) o""",
            crowded=self.env["mini_crm.duplicate.word"]._crowded(),
            chosen=chosen,
            others=others,
            together=self._same_company("c", "o"),
        )

    def _write_pairs(self, found):
        """Write pairs where they differ; what people have decided stays."""
        if not found:
            return
        self.flush_model()
        rows = [
            (
                *pair,
                company_id,
                judgement.score,
                round(judgement.bits, 3),
                _told(judgement.reasons),
            )
            for pair, (company_id, judgement) in sorted(found.items())
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate AS have (partner_id, other_id,
                    company_id, score, bits, reasons, state)
                SELECT one, other, company_id, score, bits, reasons::jsonb, 'open'
                FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::float8[],
                    %s::text[]) AS r (one, other, company_id, score, bits, reasons)
                ON CONFLICT (partner_id, other_id) DO UPDATE SET
                    company_id = excluded.company_id, score = excluded.score,
                    bits = excluded.bits, reasons = excluded.reasons,
                    state = CASE WHEN have.state = 'gone' THEN 'open'
                        ELSE have.state END
                WHERE have.state = 'gone' OR (have.state = 'open' AND
                    (have.company_id, have.score, have.bits, have.reasons)
                    IS DISTINCT FROM (excluded.company_id, excluded.score,
                        excluded.bits, excluded.reasons))""",
                *columns,
            )
        )
        self.invalidate_model()

    def _let_go(self, condition, found):
        """Open pairs that are not found any more need no decision.

        :param SQL condition: on ``mini_crm_duplicate d``: the pairs that were compared
        """
        self.flush_model()
        ones = [one for one, _other in found]
        others = [other for _one, other in found]
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_duplicate d SET state = 'gone'
                WHERE d.state = 'open' AND %s AND NOT EXISTS (
                    SELECT FROM unnest(%s::int[], %s::int[]) AS f (one, other)
                    WHERE f.one = d.partner_id AND f.other = d.other_id)""",
                condition,
                ones,
                others,
            )
        )
        self.invalidate_model()


def _told(reasons):
    """Reasons as JSON text: lists of code, bits, and the slot if there is one."""
    parts = (
        f'["{r.code}", {r.bits:.2f}' + (f', "{r.slot}"]' if r.slot else "]")
        for r in reasons
    )
    return f"[{', '.join(parts)}]"
