from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.duplicates import CROWD, Figures, slot_bits

KINDS = ("name", "city", "zip")  # texts that are counted
RARE = 3  # what fewer have is forgotten after a full run
CROWDED = 6  # blocks with more records are remembered
MILLI = 1000  # bits are stored as thousandths


class MiniCrmDuplicateWord(models.Model):
    """What is common in this shop: words of names, cities, postcodes; crowded blocks.

    Counted by a full run. ``kind`` is one of ``KINDS``; ``total``: how many customers
    have any of that kind, or exist; ``slot``: what an agreement there weighs;
    ``crowd``: how many are in a block, by its key.
    """

    _name = "mini_crm.duplicate.word"
    _description = "What Is Common among Customers"
    _log_access = False
    _rec_name = "word"

    kind = fields.Char(required=True)
    word = fields.Char(required=True)
    count = fields.Integer(required=True)

    _word_uniq = models.UniqueIndex("(kind, word)")

    @api.model
    def _figures(self, words=None):
        """What is common, for the engine: ``Figures``.

        :param words: only these texts of names, cities and postcodes; default all
        """
        condition = SQL("TRUE")
        if words is not None:
            condition = SQL(
                "(kind IN ('total', 'slot') OR (kind <> 'crowd' AND word = ANY(%s)))",
                list(words),
            )
        found = {kind: {} for kind in (*KINDS, "total", "slot", "crowd")}
        for kind, word, count in self.env.execute_query(
            SQL(
                "SELECT kind, word, count FROM mini_crm_duplicate_word WHERE %s",
                condition,
            )
        ):
            found[kind][word] = count
        return Figures(
            customers=found["total"].get("customers", 0),
            words={kind: found[kind] for kind in KINDS},
            totals=found["total"],
            slots={slot: bits / MILLI for slot, bits in found["slot"].items()},
            crowds={int(key): count for key, count in found["crowd"].items()},
        )

    @api.model
    def _begin(self, slots):
        """Forget everything and weigh the slots anew: a full run begins.

        :param slots: names of the columns of dates and codes
        """
        self.env.cr.execute("DELETE FROM mini_crm_duplicate_word")
        counts = {}
        for slot in slots:
            bits = slot_bits(*self._agreements(slot))
            counts["slot", slot] = round(bits * MILLI)
        self._add(counts)

    def _agreements(self, slot):
        """How many pairs of customers have the same value in a column, how many any."""
        return self.env.execute_query(
            SQL(
                """SELECT coalesce(sum(n * (n - 1) / 2), 0)::bigint,
                    coalesce(sum(n), 0)::bigint
                FROM (SELECT count(*) AS n FROM res_partner p
                    JOIN mini_crm_profile pr ON pr.id = p.id
                    WHERE p.active AND p.%(slot)s IS NOT NULL GROUP BY p.%(slot)s) g""",
                slot=SQL.identifier(slot),
            )
        )[0]

    @api.model
    def _count(self, traits):
        """Add what some more customers have.

        :param traits: list of ``engine.duplicate_traits.Traits``
        """
        counts = Counter()
        for one in traits:
            counts.update(("name", word) for word in set(one.words))
            for kind, word in (("city", one.city), ("zip", one.zip)):
                if word:
                    counts[kind, word] += 1
                    counts["total", kind] += 1
            if one.words:
                counts["total", "name"] += 1
        counts["total", "customers"] += len(traits)
        self._add(counts)

    def _add(self, counts):
        """Add counts by (kind, word), always in the same order: no deadlock."""
        rows = sorted((*key, count) for key, count in counts.items() if count)
        if not rows:
            return
        kinds, words, numbers = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate_word AS have (kind, word, count)
                SELECT * FROM unnest(%s::varchar[], %s::varchar[], %s::int[])
                ON CONFLICT (kind, word) DO UPDATE
                SET count = have.count + excluded.count
                """,
                kinds,
                words,
                numbers,
            )
        )

    @api.model
    def _counted(self):
        """Everybody was read: keep what is common only, and find the crowded blocks."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_duplicate_word
                WHERE count < %s AND kind = ANY(%s)""",
                RARE,
                list(KINDS),
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate_word (kind, word, count)
                SELECT 'crowd', k::varchar, count(*)
                FROM mini_crm_duplicate_trait t, unnest(t.keys) AS k
                GROUP BY k HAVING count(*) > %s
                ON CONFLICT (kind, word) DO UPDATE SET count = excluded.count""",
                CROWDED,
            )
        )

    @api.model
    def _crowded(self):
        """SQL: keys of the blocks with so many that being in one says nothing."""
        return SQL(
            """SELECT word::int FROM mini_crm_duplicate_word
            WHERE kind = 'crowd' AND count > %s""",
            CROWD,
        )
