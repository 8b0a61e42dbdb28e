from odoo import api, models
from odoo.tools import SQL

from .source_sql import INVOICES, POS, PRECEDENCE, SALES, invoices, point_of_sale, sales

# What a line takes over from its document.
TAKEN = (
    "company_id",
    "partner_id",
    "kind",
    "date",
    "amount",
    "currency_id",
    "quantity",
    "reference",
)


class MiniCrmPurchase(models.Model):
    """Lines that follow documents of other add-ons (docs/purchases.md)."""

    _inherit = "mini_crm.purchase"

    @api.model
    def _purchase_sources(self):
        """Extension list: the sources that are installed, in order of precedence.

        Another room or add-on appends its ``Source``, and its name to the selection
        ``source``.

        :rtype: list[Source]
        """
        installed = [name for name in PRECEDENCE if name in self.env]
        if not installed:
            return []
        states = self.env["mini_crm.purchase.source"]._by_name()
        counted = {n for n in installed if n not in states or states[n].counts}
        sources = []
        if SALES in installed:
            sources.append(sales())
        if POS in installed:
            till = self.env["pos.order.line"]._fields
            settles = "sale_order_origin_id" in till
            sources.append(point_of_sale(counted, settles_orders=settles))
        if INVOICES in installed:
            kept = {n for n in (SALES, POS) if n in states and states[n].kept}
            sources.append(invoices(counted, kept))
        return sources

    @api.model
    def _follow_documents(self, source, ids, *, counts=True):
        """Make the ledger say what some documents say; only differences are written.

        :param Source source: whose documents
        :param list[int] ids: documents, some thousands at most; also deleted ones
        :param bool counts: whether the source counts; if not, its lines are removed
        :return: how many lines were {"entered", "corrected", "removed"}
        :rtype: dict[str, int]
        """
        self.env.flush_all()
        self.env.cr.execute(self._differences(source, ids, counts))
        self.env.cr.execute("SELECT outcome, count(*) FROM mini_crm_pulled GROUP BY 1")
        counted = dict(self.env.cr.fetchall())
        if counted:
            self.env.cr.execute("ANALYZE mini_crm_pulled")  # it was made just now
        if counted.get("entered"):
            counted["entered"] = self._enter_documents(source)
        if counted.get("corrected"):
            self._correct_lines()
        if counted.get("removed"):
            self._remove_lines()
        if counted:
            self.invalidate_model()
        return {n: counted.get(n, 0) for n in ("entered", "corrected", "removed")}

    def _differences(self, source, ids, counts):
        """Table ``mini_crm_pulled`` of the documents that the ledger tells wrongly."""
        return SQL(
            """
            DROP TABLE IF EXISTS mini_crm_pulled;
            CREATE TEMPORARY TABLE mini_crm_pulled ON COMMIT DROP AS
            WITH given AS MATERIALIZED (
                SELECT d.document_id, d.made, d.company_id,
                    CASE WHEN %(eligible)s THEN p.id
                        ELSE p.commercial_partner_id END AS partner_id,
                    CASE WHEN d.amount < 0 THEN 'refund' ELSE 'purchase' END AS kind,
                    d.date, round(d.amount::numeric,
                        greatest(0, round(-log(c.rounding)))::int) AS amount,
                    d.currency_id, coalesce(d.quantity, 1)::float8 AS quantity,
                    d.reference::varchar AS reference
                FROM (%(select)s) d
                JOIN res_partner p ON p.id = d.partner_id
                JOIN res_currency c ON c.id = d.currency_id
                WHERE d.document_id = ANY(%(ids)s) AND d.live AND %(counts)s
            ), known AS MATERIALIZED (
                SELECT * FROM mini_crm_purchase
                WHERE source = %(name)s AND document_id = ANY(%(ids)s)
                    AND document_id > 0
            )
            SELECT CASE WHEN l.id IS NULL THEN 'entered'
                    WHEN g.document_id IS NULL THEN 'removed'
                    ELSE 'corrected' END AS outcome,
                l.id AS line_id, g.*
            FROM given g FULL JOIN known l ON l.document_id = g.document_id
            WHERE l.id IS NULL OR g.document_id IS NULL
                OR (%(new)s) IS DISTINCT FROM (%(old)s)""",
            eligible=self.env["res.partner"]._customer_eligible_condition("p"),
            select=source.select,
            ids=ids,
            counts=counts,
            name=source.name,
            new=_columns(TAKEN, "g"),
            old=_columns(TAKEN, "l"),
        )

    def _enter_documents(self, source):
        """Enter the documents that have no line: how many."""
        columns = (*TAKEN, "document_id")
        return self._record_many(
            {
                **{n: SQL.identifier("c", n) for n in columns if n != "kind"},
                "origin": SQL(
                    "%s || c.document_id || to_char(c.made, ':YYYYMMDDHH24MISS')",
                    f"{source.name}:",
                ),
            },
            SQL("FROM mini_crm_pulled c WHERE c.outcome = 'entered' ORDER BY c.date"),
        )

    def _correct_lines(self):
        """Correct the lines whose documents have changed, and log what people see.

        A line that moves to another customer is told to both.
        """
        told = SQL(
            """FROM before o JOIN corrected n ON n.id = o.id
            CROSS JOIN LATERAL (SELECT %s AS data) t
            CROSS JOIN LATERAL (SELECT DISTINCT unnest(
                ARRAY[o.partner_id, n.partner_id]) AS partner_id) w
            WHERE t.data IS NOT NULL""",
            _changes(_told("o"), _told("n")),
        )
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("w.partner_id"),
                "company_id": SQL("n.company_id"),
                "type": SQL("'purchase_changed'"),
                "data": SQL("t.data"),
                "summary": SQL("n.reference"),
                "res_model": SQL("'mini_crm.purchase'"),
                "res_id": SQL("n.id"),
            },
            told,
            ctes=self._correcting_ctes(),
        )

    @api.model
    def _correcting_ctes(self):
        """CTEs that correct lines; ``before`` and ``corrected`` return them."""
        return SQL(
            """given AS MATERIALIZED (
                SELECT * FROM mini_crm_pulled WHERE outcome = 'corrected'),
            rate AS MATERIALIZED (%(rates)s),
            before AS MATERIALIZED (
                SELECT l.* FROM mini_crm_purchase l
                JOIN given g ON g.line_id = l.id),
            corrected AS (
                UPDATE mini_crm_purchase l SET (%(taken)s) = ROW(%(new)s),
                    amount_company =
                        round((g.amount * coalesce(r.factor, 1))::numeric, r.digits),
                    write_uid = %(uid)s, write_date = now() AT TIME ZONE 'utc'
                FROM given g JOIN rate r ON r.company_id = g.company_id
                    AND r.currency_id = g.currency_id AND r.day = g.date::date
                WHERE l.id = g.line_id RETURNING l.*)""",
            rates=self._rates_select(),
            taken=_columns(TAKEN),
            new=_columns(TAKEN, "g"),
            uid=self.env.uid,
        )

    def _remove_lines(self):
        """Take out the lines whose documents no longer count, and log it."""
        nothing = {name: SQL("NULL::jsonb") for name in _told("o")}
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("o.partner_id"),
                "company_id": SQL("o.company_id"),
                "type": SQL("'purchase_changed'"),
                "data": _changes(_told("o"), nothing),
                "summary": SQL("o.reference"),
            },
            SQL("FROM removed o"),
            ctes=SQL(
                """removed AS (
                    DELETE FROM mini_crm_purchase l USING mini_crm_pulled c
                    WHERE c.outcome = 'removed' AND l.id = c.line_id RETURNING l.*)"""
            ),
        )


def _columns(names, alias=None):
    """Column names, comma separated, of an alias if given."""
    parts = (SQL.identifier(*filter(None, (alias, name))) for name in names)
    return SQL(", ").join(parts)


def _told(alias):
    """Values of a line as the timeline tells them: {name: jsonb expression}.

    The same as ``_told()`` of a record, in SQL.
    """
    line = SQL.identifier(alias)
    return {
        "partner_id": SQL(
            """to_jsonb((SELECT complete_name FROM res_partner
            WHERE id = %s.partner_id))""",
            line,
        ),
        "date": SQL("""to_jsonb(to_char(%s.date, 'YYYY-MM-DD"T"HH24:MI:SS'))""", line),
        "amount": SQL("to_jsonb(%s.amount)", line),
        "currency_id": SQL(
            "to_jsonb((SELECT name FROM res_currency WHERE id = %s.currency_id))", line
        ),
        "kind": SQL("to_jsonb(%s.kind)", line),
        "quantity": SQL("to_jsonb(%s.quantity)", line),
        "reference": SQL("to_jsonb(nullif(%s.reference, ''))", line),
    }


def _changes(old, new):
    """jsonb of what differs, ``{name: [old, new]}``; NULL when nothing does."""
    rows = SQL(", ").join(
        SQL("(%s, %s, %s)", name, old[name], new[name]) for name in old
    )
    return SQL(
        """(SELECT jsonb_object_agg(v.name, jsonb_build_array(v.old, v.new))
        FROM (VALUES %s) v(name, old, new) WHERE v.old IS DISTINCT FROM v.new)""",
        rows,
    )
