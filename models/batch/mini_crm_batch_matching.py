from odoo import models
from odoo.tools import SQL

from ...engine.columns import CUSTOM
from .mini_crm_batch_staging import IDENTITIES

KEY_VALUE = SQL("c.key_value")


class MiniCrmBatch(models.Model):
    """Which customer a row of an import is about, and whom it looks like."""

    _inherit = "mini_crm.batch"

    def _plan_partners(self):
        """Find the customer of each row of the chunk: ``partner_id``, or ``problem``.

        Contacts of the company or of none fit, customers before others and active ones
        before archived ones; two that fit equally well are a problem. So is the contact
        of an internal user or of a company of ours, somebody in the bin, and a second
        row about somebody.
        """
        self.env.cr.execute("SELECT DISTINCT key_kind FROM mini_crm_chunk")
        for (kind,) in self.env.cr.fetchall():
            self._match_partners(kind, *self._key_columns(kind))
            if kind == "ref":  # one that is not stored as it would be today
                self._match_partners(kind, SQL("p.ref"), SQL("c.said ->> 'ref'"))
        binned = SQL(
            """EXISTS (SELECT FROM res_partner b
            WHERE b.id = c.partner_id AND b.binned_at IS NOT NULL)"""
        )
        for code, condition in {
            **self._unreachable_contacts(),
            "in_bin": binned,
        }.items():
            self._find_problems(code, SQL("c.partner_id IS NOT NULL AND %s", condition))
        if self._matches_by_many():
            self._refuse_second_rows()

    def _unreachable_contacts(self):
        """Contacts that neither an import nor its undo changes: {code: SQL condition
        over ``c.partner_id``}."""
        return {
            "internal_user": SQL(
                """EXISTS (SELECT FROM res_users u
                WHERE u.partner_id = c.partner_id AND u.share IS NOT TRUE)"""
            ),
            "own_company": SQL(
                """EXISTS (SELECT FROM res_company o
                WHERE o.partner_id = c.partner_id)"""
            ),
        }

    def _key_columns(self, kind):
        """Column of the contact ``p`` that a kind of key is compared with, and the key
        of the chunk's row ``c`` in the column's type: two SQL."""
        if kind != CUSTOM.rstrip(":"):
            return SQL.identifier("p", IDENTITIES[kind]), SQL("c.key_value")
        rule = self._all_rules()[self.settings["key"].removeprefix(CUSTOM)]
        number = rule.type == "number"
        value = SQL("c.key_value::float8" if number else "c.key_value")
        if rule.slot:
            return SQL.identifier("p", rule.slot), value
        return SQL("p.custom_fields_extra -> %s", rule.key), SQL("to_jsonb(%s)", value)

    def _match_partners(self, kind, column, value=KEY_VALUE):
        """Match the rows of the chunk that are recognised by one kind of key.

        :param SQL column: of the contact ``p``
        :param SQL value: of the chunk's row ``c``
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET
                    partner_id = CASE WHEN m.n = 1 THEN m.partner_id END,
                    outcome = CASE WHEN m.n > 1 THEN 'failed' END,
                    problem = CASE WHEN m.n > 1 THEN jsonb_build_object(
                        'code', 'ambiguous', 'count', m.n, 'value', m.names) END
                FROM (
                    SELECT id, min(partner_id) AS partner_id, count(*) AS n,
                        string_agg(left(name, 40), ', ' ORDER BY partner_id) AS names
                    FROM (
                        SELECT c.id, p.id AS partner_id, p.complete_name AS name,
                            rank() OVER (PARTITION BY c.id
                                ORDER BY f.id IS NULL, p.active IS NOT TRUE) AS fit
                        FROM mini_crm_chunk c
                        JOIN res_partner p ON %(column)s = %(value)s
                        LEFT JOIN mini_crm_profile f ON f.id = p.id
                        WHERE c.key_kind = %(kind)s AND c.partner_id IS NULL
                            AND c.outcome IS NULL AND %(ours)s) fits
                    WHERE fit = 1 GROUP BY id) m
                WHERE m.id = c.id""",
                column=column,
                value=value,
                kind=kind,
                ours=self._our_contacts(),
            )
        )

    def _our_contacts(self):
        """SQL condition: an import of this company may be about the contact ``p``."""
        return SQL(
            "p.type = 'contact' AND (p.company_id IS NULL OR p.company_id = %s)",
            self.company_id.id,
        )

    def _matches_by_many(self):
        """Whether two rows with different keys may be about one customer."""
        return self.kind == "import_customers" and self.settings["key"] == "any"

    def _refuse_second_rows(self):
        """Fail rows about a customer whom an earlier row of the file is about.

        What that row writes can make this one fit nobody any more: so the customer who
        the check has found counts as well.
        """
        self.env.cr.execute(
            SQL(
                """WITH told AS (
                    SELECT c.id, c.row, coalesce(c.partner_id, l.res_id) AS target
                    FROM mini_crm_chunk c JOIN mini_crm_batch_line l ON l.id = c.id
                    WHERE c.outcome IS NULL
                        AND coalesce(c.partner_id, l.res_id) IS NOT NULL
                ), earlier AS (
                    SELECT res_id AS target, min(row) AS row FROM mini_crm_batch_line
                    WHERE batch_id = %s AND row <= %s
                        AND res_id IN (SELECT target FROM told) GROUP BY res_id
                ), first AS (
                    SELECT t.id, t.row, least(e.row, min(t.row) OVER w) AS first
                    FROM told t LEFT JOIN earlier e USING (target)
                    WINDOW w AS (PARTITION BY t.target)
                )
                UPDATE mini_crm_chunk c SET outcome = 'failed', problem =
                    jsonb_build_object('code', 'second_row', 'other', f.first,
                        'value', c.key_value)
                FROM first f WHERE f.id = c.id AND f.row > f.first""",
                self.id,
                self.cursor,
            )
        )

    def _remember_partners(self):
        """Keep with the lines whom the check has found: of the rows with a problem for
        those who correct them, of all for ``_refuse_second_rows``."""
        if self.kind != "import_customers":
            return  # a line of purchases leads to the purchase
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_batch_line l SET res_id = w.partner_id
                FROM mini_crm_chunk c CROSS JOIN LATERAL (SELECT CASE
                    WHEN %s OR c.problem IS NOT NULL THEN c.partner_id
                    END AS partner_id) w
                WHERE l.id = c.id AND l.res_id IS DISTINCT FROM w.partner_id""",
                self._matches_by_many(),
            )
        )

    def _find_problems(self, code, condition, outcome="failed"):
        """Give rows of the chunk a problem and with it their outcome.

        :param str code: see ``_problem_texts``
        :param SQL condition: over the chunk's row ``c``; rows that have an outcome
            already are left alone
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET outcome = %s, problem =
                    jsonb_build_object('code', %s::text, 'value', c.key_value)
                WHERE c.outcome IS NULL AND %s""",
                outcome,
                code,
                condition,
            )
        )

    # People who may be somebody we know

    def _find_similar(self):
        """New customers of the chunk whose phone, e-mail or key somebody has already.

        They are told of, and skipped where that was chosen. Rows that look like an
        earlier one of the file were found when it was read; whom this import itself has
        created does not count, so that check and run say the same.
        """
        key = self.settings["key"]
        if key == "any" or self._setting("existing") == "create":
            return
        outcome = "skipped" if self._setting("similar") == "skip" else None
        new = SQL("c.outcome IS NULL AND c.partner_id IS NULL AND c.problem IS NULL")
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET outcome = %s, problem =
                    jsonb_build_object('code', 'similar_row', 'other', c.similar_row,
                        'value', coalesce(c.name, c.shown_name))
                WHERE %s AND c.similar_row IS NOT NULL""",
                outcome,
                new,
            )
        )
        for name, column in IDENTITIES.items():
            if name != key:
                self._find_similar_by(SQL.identifier(column), new, outcome)

    def _find_similar_by(self, column, new, outcome):
        """See ``_find_similar``, by one column of contacts.

        Each new row looks into the column's index, whatever the planner believes of
        contacts: after the first import its statistics are of an empty shop.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk s SET outcome = %(outcome)s, problem =
                    jsonb_build_object('code', 'similar_customer', 'value', m.names)
                FROM (SELECT c.id, c.%(column)s FROM mini_crm_chunk c
                    WHERE %(new)s AND c.%(column)s IS NOT NULL) n
                CROSS JOIN LATERAL (
                    SELECT string_agg(left(p.complete_name, 40), ', '
                        ORDER BY p.id) AS names
                    FROM res_partner p WHERE p.%(column)s = n.%(column)s
                        AND %(ours)s AND p.active AND p.id <= %(last)s) m
                WHERE m.names IS NOT NULL AND n.id = s.id""",
                outcome=outcome,
                column=column,
                new=new,
                ours=self._our_contacts(),
                last=self._last_contact(),
            )
        )

    def _last_contact(self):
        """Highest id of a contact when this check or run began."""
        settings = self.settings
        if not self.cursor or "last_contact" not in settings:
            self.env.cr.execute("SELECT coalesce(max(id), 0) FROM res_partner")
            settings = {**settings, "last_contact": self.env.cr.fetchone()[0]}
            self.settings = settings
        return settings["last_contact"]
