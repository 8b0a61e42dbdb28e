from odoo import models
from odoo.tools import SQL

from ..customer.search_sql import SOURCES
from ..score.chosen import Chosen
from .mini_crm_batch_customers import PAIRS, PLAIN

# Columns that a search row is made of, and those of which one of these is made.
SEARCHED = SOURCES | {"name", "company_name"}


class MiniCrmBatch(models.Model):
    """Customers: writing what was planned, set-based."""

    _inherit = "mini_crm.batch"

    def _apply_customers(self):
        """Write the planned rows of the chunk, their tags, profiles and events."""
        self._create_customers(SQL("mini_crm_chunk"), SQL("outcome = 'created'"))
        self._update_customers()
        self.env.cr.execute(
            """INSERT INTO res_partner_res_partner_category_rel
                (category_id, partner_id)
            SELECT g.tag_id, c.partner_id FROM mini_crm_chunk c
            JOIN mini_crm_chunk_tag g ON g.id = c.id
            WHERE c.outcome IN ('created', 'updated') AND g.tag_id IS NOT NULL
            ON CONFLICT DO NOTHING"""
        )
        self.env["res.partner"].invalidate_model(["category_id"])
        self._make_profiles()
        if "segments" in self.settings["mapping"].values():
            self._join_segments()
        self._log_customers()

    def _create_customers(self, table, condition):
        """Insert a contact for rows of a table, under the id in ``partner_id``.

        Where the contact gets another id, that one stands there afterwards.

        :param SQL table: with the columns of a chunk; ids come from the sequence
        :param SQL condition: which of its rows
        """
        self.env.cr.execute(SQL("SELECT FROM %s WHERE %s LIMIT 1", table, condition))
        if not self.env.cr.rowcount:
            return
        columns = {n: SQL.identifier(n) for n in (*PLAIN, *PAIRS, *PAIRS.values())}
        columns |= {
            "id": SQL("partner_id"),
            "name": SQL("coalesce(name, shown_name)"),
            "company_id": SQL("%s::int", self._customers_company_id()),
            **self._custom_columns(),
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
        assigned = self._assigned()
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner p SET %s, write_uid = %s,
                    write_date = now() AT TIME ZONE 'utc'
                FROM mini_crm_chunk c
                WHERE c.outcome = 'updated' AND NOT c.related AND p.id = c.partner_id
                    AND c.before - 'imported_since' <> '{}'""",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(column), value)
                    for column, value in assigned.items()
                ),
                self.env.uid,
            )
        )
        Partner.invalidate_model()
        known = [Partner._fields[name] for name in PAIRS.values()]
        partners = Partner.browse(ids)
        with self.env.protecting(known, partners):
            partners.modified(list(assigned))
            self.env.flush_all()
        if not SEARCHED.isdisjoint(assigned):
            self.env["mini_crm.search"]._make(SQL("p.id = ANY(%s)", ids))

    def _assigned(self):
        """What the UPDATE of the contacts ``p`` of the chunk sets: {column: SQL}."""
        self.env.cr.execute(
            """SELECT DISTINCT jsonb_object_keys(before) FROM mini_crm_chunk
            WHERE outcome = 'updated' AND NOT related"""
        )
        changed = {row[0] for row in self.env.cr.fetchall()}
        return {
            column: SQL(
                "CASE WHEN c.before ? %s THEN %s ELSE %s END",
                name,
                SQL.identifier("c", column),
                SQL.identifier("p", column),
            )
            for name in (*PLAIN, *PAIRS)
            if name in changed
            for column in {name, PAIRS.get(name, name)}
        } | self._custom_assignments(changed)

    def _update_by_orm(self, partner_id):
        """Write the changed fields of one contact as the importing user."""
        self.env.cr.execute(
            SQL(
                """SELECT c.*, ARRAY(SELECT jsonb_object_keys(c.before)) AS changed
                FROM mini_crm_chunk c
                WHERE c.partner_id = %s AND c.outcome = 'updated'""",
                partner_id,
            )
        )
        row = self.env.cr.dictfetchone()
        others = {*PAIRS.values(), "imported_since"}  # computed, or of the profile
        names = [n for n in row["changed"] if n in row and n not in others]
        values = {n: row[n] or False for n in names}
        partner = self.env["res.partner"].sudo(False).browse(partner_id)
        values |= self._custom_values(partner, row["custom"], row["changed"])
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
            """UPDATE mini_crm_profile f SET imported_since = c.since
            FROM mini_crm_chunk c
            WHERE c.partner_id = f.id AND c.outcome IN ('created', 'updated')
                AND c.since IS NOT NULL AND f.imported_since IS DISTINCT FROM c.since"""
        )
        Profile._forget_cache()
        if dated:
            Profile._refresh(Chosen.among(dated), details=False)

    def _log_customers(self):
        """Events: of each new customer, of changed details, of each new tag."""
        log = self.env["mini_crm.event"]._log_many
        common = {
            "partner_id": SQL("c.partner_id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.company_id.id),
        }
        source = SQL("FROM mini_crm_chunk c JOIN res_partner p ON p.id = c.partner_id")
        log(
            {**common, "type": SQL("'customer_created'")},
            SQL(
                "%s WHERE outcome = 'created' OR (outcome = 'updated' AND becomes)",
                source,
            ),
        )
        log(
            {
                **common,
                "type": SQL("'field_updated'"),
                "data": SQL("c.told"),
                "through": SQL("'import'"),
            },
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
