from odoo import models
from odoo.tools import SQL

from ...engine.columns import CUSTOM
from ..score.chosen import Chosen
from .mini_crm_batch_customers import PAIRS, PLAIN

# What ``before`` of a line may hold, but for custom fields.
RESTORED = SQL(
    """name text, ref text, company_name text, function text, street text,
    street2 text, city text, zip text, country_id int, lang text, comment text,
    source_id int, user_id int, email text, email_normalized text, phone text,
    phone_sanitized text, imported_since timestamp"""
)


class MiniCrmBatch(models.Model):
    """Undo of an import of customers: fields, tags, and the customers it has made.

    The undo builds a chunk like that of an import, of the values before, and writes it
    as an import does. ``after`` of a line says what the import had made of them: only
    what still stands there is put back, field by field.
    """

    _inherit = "mini_crm.batch"

    def _after_select(self):
        """What the chunk's row ``c`` makes of the values in ``before``: jsonb.

        Besides them ``tags`` and ``segments`` (ids that it adds), ``put_out`` (those
        of the segments that somebody had put him out of) and ``became`` (no customer
        before).
        """
        return SQL(
            """CASE WHEN c.outcome = 'updated' THEN nullif(coalesce((
                    SELECT jsonb_object_agg(b.name, CASE
                        WHEN starts_with(b.name, %(custom)s)
                            THEN c.custom -> substr(b.name, %(start)s)
                        WHEN b.name = 'imported_since' THEN to_jsonb(c.since)
                        ELSE w.said -> b.name END)
                    FROM (SELECT to_jsonb(c) AS said OFFSET 0) w,
                        jsonb_object_keys(c.before) AS b(name)), '{}')
                || CASE WHEN c.new_tags IS NOT NULL
                    THEN jsonb_build_object('tags', c.new_tags) ELSE '{}' END
                || CASE WHEN c.new_segments IS NOT NULL
                    THEN jsonb_build_object('segments', c.new_segments,
                        'put_out', c.put_out) ELSE '{}' END
                || CASE WHEN c.becomes
                    THEN '{"became": true}'::jsonb ELSE '{}' END, '{}') END""",
            custom=CUSTOM,
            start=len(CUSTOM) + 1,
        )

    def _undo_step_import_customers(self, limit):
        upper, rows = self._next_undone(SQL("state IN ('created', 'updated')"), limit)
        if not rows:
            return self._undo_made()
        self._open_undo_chunk(upper)
        self._leave_untouchable()
        self._choose_restored()
        self._keep_changed()
        self._restore_customers()
        self._remove_created()
        self._close_undo_chunk(upper)
        return rows

    def _undo_blame(self, error):
        """Leave the next row as it is, and say why it could not be put back."""
        if not self.kind.startswith("import_"):
            return super()._undo_blame(error)
        part = (self.settings or {}).get("undoing")
        upper, rows = self._next_undone(
            SQL("after ? 'customer'")
            if part == "customers"
            else SQL("state IN ('created', 'updated')"),
            1,
        )
        if rows:
            why = " ".join((str(error) or type(error).__name__).split())[:300]
            message = self.env._("This row could not be put back: %s", why)
            self._keep(SQL("l.row = %s", upper), message)
            self.write({"kept": self.kept + rows, "undo_cursor": upper})
        return bool(rows)

    def _next_undone(self, condition, limit):
        """The next rows to take back: (number of the last one, how many).

        :param SQL condition: over the lines of the batch
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT coalesce(max(row), 0), count(*) FROM (
                    SELECT row FROM mini_crm_batch_line
                    WHERE batch_id = %s AND row > %s AND %s
                    ORDER BY row LIMIT %s) next""",
                self.id,
                self.undo_cursor,
                condition,
                limit,
            )
        )
        return self.env.cr.fetchone()

    def _open_undo_chunk(self, upper):
        """Make ``mini_crm_chunk`` of the values before, up to a row.

        ``was`` and ``after``: what the line says; ``before``: what is going to be
        restored; ``kept``: names of what somebody has changed since.
        """
        own = SQL(
            """(SELECT jsonb_object_agg(substr(e.key, %s), e.value)
                FROM jsonb_each(l.before) e WHERE starts_with(e.key, %s))""",
            len(CUSTOM) + 1,
            CUSTOM,
        )
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_chunk")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_chunk ON COMMIT DROP AS
                SELECT l.id, l.row, l.state AS outcome, l.res_id AS partner_id,
                    l.before AS was, l.after, v.*, %s AS custom,
                    (SELECT jsonb_agg(e.key) FROM jsonb_each(l.before) e
                        WHERE e.value = 'null') AS clear,
                    NULL::jsonb AS before, NULL::jsonb AS told, NULL::text[] AS kept,
                    FALSE AS related
                FROM mini_crm_batch_line l
                LEFT JOIN LATERAL jsonb_to_record(l.before) AS v(%s) ON TRUE
                WHERE l.batch_id = %s AND l.row > %s AND l.row <= %s
                    AND l.state IN ('created', 'updated')""",
                own,
                RESTORED,
                self.id,
                self.undo_cursor,
                upper,
            )
        )
        self.env.cr.execute("ANALYZE mini_crm_chunk (id, partner_id, outcome)")

    def _leave_untouchable(self):
        """Leave and list who is by now beyond the reach of an import: see there.

        Rows of these get the outcome ``left`` and have nothing to be put back.
        """
        elsewhere = SQL(
            """EXISTS (SELECT FROM res_partner p WHERE p.id = c.partner_id
            AND p.company_id <> %s)""",
            self.company_id.id,
        )
        texts = {
            "internal_user": self.env._(
                "This is the contact of one of your own users by now: left as it is."
            ),
            "own_company": self.env._(
                "This is the contact of your own company by now: left as it is."
            ),
            "elsewhere": self.env._(
                "This contact belongs to another company by now: left as it is."
            ),
        }
        for code, condition in {
            **self._unreachable_contacts(),
            "elsewhere": elsewhere,
        }.items():
            self.env.cr.execute(
                SQL(
                    """UPDATE mini_crm_chunk c SET outcome = 'left', after = NULL,
                        kept = ARRAY[%s]
                    WHERE c.outcome <> 'left' AND %s""",
                    code,
                    condition,
                )
            )
            mine = SQL(
                """EXISTS (SELECT FROM mini_crm_chunk c
                WHERE c.id = l.id AND c.outcome = 'left' AND c.kept = ARRAY[%s])""",
                code,
            )
            self._keep(mine, texts[code])

    def _choose_restored(self):
        """Find what of each customer still is as the import has left it."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = s.back, told = s.told,
                    kept = s.kept
                FROM (
                    SELECT c.id,
                        jsonb_object_agg(v.name, c.was -> v.name)
                            FILTER (WHERE v.holds) AS back,
                        jsonb_object_agg(v.shown, jsonb_build_array(
                            c.after -> v.name, c.was -> v.name))
                            FILTER (WHERE v.holds AND v.shown <> '') AS told,
                        array_agg(v.name ORDER BY v.name)
                            FILTER (WHERE NOT v.holds AND v.shown <> '') AS kept
                    FROM mini_crm_chunk c
                    JOIN res_partner p ON p.id = c.partner_id
                    LEFT JOIN mini_crm_profile f ON f.id = p.id
                    CROSS JOIN LATERAL (VALUES %s) AS v(name, shown, holds)
                    WHERE c.outcome = 'updated' AND c.was ? v.name
                    GROUP BY c.id) s
                WHERE s.id = c.id""",
                SQL(", ").join(self._holding_rows()),
            )
        )

    def _holding_rows(self):
        """Rows of a name in ``before``, its name for the timeline, whether the contact
        ``p`` still has what the import gave it: list of SQL."""

        def holds(name, value):
            return SQL(
                "to_jsonb(%s) IS NOT DISTINCT FROM nullif(c.after -> %s, 'null')",
                value,
                name,
            )

        rows = []
        for name in (*PLAIN, *PAIRS):
            still = holds(name, SQL.identifier("p", name))
            rows.append(SQL("(%s, %s, %s)", name, name, still))
            if name in PAIRS:
                rows.append(SQL("(%s, '', %s)", PAIRS[name], still))
        since = holds("imported_since", SQL("f.imported_since"))
        rows.append(SQL("('imported_since', 'since', %s)", since))
        for rule in self._custom_rules():
            value = SQL("(p.custom_fields_extra -> %s)", rule.key)
            if rule.slot:
                value = SQL.identifier("p", rule.slot)
            name = CUSTOM + rule.key
            rows.append(SQL("(%s, %s, %s)", name, rule.key, holds(name, value)))
        return rows

    def _keep_changed(self):
        """List the rows with values that somebody has changed since."""
        labels = {**self._field_labels(), "country_id": self.env._("Country")}
        labels |= {
            "source_id": labels.get("source"),
            "user_id": labels.get("owner"),
            "imported_since": labels.get("since"),
        }
        names = SQL(", ").join(
            SQL("(%s, %s)", name, label) for name, label in labels.items()
        )
        self._keep(
            SQL(
                """EXISTS (SELECT FROM mini_crm_chunk c WHERE c.id = l.id
                AND c.outcome = 'updated' AND c.kept IS NOT NULL)"""
            ),
            SQL(
                """%s || ' ' || (
                    SELECT string_agg(coalesce(t.label, k.name), ', ' ORDER BY k.name)
                    FROM mini_crm_chunk c, unnest(c.kept) AS k(name)
                    LEFT JOIN (VALUES %s) AS t(name, label) ON t.name = k.name
                    WHERE c.id = l.id)""",
                self.env._("Changed since the import and left as it is:"),
                names,
            ),
        )

    def _restore_customers(self):
        """Write the values before, take the tags away, and let the pipeline follow."""
        Profile = self.env["mini_crm.profile"]
        self._update_customers()
        self.env.cr.execute(
            """UPDATE mini_crm_profile f SET imported_since = c.imported_since
            FROM mini_crm_chunk c
            WHERE c.partner_id = f.id AND c.before ? 'imported_since'
            RETURNING f.id"""
        )
        dated = [row[0] for row in self.env.cr.fetchall()]
        self._log_restored()
        self.env["res.partner"].invalidate_model(["category_id"])
        if "segments" in self.settings["mapping"].values():
            self._leave_segments()
        Profile._drop(
            SQL(
                """p.id IN (SELECT partner_id FROM mini_crm_chunk
                WHERE after ? 'became')"""
            )
        )
        Profile._forget_cache()
        if dated:
            Profile._refresh(Chosen.among(dated), details=False)

    def _log_restored(self):
        """Take the tags away, and log that and what was put back."""
        common = {
            "partner_id": SQL("p.id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.company_id.id),
        }
        log = self.env["mini_crm.event"]._log_many
        log(
            {**common, "type": SQL("'field_updated'"), "data": SQL("c.told")},
            SQL(
                """FROM mini_crm_chunk c JOIN res_partner p ON p.id = c.partner_id
                WHERE c.told IS NOT NULL"""
            ),
        )
        log(
            {
                **common,
                "type": SQL("'tag_removed'"),
                "data": SQL("jsonb_build_object('tag_id', g.category_id)"),
            },
            SQL("FROM gone g JOIN res_partner p ON p.id = g.partner_id"),
            ctes=SQL(
                """gone AS (
                    DELETE FROM res_partner_res_partner_category_rel r
                    USING mini_crm_chunk c,
                        jsonb_array_elements_text(c.after -> 'tags') t
                    WHERE c.outcome = 'updated' AND r.partner_id = c.partner_id
                        AND r.category_id = t::int
                    RETURNING r.partner_id, r.category_id)"""
            ),
        )

    def _close_undo_chunk(self, upper):
        """Count what was put back and what was left, and move the cursor."""
        self.env.cr.execute(
            """SELECT count(*) FILTER (WHERE kept IS NULL),
                count(*) FILTER (WHERE kept IS NOT NULL) FROM mini_crm_chunk"""
        )
        restored, kept = self.env.cr.fetchone()
        self.write(
            {
                "restored": self.restored + restored,
                "kept": self.kept + kept,
                "undo_cursor": upper,
            }
        )

    def _undo_made(self):
        """Take back tags, sources and currencies that the import has made: 0.

        What anybody uses by now stays.
        """
        made = (self.settings or {}).get("made")
        if made:
            currencies = self.env["res.currency"].browse(made.pop("res.currency", []))
            for model, ids in made.items():
                self._remove_unused(model, ids)
            # sudo is on: the import has switched them on as well
            currencies.exists().filtered(self._is_unused_currency).active = False
            self.settings = {**self.settings, "made": {}}
        return 0

    def _is_unused_currency(self, currency):
        """Whether no purchase is in a currency (bool)."""
        purchases = self.env["mini_crm.purchase"]
        return not purchases.search_count([("currency_id", "=", currency.id)], limit=1)

    def _note_made(self, model, ids):
        """Remember records that this import makes besides customers and purchases."""
        made = dict(self.settings.get("made") or {})
        made[model] = [*made.get(model, []), *ids]
        self.settings = {**self.settings, "made": made}
