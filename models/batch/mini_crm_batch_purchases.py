from odoo import models
from odoo.tools import SQL

ORIGIN = SQL("'import:' || c.key")


class MiniCrmBatch(models.Model):
    """Purchases: entered in the ledger once, whatever file they come in (A13)."""

    _inherit = "mini_crm.batch"

    # Plan

    def _plan_purchases(self):
        """Decide what becomes of each row of the chunk."""
        self._plan_partners()
        self._find_entered()
        if not self.settings.get("create_customers"):
            self._find_problems("customer_unknown", SQL("c.partner_id IS NULL"))
        self.env.cr.execute(
            "UPDATE mini_crm_chunk SET outcome = 'created' WHERE outcome IS NULL"
        )

    def _find_entered(self):
        """Rows that are in the ledger: unchanged, or left alone when they differ."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET res_id = e.id,
                    outcome = CASE WHEN e.differs THEN 'skipped' ELSE 'unchanged' END,
                    problem = CASE WHEN e.differs THEN jsonb_build_object(
                        'code', 'purchase_differs', 'value', c.reference) END
                FROM (
                    SELECT c.id AS line_id, l.id, c.reference IS NOT NULL AND (
                        l.amount IS DISTINCT FROM c.amount
                        OR l.date IS DISTINCT FROM c.date
                        OR r.name IS DISTINCT FROM c.currency
                        OR (c.partner_id IS NOT NULL AND l.partner_id <> c.partner_id
                            AND l.partner_id <> p.commercial_partner_id)) AS differs
                    FROM mini_crm_chunk c
                    JOIN mini_crm_purchase l
                        ON l.company_id = %s AND l.origin = %s
                    JOIN res_currency r ON r.id = l.currency_id
                    LEFT JOIN res_partner p ON p.id = c.partner_id) e
                WHERE e.line_id = c.id""",
                self.company_id.id,
                ORIGIN,
            )
        )

    # Apply

    def _apply_purchases(self):
        """Enter the planned rows of the chunk; create the customers they lack."""
        self._create_missing_customers()
        self._activate_currencies()
        self.env["mini_crm.purchase"]._record_many(
            {
                "partner_id": SQL("c.partner_id"),
                "date": SQL("c.date"),
                "amount": SQL("c.amount"),
                "currency_id": SQL("r.id"),
                "quantity": SQL("c.quantity"),
                "reference": SQL("c.reference"),
                "origin": ORIGIN,
            },
            SQL(
                """FROM mini_crm_chunk c JOIN res_currency r ON r.name = c.currency
                WHERE c.outcome = 'created' ORDER BY c.row"""
            ),
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET res_id = l.id FROM mini_crm_purchase l
                WHERE c.outcome = 'created' AND l.company_id = %s AND l.origin = %s""",
                self.company_id.id,
                ORIGIN,
            )
        )

    def _create_missing_customers(self):
        """A customer for each key of the chunk that nobody has."""
        self.env.cr.execute(
            """DROP TABLE IF EXISTS mini_crm_chunk_new;
            CREATE TEMPORARY TABLE mini_crm_chunk_new ON COMMIT DROP AS
            SELECT DISTINCT ON (customer) * FROM mini_crm_chunk
            WHERE outcome = 'created' AND partner_id IS NULL ORDER BY customer, row"""
        )
        if not self.env.cr.rowcount:
            return
        self.env.cr.execute(
            "UPDATE mini_crm_chunk_new SET partner_id = nextval('res_partner_id_seq')"
        )
        self._create_customers(SQL("mini_crm_chunk_new"), SQL("TRUE"))
        self.env.cr.execute(
            """UPDATE mini_crm_chunk c SET partner_id = n.partner_id
            FROM mini_crm_chunk_new n
            WHERE c.outcome = 'created' AND c.partner_id IS NULL
                AND n.customer = c.customer;
            UPDATE mini_crm_chunk c
            SET told = jsonb_build_object('customer', n.partner_id)
            FROM mini_crm_chunk_new n WHERE n.id = c.id"""
        )
        self.env["mini_crm.profile"]._make(
            SQL("p.id IN (SELECT partner_id FROM mini_crm_chunk_new)")
        )
        self.env["mini_crm.event"]._log_many(
            {"partner_id": SQL("c.partner_id"), "type": SQL("'customer_created'")},
            SQL("FROM mini_crm_chunk_new c"),
        )

    def _activate_currencies(self):
        """Switch on the currencies of the chunk; the check has announced it."""
        self.env.cr.execute(
            """SELECT id FROM res_currency r WHERE r.active IS NOT TRUE AND EXISTS (
                SELECT FROM mini_crm_chunk c
                WHERE c.currency = r.name AND c.outcome = 'created')"""
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:
            # the batch is in superuser mode: managers may not edit currencies, but
            # what they import must not end in one that is switched off
            self.env["res.currency"].browse(ids).write({"active": True})
            self._note_made("res.currency", ids)
            self.env.flush_all()
