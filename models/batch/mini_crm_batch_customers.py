from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...engine.text import match_key
from ..customer.plain_text import plain_text

# Columns of contacts that take over what a row says, if it says anything.
PLAIN = (
    "name",
    "ref",
    "company_name",
    "function",
    "street",
    "street2",
    "city",
    "zip",
    "country_id",
    "lang",
    "comment",
    "source_id",
    "user_id",
)
# Two forms of one thing: they change when the second differs.
PAIRS = {"email": "email_normalized", "phone": "phone_sanitized"}
# Ids: whether the row says anything, and how the timeline shows one.
IDS = {
    "country_id": (
        SQL("c.country_id IS NOT NULL"),
        SQL("SELECT to_jsonb(name ->> 'en_US') FROM res_country"),
    ),
    "source_id": (
        SQL("c.source IS NOT NULL"),
        SQL("SELECT to_jsonb(name) FROM utm_source"),
    ),
    "user_id": (
        SQL("c.user_id IS NOT NULL"),
        SQL(
            """SELECT to_jsonb((SELECT o.name FROM res_partner o
                WHERE o.id = res_users.partner_id)) FROM res_users"""
        ),
    ),
}
NOTHING = SQL("NULL::jsonb")


class Difference(NamedTuple):
    """A column that a row may change, over the row ``c`` and its contact ``p``.

    ``name`` as it stands in ``before``, ``shown`` as in the timeline (``None``: it is
    not told); ``differs``: condition; ``was``: value before, for an undo; ``old`` and
    ``new``: values as the timeline shows them. All but the names are SQL, the values
    jsonb.
    """

    name: str
    shown: str | None
    differs: SQL
    was: SQL
    old: SQL
    new: SQL


class MiniCrmBatch(models.Model):
    """Customers: create, update or skip by key; an empty cell keeps what is there."""

    _inherit = "mini_crm.batch"

    def _plan_customers(self):
        """Decide what becomes of each row of the chunk."""
        existing = self._setting("existing")
        if existing != "create":
            self._plan_partners()
        if self._setting("missing") == "skip":
            self._find_problems(
                "no_such_customer", SQL("c.partner_id IS NULL"), outcome="skipped"
            )
        if existing == "skip":
            self._find_problems(
                "customer_exists", SQL("c.partner_id IS NOT NULL"), outcome="skipped"
            )
        self._find_similar()
        self._plan_custom()
        self._find_sources()
        self._find_tags()
        if "segments" in self.settings["mapping"].values():
            self._find_segments()
        self._compare_customers()

    def _find_sources(self):
        """Resolve the chunk's sources by name; the run creates missing ones."""
        self.env.cr.execute(
            """SELECT DISTINCT source FROM mini_crm_chunk
            WHERE source IS NOT NULL AND outcome IS NULL"""
        )
        names = [row[0] for row in self.env.cr.fetchall()]
        if not names:
            return
        self.env.cr.execute("SELECT name, id FROM utm_source")
        ids = self._known_or_new("utm.source", names, self.env.cr.fetchall())
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET source_id = n.id
                FROM unnest(%s::text[], %s::int[]) AS n(name, id)
                WHERE c.source = n.name""",
                names,
                ids,
            )
        )

    def _find_tags(self):
        """Resolve the chunk's tags by name into ``mini_crm_chunk_tag`` (id, tag_id).

        The run creates missing ones; in a check they stay without an id.
        """
        self.env.cr.execute(
            """CREATE TEMPORARY TABLE mini_crm_chunk_tag (id int, tag_id int, name text)
                ON COMMIT DROP;
            SELECT DISTINCT t.name FROM mini_crm_chunk c,
                jsonb_array_elements_text(c.tags) AS t(name)
            WHERE c.outcome IS NULL"""
        )
        names = [row[0] for row in self.env.cr.fetchall()]
        if not names:
            return
        self.env.cr.execute(
            """SELECT n.value, c.id
            FROM res_partner_category c, jsonb_each_text(c.name) n
            WHERE c.active"""
        )
        ids = self._known_or_new("res.partner.category", names, self.env.cr.fetchall())
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_chunk_tag
                SELECT DISTINCT c.id, n.id, n.name FROM mini_crm_chunk c,
                    jsonb_array_elements_text(c.tags) AS t(name),
                    unnest(%s::text[], %s::int[]) AS n(name, id)
                WHERE c.outcome IS NULL AND n.name = t.name""",
                names,
                ids,
            )
        )

    def _known_or_new(self, model, names, known):
        """Ids of named records, in the order of ``names``.

        Names that people would call the same are the same. Missing ones are created by
        the run, and are ``None`` in a check.

        :param list[str] names: names in the file
        :param list known: (name, id) of the records there are
        """
        by_key = {}
        for name, record_id in sorted(known, key=lambda pair: pair[1]):
            by_key.setdefault(match_key(name or ""), record_id)
        if self.state == "running":
            missing = {}
            for name in names:
                if match_key(name) not in by_key:
                    missing.setdefault(match_key(name), name)
            # the batch is in superuser mode: an importer need not be able to edit
            # sources, which marketing owns
            records = self.env[model].create([{"name": n} for n in missing.values()])
            by_key |= dict(zip(missing, records.ids, strict=True))
            if records and (self.kind or "").startswith("import_"):
                self._note_made(model, records.ids)
            self.env.flush_all()
        return [by_key.get(match_key(name)) for name in names]

    def _compare_customers(self):
        """Find what each row would change; with that its outcome is known.

        ``before``: old values of the columns that change; ``told``: for the timeline;
        ``new_tags``: ids; ``becomes``: the contact is no customer yet.
        """
        self.env.cr.execute(
            "SELECT FROM mini_crm_chunk WHERE partner_id IS NOT NULL LIMIT 1"
        )
        if self.env.cr.rowcount:
            self._find_differences()
        # new contacts get their id here: one writing of the rows less
        new_id = "nextval('res_partner_id_seq')" if self.state == "running" else "NULL"
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk SET outcome = CASE
                    WHEN partner_id IS NULL THEN 'created'
                    WHEN before IS NULL AND new_tags IS NULL
                        AND new_segments IS NULL AND NOT becomes
                        THEN 'unchanged'
                    ELSE 'updated' END,
                    partner_id = coalesce(partner_id, %s)
                WHERE outcome IS NULL""",
                SQL(new_id),
            )
        )

    def _find_differences(self):
        """Compare the rows of the chunk with the contacts that they are about."""
        watched = self.env["res.partner"]._watched_fields()
        # whom rows are about was not known when the chunk was made
        self.env.cr.execute("ANALYZE mini_crm_chunk (partner_id, outcome)")
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = d.before, told = d.told,
                    new_tags = d.new_tags, becomes = d.becomes
                FROM (%s) d WHERE d.line_id = c.id""",
                self._difference_select(watched),
            )
        )

    def _plain_differences(self, watched):
        """The columns of contacts that may change: list of Difference."""
        found = []
        for name in self._said_columns():
            differs = self._differs(name)
            seen = name in watched
            old, new = (
                self._shown(name, alias) if seen else NOTHING for alias in ("p", "c")
            )
            was = SQL("to_jsonb(p.%s)", SQL.identifier(name))
            found.append(Difference(name, name, differs, was, old, new))
            if name in PAIRS:  # for an undo only: nobody is told of it
                second = SQL("to_jsonb(p.%s)", SQL.identifier(PAIRS[name]))
                nobody = (None, differs, second, NOTHING, NOTHING)
                found.append(Difference(PAIRS[name], *nobody))
        return found

    def _said_columns(self):
        """Columns that some row about a known contact fills or clears: list of str.

        A file with a few columns is compared in these only.
        """
        names = (*PLAIN, *PAIRS)
        self.env.cr.execute(
            SQL(
                """SELECT %s FROM mini_crm_chunk c
                WHERE c.outcome IS NULL AND c.partner_id IS NOT NULL""",
                SQL(", ").join(
                    SQL("bool_or(%s OR %s)", self._says(name), self._clears(name))
                    for name in names
                ),
            )
        )
        said = zip(names, self.env.cr.fetchone(), strict=True)
        return [name for name, one in said if one] or ["name"]

    def _difference_select(self, watched):
        """SELECT of line_id, before, told, new_tags, becomes for the matched rows.

        What differs is found first; the values of these columns alone are looked up.
        """
        found = self._plain_differences(watched) + self._custom_differences()
        return SQL(
            """SELECT c.id AS line_id, nullif(x.before || s.before, '{}') AS before,
                x.told, t.new_tags, f.id IS NULL AND %(eligible)s AS becomes
            FROM mini_crm_chunk c
            JOIN res_partner p ON p.id = c.partner_id
            LEFT JOIN mini_crm_profile f ON f.id = p.id
            CROSS JOIN LATERAL (
                SELECT coalesce(jsonb_object_agg(n.name, %(was)s), '{}') AS before,
                    jsonb_object_agg(%(shown)s, jsonb_build_array(%(old)s, %(new)s))
                        FILTER (WHERE coalesce(%(old)s, %(new)s) IS NOT NULL) told
                FROM unnest(ARRAY[%(names)s]) AS n(name)
                WHERE n.name IS NOT NULL) x
            CROSS JOIN LATERAL (
                SELECT CASE WHEN c.since IS NOT NULL
                    AND c.since IS DISTINCT FROM f.imported_since
                    AND c.since IS DISTINCT FROM date_trunc('second', f.customer_since)
                    THEN jsonb_build_object('imported_since', f.imported_since)
                    ELSE '{}' END AS before) s
            LEFT JOIN (
                SELECT g.id, array_agg(g.tag_id) AS new_tags FROM mini_crm_chunk_tag g
                JOIN mini_crm_chunk n ON n.id = g.id
                WHERE NOT EXISTS (
                    SELECT FROM res_partner_res_partner_category_rel r
                    WHERE r.partner_id = n.partner_id AND r.category_id = g.tag_id)
                GROUP BY g.id) t ON t.id = c.id
            WHERE c.outcome IS NULL""",
            eligible=self.env["res.partner"]._customer_eligible_condition("p"),
            names=_names(found),
            was=_of_column(found, "was"),
            shown=_of_column(found, "shown"),
            old=_of_column(found, "old"),
            new=_of_column(found, "new"),
        )

    def _says(self, name):
        """SQL condition: the row has a value for a column, known or not."""
        if name in IDS:
            return IDS[name][0]
        return SQL("coalesce(%s <> '', FALSE)", SQL.identifier("c", _column(name)))

    def _clears(self, name):
        """SQL condition: the row empties a column."""
        return SQL("coalesce(c.clear ? %s, FALSE)", name)

    def _differs(self, name):
        """SQL condition: the row says something else than the contact has."""
        new, old = (SQL.identifier(alias, _column(name)) for alias in ("c", "p"))
        says, cleared = self._says(name), self._clears(name)
        if name in IDS:
            return SQL(
                "(%s AND (%s IS NULL OR %s IS DISTINCT FROM %s)"
                " OR %s AND %s IS NOT NULL)",
                says,
                new,
                new,
                old,
                cleared,
                old,
            )
        differs = SQL("%s AND %s IS DISTINCT FROM %s", says, new, old)
        if name not in PAIRS and name != "lang":
            # a cell that is what an export shows says nothing new
            shown = plain_text(old) if name == "comment" else old
            differs = SQL(
                "%s AND NOT coalesce(c.said ->> %s = %s, FALSE)", differs, name, shown
            )
        present = SQL("coalesce(%s, '') <> ''", SQL.identifier("p", name))
        return SQL("(%s OR %s AND %s)", differs, cleared, present)

    def _shown(self, name, alias):
        """A value as the timeline shows it: jsonb expression."""
        column = SQL.identifier(alias, name)
        if name in IDS:
            return SQL("(%s WHERE id = %s)", IDS[name][1], column)
        return SQL("to_jsonb(nullif(%s, ''))", column)


def _column(name):
    """Where the value stands that is compared."""
    return PAIRS.get(name, name)


def _names(found):
    """Elements of an array: the names of the columns that differ, else NULL."""
    return SQL(", ").join(
        SQL("CASE WHEN %s THEN %s END", one.differs, one.name) for one in found
    )


def _of_column(found, part):
    """A part of the Difference that ``n.name`` names: SQL expression."""
    cases = (SQL("WHEN %s THEN %s", one.name, getattr(one, part)) for one in found)
    return SQL("CASE n.name %s END", SQL(" ").join(cases))
