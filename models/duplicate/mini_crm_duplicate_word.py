from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.duplicates import CROWD, Figures, slot_bits

KINDS = ("name", "city", "zip")  # texts that are counted
RARE = 3  # what fewer have is forgotten after a full run
CROWDED = 6  # blocks with more records are remembered
MILLI = 1000  # bits are stored as thousandths
NEW = "new "  # before the kinds that a full run still counts


class MiniCrmDuplicateWord(models.Model):
    """What is common in this shop: words of names, cities, postcodes; crowded blocks.

    Counted by a full run, and on by what changes after it. ``kind`` is one of
    ``KINDS``; ``total``: how many customers have any of that kind, or exist; ``slot``:
    what an agreement there weighs; ``crowd``: how many are in a block, by its key;
    after a change it is counted no further than ``CROWD`` + 1. A full run counts under
    ``NEW`` kinds beside them: until it has read everybody the old ones hold.
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
        condition = SQL("kind = ANY(%s)", [*KINDS, "total", "slot", "crowd"])
        if words is not None:
            condition = SQL(
                "(kind IN ('total', 'slot') OR (kind = ANY(%s) AND word = ANY(%s)))",
                list(KINDS),
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
        """Weigh the slots anew and count from nought: a full run begins.

        :param slots: names of the columns of dates and codes
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_duplicate_word
                WHERE kind = 'slot' OR kind LIKE %s""",
                f"{NEW}%",
            )
        )
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
    def _count(self, traits, before=""):
        """Add what some more customers have.

        :param traits: list of ``engine.duplicate_traits.Traits``
        :param str before: ``NEW`` in a full run
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
        self._add({(before + kind, word): n for (kind, word), n in counts.items()})

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
        """Everybody was read: what is common only takes the place of what was counted
        before, and the crowded blocks are found."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_duplicate_word
                WHERE kind = ANY(%s) OR (count < %s AND kind = ANY(%s))""",
                [*KINDS, "total", "crowd"],
                RARE,
                [NEW + kind for kind in KINDS],
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_duplicate_word SET kind = substr(kind, %s)
                WHERE kind LIKE %s""",
                len(NEW) + 1,
                f"{NEW}%",
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
    def _find_crowds(self, partner_ids):
        """Count the blocks of some customers, of each no more than tells a crowd.

        Without it a crowd that came after the last full run would be looked into.
        """
        traits = self.env["mini_crm.duplicate.trait"]
        traits._sort_in()
        with traits._by_index():
            self.env.cr.execute(
                SQL(
                    """WITH blocks AS MATERIALIZED (
                        SELECT DISTINCT k FROM mini_crm_duplicate_trait t,
                            unnest(t.keys) AS k
                        WHERE t.id = ANY(%(chosen)s) AND k NOT IN (%(crowded)s))
                    INSERT INTO mini_crm_duplicate_word AS have (kind, word, count)
                    SELECT 'crowd', k::varchar, size.n FROM blocks
                    CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
                        SELECT FROM mini_crm_duplicate_trait o
                        WHERE o.keys && ARRAY[k] LIMIT %(most)s) met) size
                    WHERE size.n > %(least)s ORDER BY k
                    ON CONFLICT (kind, word) DO UPDATE SET count = excluded.count
                    WHERE have.count <> excluded.count""",
                    chosen=list(partner_ids),
                    crowded=self._crowded(),
                    most=CROWD + 1,
                    least=CROWDED,
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
