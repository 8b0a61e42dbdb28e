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
        """Rows of name, name in the timeline, old value, old and new one as the
        timeline shows them, whether they differ: list of SQL."""
        rows = []
        for name in (*PLAIN, *PAIRS):
            differs = self._differs(name)
            values = [SQL("to_jsonb(p.%s)", SQL.identifier(name))]
            values += [
                self._shown(name, alias) if name in watched else SQL("NULL::jsonb")
                for alias in ("p", "c")
            ]
            # most values do not differ: what they are is not looked up then
            lazy = [SQL("CASE WHEN %s THEN %s END", differs, value) for value in values]
            rows.append(
                SQL("(%s, %s, %s, %s)", name, name, SQL(", ").join(lazy), differs)
            )
            if name in PAIRS:  # for an undo only: nobody is told of it
                second = SQL("to_jsonb(p.%s)", SQL.identifier(PAIRS[name]))
                rows.append(
                    SQL("(%s, NULL, %s, NULL, NULL, %s)", PAIRS[name], second, differs)
                )
        return rows

    def _difference_select(self, watched):
        """SELECT of line_id, before, told, new_tags, becomes for the matched rows."""
        rows = self._plain_differences(watched) + self._custom_differences()
        return SQL(
            """SELECT c.id AS line_id, nullif(x.before || s.before, '{}') AS before,
                x.told, t.new_tags, f.id IS NULL AND %(eligible)s AS becomes
            FROM mini_crm_chunk c
            JOIN res_partner p ON p.id = c.partner_id
            LEFT JOIN mini_crm_profile f ON f.id = p.id
            CROSS JOIN LATERAL (
                SELECT coalesce(jsonb_object_agg(name, old), '{}') AS before,
                    jsonb_object_agg(shown, jsonb_build_array(old_shown, new_shown))
                        FILTER (WHERE coalesce(old_shown, new_shown) IS NOT NULL) told
                FROM (VALUES %(rows)s)
                    AS v(name, shown, old, old_shown, new_shown, differs)
                WHERE differs) x
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
            rows=SQL(", ").join(rows),
        )

    def _differs(self, name):
        """SQL condition: the row says something else than the contact has."""
        column = PAIRS.get(name, name)
        new, old = SQL.identifier("c", column), SQL.identifier("p", column)
        cleared = SQL("coalesce(c.clear ? %s, FALSE)", name)
        if name in IDS:
            return SQL(
                "(%s AND (%s IS NULL OR %s IS DISTINCT FROM %s)"
                " OR %s AND %s IS NOT NULL)",
                IDS[name][0],
                new,
                new,
                old,
                cleared,
                old,
            )
        differs = SQL(
            "coalesce(%s <> '', FALSE) AND %s IS DISTINCT FROM %s", new, new, old
        )
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
