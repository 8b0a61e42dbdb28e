from contextlib import nullcontext

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import search
from ...engine.text import match_key
from . import search_sql
from .bulk_indexes import indexes_afterwards

MANY = 10_000  # new rows from which it pays to build the indexes afterwards
RANGE = 100_000  # ids filled by one statement
NAMED = 1_000  # so many hits are looked up by their ids
# Sample of the planner, in 300 rows: it must know how often a needle is found.
STATISTICS = 500


class MiniCrmSearch(models.Model):
    """What the search box looks into: one narrow row per contact, with his id.

    Every contact has a row, customer or not, archived or not: one that becomes a
    customer is found at once, and pickers find everybody. Nobody reads this table but
    the search itself, which returns contacts under their own rules.
    """

    _name = "mini_crm.search"
    _description = "Search Row of a Contact"
    _log_access = False
    _rec_name = "id"

    # see engine/search.py
    haystack = fields.Text("Searched Text", required=True)
    sort_key = fields.Char(required=True)

    _haystack_idx = models.Index(
        lambda registry: (
            "USING gin (haystack gin_trgm_ops)" if registry.has_trigram else ""
        )
    )
    _sort_idx = models.Index('(sort_key COLLATE "C", id)')

    def init(self):  # pylint: disable=missing-return
        super().init()
        # The id is the contact's: declared by hand, as the ORM has no such field.
        self.env.cr.execute(
            SQL(
                """ALTER TABLE mini_crm_search
                    ALTER COLUMN haystack SET STATISTICS %s,
                    DROP CONSTRAINT IF EXISTS mini_crm_search_partner_fkey,
                    ADD CONSTRAINT mini_crm_search_partner_fkey
                    FOREIGN KEY (id) REFERENCES res_partner (id) ON DELETE CASCADE""",
                STATISTICS,
            )
        )

    # Making rows

    @api.model
    def _fill(self):
        """Make the rows of all contacts that have none: a few statements.

        On install and upgrade. No row of ``res_partner`` is written.
        """
        self.env["res.partner"].flush_model(search_sql.SOURCES)
        self.env.cr.execute(
            """SELECT (SELECT count(*) FROM res_partner),
                (SELECT count(*) FROM mini_crm_search)"""
        )
        contacts, filled = self.env.cr.fetchone()
        anew = contacts - filled >= max(MANY, filled)
        with indexes_afterwards(self) if anew else nullcontext():
            self._make_all_missing()
        self.env.cr.execute("ANALYZE mini_crm_search")

    def _make_all_missing(self):
        """Make the rows that are missing, range by range of ids."""
        self.env.cr.execute("SELECT coalesce(max(id), 0) FROM res_partner")
        for first in range(0, self.env.cr.fetchone()[0] + 1, RANGE):
            self._make(
                SQL(
                    """p.id >= %s AND p.id < %s AND NOT EXISTS (
                        SELECT FROM mini_crm_search have WHERE have.id = p.id)""",
                    first,
                    first + RANGE,
                )
            )

    @api.model
    def _make(self, condition):
        """Make the rows of some contacts, or make them anew.

        :param SQL condition: on ``res_partner p``, whose columns are flushed
        """
        name, email = SQL("f.folded_name"), SQL("f.folded_email")
        ref = SQL("f.folded_ref")
        self.env.cr.execute(
            SQL(
                """WITH folded AS (
                    SELECT r.*, %(fold_name)s AS folded_name,
                        %(fold_email)s AS folded_email, %(fold_ref)s AS folded_ref
                    FROM (%(rows)s) r
                ), checked AS MATERIALIZED (
                    SELECT f.*, %(folds)s AS everyday FROM folded f
                ), made AS (%(insert)s)
                SELECT id, name, email, ref, phones FROM checked WHERE NOT everyday""",
                fold_name=search_sql.fold(SQL("r.name")),
                fold_email=search_sql.fold(SQL("r.email")),
                fold_ref=search_sql.fold(SQL("r.ref")),
                rows=search_sql.rows(condition),
                folds=search_sql.folds(
                    SQL("(f.name || f.email || f.ref)"),
                    SQL("(f.folded_name || f.folded_email || f.folded_ref)"),
                ),
                insert=_upsert(
                    SQL(
                        """SELECT f.id, concat_ws(' ', '', nullif(%s, ''),
                            nullif(%s, ''), nullif(f.phones, ''), nullif(%s, '')), %s
                        FROM checked f WHERE f.everyday""",
                        name,
                        email,
                        ref,
                        search_sql.sort_key(name),
                    )
                ),
            )
        )
        rows = self.env.cr.fetchall()
        if rows:
            self._make_in_python(rows)

    def _make_in_python(self, rows):
        """Make rows with a letter that SQL does not fold as Python does.

        :param list rows: (id, name, email, ref, phones)
        """
        ids, haystacks, sort_keys = [], [], []
        for partner_id, name, email, ref, phones in rows:
            folded = match_key(name)
            parts = (folded, match_key(email), phones, match_key(ref))
            ids.append(partner_id)
            haystacks.append(" ".join(["", *filter(None, parts)]))
            sort_keys.append(search.sort_key(folded))
        self.env.cr.execute(
            _upsert(
                SQL(
                    "SELECT * FROM unnest(%s::int[], %s::text[], %s::text[])",
                    ids,
                    haystacks,
                    sort_keys,
                )
            )
        )

    @api.model
    def _add_missing(self, customers):
        """Make the rows of customers that have none: those that an import made.

        An import leaves this to the worker, which scores its customers as well: for
        5,000 the index alone takes a tenth of the time of their import.

        :param SQL customers: relation with a column ``partner_id``
        """
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT c.partner_id FROM %s c WHERE NOT EXISTS (
                    SELECT FROM mini_crm_search s WHERE s.id = c.partner_id)""",
                customers,
            )
        )
        missing = [row[0] for row in self.env.cr.fetchall()]
        if missing:
            self._make(SQL("p.id = ANY(%s)", missing))

    # Finding

    @api.model
    def _condition(self, needle):
        """SQL condition on ``mini_crm_search s``: the needle is found there."""
        terms = [
            SQL(
                "(%s)",
                SQL(" OR ").join(
                    SQL(" AND ").join(SQL("s.haystack LIKE %s", like) for like in likes)
                    for likes in alternatives
                ),
            )
            for alternatives in search.like_terms(needle)
        ]
        return SQL(" AND ").join(terms) if terms else SQL("TRUE")

    @api.model
    def _name_start(self, text):
        """Pattern of LIKE over ``sort_key`` of the names that begin with a text."""
        return f"{search.like_escaped(search.sort_key(match_key(text)))}%"

    @api.model
    def _found(self, needle):
        """Domain on ``res.partner``: those in whose row the needle is found.

        Up to ``NAMED`` hits are named by their ids. Of more the planner is told how to
        find out: it then knows from its statistics that walking the list in its order
        soon finds a page of hits. Left to its guess in the first case, it would walk
        through everybody for a hit or two.

        :rtype: Domain
        """
        condition = self._condition(needle)
        # MATERIALIZED: planned for all hits, so by the index, and read as far as needed
        self.env.cr.execute(
            SQL(
                """WITH hits AS MATERIALIZED (
                    SELECT s.id FROM mini_crm_search s WHERE %s)
                SELECT id FROM hits LIMIT %s""",
                condition,
                NAMED + 1,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if len(ids) <= NAMED:
            return Domain("id", "in", ids)
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN (SELECT s.id FROM mini_crm_search s WHERE %s)",
                SQL.identifier(alias, "id"),
                condition,
            )
        )


def _upsert(select):
    """Statement that writes (id, haystack, sort_key) where they differ."""
    return SQL(
        """INSERT INTO mini_crm_search AS have (id, haystack, sort_key) %s
        ON CONFLICT (id) DO UPDATE
        SET haystack = excluded.haystack, sort_key = excluded.sort_key
        WHERE (have.haystack, have.sort_key)
            IS DISTINCT FROM (excluded.haystack, excluded.sort_key)""",
        select,
    )
