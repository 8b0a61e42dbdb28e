from odoo import api, models
from odoo.tools import SQL

from ...engine.fields import SLOT_SET, slot_type
from .mini_crm_api_upsert import EXTRA, PAIRS

# Columns that the search box looks into.
SEARCHED = {"name", "email", "phone", "ref", "company_name"}
# How the timeline shows ids.
SHOWN = {
    "country_id": SQL("SELECT to_jsonb(name ->> 'en_US') FROM res_country"),
    "source_id": SQL("SELECT to_jsonb(name) FROM utm_source"),
}


class MiniCrmApi(models.AbstractModel):
    """Writing the staged customers: new ones, changed columns, profiles, events."""

    _inherit = "mini_crm.api"

    @api.model
    def _write_chunk(self, columns):
        """Write what the staged rows say.

        :param list[str] columns: columns of contacts that any row gives
        """
        written = [name for name in columns if name not in PAIRS.values()]
        self.env.cr.execute(
            """ALTER TABLE mini_crm_chunk ADD changed text[], ADD told jsonb,
                ADD becomes bool DEFAULT FALSE, ADD related bool DEFAULT FALSE"""
        )
        self._compare(written)
        self._create_new(columns)
        self._change_plain(written)
        self._change_related()
        self._finish_customers()

    # What differs

    @api.model
    def _compare(self, written):
        """Find what each row would change, and with that its outcome.

        ``changed``: columns; ``told``: for the timeline, by keys of custom fields;
        ``becomes``: no customer yet; ``related``: stands in a hierarchy.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET changed = d.changed, told = d.told,
                    becomes = d.becomes, related = d.related
                FROM (
                    SELECT c.id, x.changed, x.told,
                        f.id IS NULL AND %(eligible)s AS becomes,
                        p.parent_id IS NOT NULL OR EXISTS (
                            SELECT FROM res_partner k WHERE k.parent_id = p.id)
                            AS related
                    FROM mini_crm_chunk c
                    JOIN res_partner p ON p.id = c.partner_id
                    LEFT JOIN mini_crm_profile f ON f.id = p.id
                    CROSS JOIN LATERAL (
                        SELECT array_agg(DISTINCT name) AS changed,
                            jsonb_object_agg(key, jsonb_build_array(old, new))
                                FILTER (WHERE key IS NOT NULL) AS told
                        FROM (%(values)s) v WHERE differs) x) d
                WHERE d.id = c.id AND c.outcome IS NULL""",
                eligible=self.env["res.partner"]._customer_eligible_condition("p"),
                values=self._compared(written),
            )
        )
        self.env.cr.execute(
            """UPDATE mini_crm_chunk SET
                outcome = CASE WHEN partner_id IS NULL THEN 'created'
                    WHEN changed IS NULL AND NOT becomes THEN 'unchanged'
                    ELSE 'updated' END
            WHERE outcome IS NULL"""
        )

    @api.model
    def _compared(self, written):
        """SELECT of (name, key, old, new, differs) for each value of a row."""
        keys = {r.slot: r.key for r in self.env["mini_crm.field"]._rules().values()}
        watched = self.env["res.partner"]._watched_fields()
        rows = SQL(", ").join(
            SQL(
                "(%s, %s::text, %s, %s, c.given ? %s AND %s)",
                name,
                keys.get(name, name) if name in watched else None,
                self._shown(name, "p"),
                self._shown(name, "c"),
                name,
                self._differs(name),
            )
            for name in written
        )
        return SQL(
            """SELECT * FROM (VALUES %s) AS v(name, key, old, new, differs)
            UNION ALL
            SELECT %s, e.key, p.custom_fields_extra -> e.key, nullif(e.value, 'null'),
                p.custom_fields_extra -> e.key IS DISTINCT FROM nullif(e.value, 'null')
            FROM jsonb_each(c.extra_keys) e""",
            rows,
            EXTRA,
        )

    @api.model
    def _differs(self, name):
        """SQL condition: the row says something else than the contact has."""
        old, new = SQL.identifier("p", name), SQL.identifier("c", name)
        if name in SLOT_SET and slot_type(name) == "boolean":
            return SQL(
                "coalesce(%s, FALSE) IS DISTINCT FROM coalesce(%s, FALSE)", old, new
            )
        if name in PAIRS:
            # written in another way it is the same address or number
            normal = PAIRS[name]
            return SQL(
                "(%s IS DISTINCT FROM %s OR (%s IS NULL AND %s <> ''))",
                SQL.identifier("p", normal),
                SQL.identifier("c", normal),
                new,
                old,
            )
        if self.env["res.partner"]._fields[name].type in ("char", "text", "selection"):
            old = SQL("nullif(%s, '')", old)
        return SQL("%s IS DISTINCT FROM %s", old, new)

    @api.model
    def _shown(self, name, alias):
        """A value as the timeline shows it: jsonb expression."""
        column = SQL.identifier(alias, name)
        if name in SHOWN:
            return SQL("(%s WHERE id = %s)", SHOWN[name], column)
        if self.env["res.partner"]._fields[name].type in ("char", "text", "selection"):
            column = SQL("nullif(%s, '')", column)
        return SQL("to_jsonb(%s)", column)

    # Writing

    @api.model
    def _create_new(self, columns):
        """Insert a contact for each row without one, under an id of its own."""
        self.env.cr.execute(
            """SELECT key_kind || ':' || key_value FROM mini_crm_chunk
            WHERE outcome = 'created'"""
        )
        keys = [row[0] for row in self.env.cr.fetchall()]
        if not keys:
            return
        self.env["mini_crm.api.claim"]._claim(keys)
        self.env.cr.execute(
            """UPDATE mini_crm_chunk SET partner_id = nextval('res_partner_id_seq')
            WHERE outcome = 'created'"""
        )
        moved = self.env["res.partner"]._insert_many(
            {
                **{name: SQL.identifier(name) for name in columns},
                "id": SQL("partner_id"),
                "name": SQL("coalesce(name, company_name, email, phone, ref)"),
                "company_id": SQL("%s::int", self._company_of_new()),
                EXTRA: SQL("nullif(jsonb_strip_nulls(extra_keys), '{}')"),
            },
            SQL("FROM mini_crm_chunk WHERE outcome = 'created' ORDER BY id"),
        )
        if moved:
            self.env.cr.execute(
                SQL(
                    """UPDATE mini_crm_chunk c SET partner_id = m.id
                    FROM unnest(%s::int[], %s::int[]) AS m(reserved, id)
                    WHERE c.partner_id = m.reserved""",
                    list(moved),
                    list(moved.values()),
                )
            )

    @api.model
    def _company_of_new(self):
        """Company of new customers: none, as Odoo does, while there is only one."""
        # sudo: how many there are is no secret
        several = self.env["res.company"].sudo().search_count([], limit=2) > 1
        return self.env.company.id if several else None

    @api.model
    def _change_plain(self, written):
        """Write the changed columns of the contacts outside any hierarchy."""
        self.env.cr.execute(
            """SELECT array_agg(partner_id), ARRAY(
                SELECT DISTINCT unnest(changed) FROM mini_crm_chunk
                WHERE outcome = 'updated')
            FROM mini_crm_chunk
            WHERE outcome = 'updated' AND changed IS NOT NULL AND NOT related"""
        )
        ids, changed = self.env.cr.fetchone()
        if not ids:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner p SET %s, write_uid = %s,
                    write_date = now() AT TIME ZONE 'utc'
                FROM mini_crm_chunk c
                WHERE c.outcome = 'updated' AND c.changed IS NOT NULL
                    AND NOT c.related AND p.id = c.partner_id""",
                self._assignments(
                    [name for name in written if name in changed], changed
                ),
                self.env.uid,
            )
        )
        self._recompute(ids, changed)
        if SEARCHED.intersection(changed):
            self.env["mini_crm.search"]._make(SQL("p.id = ANY(%s)", ids))

    @api.model
    def _assignments(self, names, changed):
        """SET clauses: each column takes over its value where it has changed."""
        clauses = [
            SQL(
                "%s = CASE WHEN %s = ANY(c.changed) THEN %s ELSE %s END",
                SQL.identifier(column),
                name,
                SQL.identifier("c", column),
                SQL.identifier("p", column),
            )
            for name in names
            for column in {name, PAIRS.get(name, name)}
        ]
        if EXTRA in changed:
            clauses.append(
                SQL(
                    """custom_fields_extra = CASE WHEN %s = ANY(c.changed)
                    THEN nullif(jsonb_strip_nulls(
                        coalesce(p.custom_fields_extra, '{}') || c.extra_keys), '{}')
                    ELSE p.custom_fields_extra END""",
                    EXTRA,
                )
            )
        return SQL(", ").join(clauses)

    @api.model
    def _recompute(self, ids, changed):
        """Have stored fields follow that are computed from the changed columns."""
        Partner = self.env["res.partner"]
        Partner.invalidate_model()
        names = [name for name in changed if name != EXTRA and name not in SLOT_SET]
        if not names:
            return
        known = [Partner._fields[name] for name in PAIRS.values()]
        partners = Partner.browse(ids)
        with self.env.protecting(known, partners):
            partners.modified([*names, *PAIRS.values()])
            self.env.flush_all()

    @api.model
    def _change_related(self):
        """Write contacts with a parent or children through the ORM.

        It keeps addresses and company names of the others in step.
        """
        self.env.cr.execute(
            """SELECT * FROM mini_crm_chunk
            WHERE outcome = 'updated' AND changed IS NOT NULL AND related"""
        )
        for row in self.env.cr.dictfetchall():
            values = {name: row[name] for name in row["changed"] if name != EXTRA}
            if EXTRA in row["changed"]:
                values[EXTRA] = row["extra_keys"]
            partner = self.env["res.partner"].browse(row["partner_id"])
            # what has changed is told below, as for all the others
            partner.with_context(mini_crm_no_events=True).write(values)
        self.env.flush_all()

    @api.model
    def _finish_customers(self):
        """Profiles and rows of the search of the new customers, and all events."""
        self.env.cr.execute(
            """SELECT array_agg(partner_id) FROM mini_crm_chunk
            WHERE outcome = 'created' OR (outcome = 'updated' AND becomes)"""
        )
        (new,) = self.env.cr.fetchone()
        if new:
            Partner, Profile = self.env["res.partner"], self.env["mini_crm.profile"]
            self.env["mini_crm.search"]._make(SQL("p.id = ANY(%s)", new))
            Profile._make(
                SQL(
                    "p.id = ANY(%s) AND %s",
                    new,
                    Partner._customer_eligible_condition("p"),
                )
            )
            Profile._forget_cache()
        log = self.env["mini_crm.event"]._log_many
        common = {
            "partner_id": SQL("c.partner_id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
        }
        source = SQL("FROM mini_crm_chunk c JOIN res_partner p ON p.id = c.partner_id")
        if new:
            log(
                {**common, "type": SQL("'customer_created'")},
                SQL("%s WHERE c.partner_id = ANY(%s)", source, new),
            )
        log(
            {
                **common,
                "type": SQL("'field_updated'"),
                "data": SQL("c.told"),
                "through": SQL("'api'"),
            },
            SQL("%s WHERE c.outcome = 'updated' AND c.told IS NOT NULL", source),
        )
