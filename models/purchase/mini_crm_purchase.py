import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Columns that a source of purchases must give; the others have defaults.
NEEDED = ("partner_id", "date", "amount", "origin")
DEFAULTS = {
    "quantity": SQL("1.0"),
    "reference": SQL("NULL::varchar"),
    "document_id": SQL("0"),
}
# What a correction of a line is told about in the timeline.
CORRECTED = (
    "partner_id",
    "date",
    "amount",
    "currency_id",
    "kind",
    "quantity",
    "reference",
)


class MiniCrmPurchase(models.Model):
    """One line of the ledger: a purchase, or a refund as a negative amount.

    ``origin`` is the idempotency key within a company (docs/architecture.md): where the
    line came from and its key there, e.g. ``import:7f3a...`` or
    ``sale.order:42:20260131120000`` (id and the time it was made: ids come back when an
    add-on is installed again).
    """

    _name = "mini_crm.purchase"
    _description = "Purchase"
    _order = "date desc, id desc"
    _rec_name = "reference"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("purchase", "Purchase"), ("refund", "Refund")],
        required=True,
        default="purchase",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, help="UTC")
    amount = fields.Monetary(
        required=True, help="In the currency of the purchase; a refund is negative."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
        help="At the rate of the day of the purchase.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    quantity = fields.Float(default=1.0)
    reference = fields.Char(help="Number of the order, receipt or invoice.")
    origin = fields.Char(required=True, readonly=True, copy=False, index=False)
    source = fields.Selection(
        [
            ("manual", "Entered by hand"),
            ("sale.order", "Sales"),
            ("pos.order", "Point of Sale"),
            ("account.move", "Invoicing"),
            ("other", "Other"),
        ],
        "Where From",
        required=True,
        readonly=True,
        copy=False,
        default="manual",
        help="What the origin begins with.",
    )
    document_id = fields.Integer(
        readonly=True,
        copy=False,
        help="Document of the source; 0: there is none, negative: its add-on is gone.",
    )

    _origin_uniq = models.Constraint(
        "UNIQUE(company_id, origin)", "This purchase is in the ledger already."
    )
    _partner_idx = models.Index("(partner_id, date DESC)")
    _company_date_idx = models.Index("(company_id, date DESC, id DESC)")
    _document_uniq = models.UniqueIndex("(source, document_id) WHERE document_id > 0")
    # Which invoices come from documents that are gone: by their number
    _gone_idx = models.Index("(company_id, reference) WHERE document_id < 0")
    _sign_check = models.Constraint(
        "CHECK ((kind = 'purchase' AND amount >= 0)"
        " OR (kind = 'refund' AND amount <= 0))",
        "The amount of a purchase cannot be negative, that of a refund not positive.",
    )

    @api.depends("amount", "currency_id", "company_id", "date")
    def _compute_amount_company(self):
        for line in self:
            line.amount_company = line.currency_id._convert(
                line.amount,
                line.company_id.currency_id,
                line.company_id,
                (line.date or fields.Datetime.now()).date(),
            )

    # Single edits by people

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["origin"] = vals.get("origin") or f"manual:{uuid.uuid4().hex}"
            vals["source"] = self._source_of(vals["origin"])
            if vals.get("amount", 0) < 0:
                vals.setdefault("kind", "refund")
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner._ledger_customer().id
        lines = super().create(vals_list)
        lines._log_made()
        return lines

    def write(self, vals):
        corrected = [name for name in CORRECTED if name in vals]
        if corrected:
            self._check_by_hand()
        before = [(line, line._told(corrected)) for line in self] if corrected else []
        partners = {line.id: line.partner_id for line in self}
        result = super().write(vals)
        for line, old in before:
            new = line._told(corrected)
            data = {n: [old[n], new[n]] for n in corrected if old[n] != new[n]}
            for partner in partners[line.id] | line.partner_id if data else ():
                partner._log(
                    "purchase_changed",
                    data=data,
                    record=line,
                    company_id=line.company_id.id,
                )
        return result

    def unlink(self):
        self._check_by_hand()
        removed = [
            (line.partner_id, line.company_id, line._told(CORRECTED)) for line in self
        ]
        result = super().unlink()
        for partner, company, old in removed:
            data = {n: [value, None] for n, value in old.items() if value is not None}
            partner._log("purchase_changed", data=data, company_id=company.id)
        return result

    def _check_by_hand(self):
        """Refuse to change lines that follow a document of another add-on."""
        pulled = self.filtered(lambda line: line.document_id > 0)
        if pulled and not self.env.su:
            raise UserError(
                self.env._(
                    "%(reference)s comes from %(application)s. Change it there: this"
                    " line follows within a minute.",
                    reference=pulled[0].reference or self.env._("This purchase"),
                    application=pulled[0]._source_label(),
                )
            )

    def _source_label(self):
        """Name of the source for people."""
        self.ensure_one()
        return dict(self._fields["source"]._description_selection(self.env))[
            self.source
        ]

    @api.model
    def _source_of(self, origin):
        """The source that an origin begins with; "other" when nobody knows it."""
        source = origin.partition(":")[0]
        known = self._fields["source"].get_values(self.env)
        return source if source in known else "other"

    def _told(self, names):
        """Values of this line as the timeline tells them: {name: JSON value}."""
        self.ensure_one()
        told = {
            "partner_id": self.partner_id.display_name,
            "date": self.date.isoformat(),
            "amount": self.amount,
            "currency_id": self.currency_id.name,
            "kind": self.kind,
            "quantity": self.quantity,
            "reference": self.reference or None,
        }
        return {name: told[name] for name in names}

    def _log_made(self):
        """Log the event of each of these lines."""
        self.env.flush_all()
        self._log_lines(
            SQL("FROM mini_crm_purchase l WHERE l.id = ANY(%s)", list(self.ids))
        )

    # The set-based door

    @api.model
    def _record_many(self, columns, source):
        """Enter one line per row of a SQL source, with its event; in one statement.

        A row whose (company, origin) is in the ledger already is left out. The currency
        defaults to the company's; ``kind`` follows the sign of the amount; amounts in
        company currency are at the rate of the day (UTC) of the purchase.

        :param dict[str, SQL] columns: column -> expression over ``source``; needed are
            ``partner_id``, ``date`` (UTC), ``amount`` (refunds negative) and ``origin``
        :param SQL source: ``FROM ...`` clause with joins and conditions
        :return: number of lines entered
        :rtype: int
        """
        missing = [name for name in NEEDED if name not in columns]
        if missing:
            raise ValueError(f"Purchases need {', '.join(missing)}")
        company = self.env.company
        columns = {
            **DEFAULTS,
            "company_id": SQL("%s", company.id),
            "currency_id": SQL("%s", company.currency_id.id),
            **columns,
        }
        self.env.flush_all()
        select = SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in columns.items()
        )
        count = self._log_lines(
            SQL("FROM recorded l"),
            self._recording_ctes(SQL("SELECT %s %s", select, source)),
        )
        self.invalidate_model()
        return count

    @api.model
    def _recording_ctes(self, select):
        """CTEs that enter the rows of ``select``; ``recorded`` returns them."""
        return SQL(
            """
            given AS MATERIALIZED (%(select)s),
            rate AS MATERIALIZED (%(rates)s),
            recorded AS (
                INSERT INTO mini_crm_purchase (
                    company_id, partner_id, kind, date, amount, currency_id,
                    amount_company, quantity, reference, origin, source, document_id,
                    create_uid, create_date, write_uid, write_date)
                SELECT g.company_id,
                    CASE WHEN %(eligible)s THEN p.id ELSE p.commercial_partner_id END,
                    CASE WHEN g.amount < 0 THEN 'refund' ELSE 'purchase' END,
                    g.date, g.amount, g.currency_id,
                    round((g.amount * coalesce(r.factor, 1))::numeric, r.digits),
                    g.quantity, g.reference, g.origin,
                    CASE WHEN split_part(g.origin, ':', 1) = ANY(%(sources)s)
                        THEN split_part(g.origin, ':', 1) ELSE 'other' END,
                    g.document_id,
                    %(uid)s, now() AT TIME ZONE 'utc', %(uid)s, now() AT TIME ZONE 'utc'
                FROM given g
                JOIN res_partner p ON p.id = g.partner_id
                JOIN rate r ON r.company_id = g.company_id
                    AND r.currency_id = g.currency_id AND r.day = g.date::date
                ON CONFLICT (company_id, origin) DO NOTHING
                RETURNING *
            )""",
            select=select,
            rates=self._rates_select(),
            eligible=self.env["res.partner"]._customer_eligible_condition("p"),
            sources=self._fields["source"].get_values(self.env),
            uid=self.env.uid,
        )

    @api.model
    def _rates_select(self):
        """Factor to company currency for each (company, currency, day) in ``given``.

        As ``res.currency._convert`` does it: the latest rate of the day or before, the
        company's own before the common one; else the earliest; else 1.
        """

        def rate_of(currency):
            return SQL(
                """coalesce(
                    (SELECT rate FROM res_currency_rate c
                        WHERE c.currency_id = %(currency)s AND c.name <= d.day
                        AND (c.company_id IS NULL OR c.company_id = d.root_id)
                        ORDER BY c.company_id, c.name DESC LIMIT 1),
                    (SELECT rate FROM res_currency_rate c
                        WHERE c.currency_id = %(currency)s
                        AND (c.company_id IS NULL OR c.company_id = d.root_id)
                        ORDER BY c.company_id, c.name LIMIT 1),
                    1.0)""",
                currency=currency,
            )

        return SQL(
            """SELECT d.company_id, d.currency_id, d.day,
                CASE WHEN d.currency_id = d.target_id THEN 1
                    ELSE %s / %s END AS factor,
                greatest(0, round(-log(t.rounding)))::int AS digits
            FROM (SELECT DISTINCT g.company_id, g.currency_id, g.date::date AS day,
                    c.currency_id AS target_id,
                    split_part(c.parent_path, '/', 1)::int AS root_id
                FROM given g JOIN res_company c ON c.id = g.company_id) d
            JOIN res_currency t ON t.id = d.target_id""",
            rate_of(SQL("d.target_id")),
            rate_of(SQL("d.currency_id")),
        )

    @api.model
    def _log_lines(self, source, ctes=None):
        """Log the events of the ledger lines ``l`` of ``source``: their number."""
        return self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("l.partner_id"),
                "company_id": SQL("l.company_id"),
                "type": SQL(
                    "CASE l.kind WHEN 'refund' THEN 'purchase_refunded'"
                    " ELSE 'purchase_made' END"
                ),
                "date": SQL("l.date"),
                "amount": SQL("l.amount"),
                "currency_id": SQL("l.currency_id"),
                "summary": SQL("l.reference"),
                "res_model": SQL("'mini_crm.purchase'"),
                "res_id": SQL("l.id"),
                "external_key": SQL("'purchase:' || l.id"),
            },
            source,
            ctes=ctes,
        )
