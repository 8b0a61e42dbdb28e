from odoo import models
from odoo.tools import SQL

from ...engine.text import match_key
from ..score.chosen import Chosen

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
}


class MiniCrmBatch(models.Model):
    """Customers: create, update or skip by key; an empty cell keeps what is there."""

    _inherit = "mini_crm.batch"

    # Plan

    def _plan_customers(self):
        """Decide what becomes of each row of the chunk."""
        self._plan_partners()
        mode = self.settings.get("mode", "upsert")
        if mode == "update":
            self._find_problems(
                "no_such_customer", SQL("c.partner_id IS NULL"), outcome="skipped"
            )
        elif mode == "create":
            self._find_problems(
                "customer_exists", SQL("c.partner_id IS NOT NULL"), outcome="skipped"
            )
        self._find_sources()
        self._find_tags()
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
                FROM unnest(%s::text[], %s::int[]) AS n(name, id) WHERE c.source = n.name""",
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
            """SELECT n.value, c.id FROM res_partner_category c, jsonb_each_text(c.name) n
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
            self.env.flush_all()
        return [by_key.get(match_key(name)) for name in names]

    def _compare_customers(self):
        """Find what each row would change; with that its outcome is known.

        ``before``: old values of the columns that change; ``told``: for the timeline;
        ``new_tags``: ids; ``becomes``: the contact is no customer yet.
        """
        watched = self.env["res.partner"]._watched_fields()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = d.before, told = d.told,
                    new_tags = d.new_tags, becomes = d.becomes
                FROM (%s) d WHERE d.line_id = c.id""",
                self._difference_select(watched),
            )
        )
        self.env.cr.execute(
            """UPDATE mini_crm_chunk SET outcome = CASE
                WHEN partner_id IS NULL THEN 'created'
                WHEN before IS NULL AND new_tags IS NULL AND NOT becomes THEN 'unchanged'
                ELSE 'updated' END
            WHERE outcome IS NULL"""
        )

    def _difference_select(self, watched):
        """SELECT of line_id, before, told, new_tags, becomes for the matched rows."""
        rows = [
            SQL(
                "(%s, to_jsonb(p.%s), %s, %s, %s)",
                name,
                SQL.identifier(name),
                self._shown(name, "p") if name in watched else SQL("NULL::jsonb"),
                self._shown(name, "c") if name in watched else SQL("NULL::jsonb"),
                self._differs(name),
            )
            for name in (*PLAIN, *PAIRS)
        ]
        return SQL(
            """SELECT c.id AS line_id, nullif(x.before || s.before, '{}') AS before,
                x.told, t.new_tags, f.id IS NULL AND %(eligible)s AS becomes
            FROM mini_crm_chunk c
            JOIN res_partner p ON p.id = c.partner_id
            LEFT JOIN mini_crm_profile f ON f.id = p.id
            CROSS JOIN LATERAL (
                SELECT coalesce(jsonb_object_agg(name, old), '{}') AS before,
                    jsonb_object_agg(name, jsonb_build_array(old_shown, new_shown))
                        FILTER (WHERE old_shown IS NOT NULL OR new_shown IS NOT NULL) AS told
                FROM (VALUES %(rows)s) AS v(name, old, old_shown, new_shown, differs)
                WHERE differs) x
            CROSS JOIN LATERAL (
                SELECT CASE WHEN c.since IS NOT NULL
                    AND c.since IS DISTINCT FROM f.imported_since
                    THEN jsonb_build_object('imported_since', f.imported_since)
                    ELSE '{}' END AS before) s
            CROSS JOIN LATERAL (
                SELECT array_agg(g.tag_id) AS new_tags FROM mini_crm_chunk_tag g
                WHERE g.id = c.id AND NOT EXISTS (
                    SELECT FROM res_partner_res_partner_category_rel r
                    WHERE r.partner_id = p.id AND r.category_id = g.tag_id)) t
            WHERE c.outcome IS NULL""",
            eligible=self.env["res.partner"]._customer_eligible_condition("p"),
            rows=SQL(", ").join(rows),
        )

    def _differs(self, name):
        """SQL condition: the row says something else than the contact has."""
        column = PAIRS.get(name, name)
        new, old = SQL.identifier("c", column), SQL.identifier("p", column)
        if name in IDS:
            return SQL(
                "%s AND (%s IS NULL OR %s IS DISTINCT FROM %s)", IDS[name][0], new, new, old
            )
        return SQL("coalesce(%s <> '', FALSE) AND %s IS DISTINCT FROM %s", new, new, old)

    def _shown(self, name, alias):
        """A value as the timeline shows it: jsonb expression."""
        column = SQL.identifier(alias, name)
        if name in IDS:
            return SQL("(%s WHERE id = %s)", IDS[name][1], column)
        return SQL("to_jsonb(nullif(%s, ''))", column)

    # Apply

    def _apply_customers(self):
        """Write the planned rows of the chunk, their tags, profiles and events."""
        self._create_customers(SQL("mini_crm_chunk"), SQL("outcome = 'created'"))
        self._update_customers()
        self.env.cr.execute(
            """INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)
            SELECT g.tag_id, c.partner_id FROM mini_crm_chunk c
            JOIN mini_crm_chunk_tag g ON g.id = c.id
            WHERE c.outcome IN ('created', 'updated') AND g.tag_id IS NOT NULL
            ON CONFLICT DO NOTHING"""
        )
        self.env["res.partner"].invalidate_model(["category_id"])
        self._make_profiles()
        self._log_customers()

    def _create_customers(self, table, condition):
        """Insert a contact for rows of a table and put its id into ``partner_id``.

        :param SQL table: with the columns of a chunk
        :param SQL condition: which of its rows
        """
        self.env.cr.execute(
            SQL(
                """UPDATE %s SET partner_id = nextval('res_partner_id_seq') WHERE %s""",
                table,
                condition,
            )
        )
        if not self.env.cr.rowcount:
            return
        columns = {n: SQL.identifier(n) for n in (*PLAIN, *PAIRS, *PAIRS.values())}
        columns |= {
            "id": SQL("partner_id"),
            "name": SQL("coalesce(name, shown_name)"),
            "company_id": SQL("%s::int", self._customers_company_id()),
        }
        moved = self.env["res.partner"]._insert_many(
            columns, SQL("FROM %s WHERE %s ORDER BY id", table, condition)
        )
        if moved:
            self.env.cr.execute(
                SQL(
                    """UPDATE %s c SET partner_id = m.id
                    FROM unnest(%s::int[], %s::int[]) AS m(reserved, id)
                    WHERE c.partner_id = m.reserved""",
                    table,
                    list(moved),
                    list(moved.values()),
                )
            )

    def _customers_company_id(self):
        """Company of the new customers: none, as Odoo does, while there is only one."""
        companies = self.env["res.company"].sudo().search_count([], limit=2)
        return self.company_id.id if companies > 1 else None

    def _update_customers(self):
        """Write what changes in contacts there are.

        Contacts that stand in a hierarchy go through the ORM, which keeps addresses and
        company names of parents and children in step.
        """
        self.env.cr.execute(
            """UPDATE mini_crm_chunk c SET related = TRUE FROM res_partner p
            WHERE p.id = c.partner_id AND c.outcome = 'updated' AND (
                p.parent_id IS NOT NULL
                OR EXISTS (SELECT FROM res_partner k WHERE k.parent_id = p.id))"""
        )
        self.env.cr.execute(
            """SELECT partner_id, related FROM mini_crm_chunk
            WHERE outcome = 'updated' AND before - 'imported_since' <> '{}'
            ORDER BY row"""
        )
        found = self.env.cr.fetchall()
        self._update_plain([partner_id for partner_id, related in found if not related])
        for partner_id in [partner_id for partner_id, related in found if related]:
            self._update_by_orm(partner_id)

    def _update_plain(self, ids):
        """Write the changed columns of the contacts outside any hierarchy.

        :param list[int] ids: theirs
        """
        if not ids:
            return
        Partner = self.env["res.partner"]
        assignments = SQL(", ").join(
            SQL(
                "%s = CASE WHEN c.before ? %s THEN %s ELSE %s END",
                SQL.identifier(column),
                name,
                SQL.identifier("c", column),
                SQL.identifier("p", column),
            )
            for name in (*PLAIN, *PAIRS)
            for column in {name, PAIRS.get(name, name)}
        )
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner p SET %s, write_uid = %s,
                    write_date = now() AT TIME ZONE 'utc'
                FROM mini_crm_chunk c
                WHERE c.outcome = 'updated' AND NOT c.related AND p.id = c.partner_id
                    AND c.before - 'imported_since' <> '{}'""",
                assignments,
                self.env.uid,
            )
        )
        Partner.invalidate_model()
        known = [Partner._fields[name] for name in PAIRS.values()]
        partners = Partner.browse(ids)
        with self.env.protecting(known, partners):
            partners.modified([*PLAIN, *PAIRS, *PAIRS.values()])
            self.env.flush_all()

    def _update_by_orm(self, partner_id):
        """Write the changed fields of one contact as the importing user."""
        self.env.cr.execute(
            SQL(
                """SELECT c.*, ARRAY(SELECT jsonb_object_keys(c.before)) AS changed
                FROM mini_crm_chunk c WHERE c.partner_id = %s AND c.outcome = 'updated'""",
                partner_id,
            )
        )
        row = self.env.cr.dictfetchone()
        values = {name: row[name] for name in row["changed"] if name in row}
        partner = self.env["res.partner"].sudo(False).browse(partner_id)
        partner.with_context(mini_crm_no_events=True).write(values)
        self.env.flush_all()

    def _make_profiles(self):
        """Profiles of the new customers, and since when the file says they are some."""
        Profile = self.env["mini_crm.profile"]
        self.env.cr.execute(
            """SELECT count(*) FILTER (WHERE outcome = 'created' OR becomes),
                array_agg(partner_id) FILTER (WHERE outcome = 'updated'
                    AND before ? 'imported_since' AND NOT becomes)
            FROM mini_crm_chunk WHERE outcome IN ('created', 'updated')"""
        )
        new, dated = self.env.cr.fetchone()
        if new:
            # not scored yet: the events that follow have them counted and scored
            Profile._make(
                SQL(
                    """p.id IN (SELECT partner_id FROM mini_crm_chunk
                    WHERE outcome = 'created' OR (outcome = 'updated' AND becomes))
                    AND %s""",
                    self.env["res.partner"]._customer_eligible_condition("p"),
                )
            )
        self.env.cr.execute(
            """UPDATE mini_crm_profile f SET imported_since = c.since FROM mini_crm_chunk c
            WHERE c.partner_id = f.id AND c.outcome IN ('created', 'updated')
                AND c.since IS NOT NULL AND f.imported_since IS DISTINCT FROM c.since"""
        )
        Profile._forget_cache()
        if dated:
            Profile._refresh(Chosen.among(dated), details=False)

    def _log_customers(self):
        """One event for each new customer, one for changed details, one for each tag."""
        log = self.env["mini_crm.event"]._log_many
        common = {
            "partner_id": SQL("c.partner_id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.company_id.id),
        }
        source = SQL("FROM mini_crm_chunk c JOIN res_partner p ON p.id = c.partner_id")
        log(
            {**common, "type": SQL("'customer_created'")},
            SQL("%s WHERE outcome = 'created' OR (outcome = 'updated' AND becomes)", source),
        )
        log(
            {**common, "type": SQL("'field_updated'"), "data": SQL("c.told")},
            SQL("%s WHERE outcome = 'updated' AND told IS NOT NULL", source),
        )
        log(
            {
                **common,
                "type": SQL("'tag_added'"),
                "data": SQL("jsonb_build_object('tag_id', g.tag_id, 'tag', g.name)"),
            },
            SQL(
                """%s JOIN mini_crm_chunk_tag g ON g.id = c.id
                WHERE outcome = 'updated' AND g.tag_id = ANY(c.new_tags)""",
                source,
            ),
        )
