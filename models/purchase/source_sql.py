"""Purchases as Odoo's Sales, Point of Sale and Invoicing know them (docs/purchases.md).

Each function returns a ``Source``. ``counted`` are the names of the sources that count:
what one of them tells already, a later one leaves out.
"""

from odoo.tools import SQL

from .source import Source

SALES, POS, INVOICES = "sale.order", "pos.order", "account.move"
# A document of an earlier one wins over a later one's that was made from it.
PRECEDENCE = (SALES, POS, INVOICES)

_SOLD = SQL("o.state IN ('sale', 'done')")
_PAID = SQL("o.state IN ('paid', 'done', 'invoiced')")
_BILLS = SQL("d.move_type IN ('out_invoice', 'out_refund', 'out_receipt')")
# Totals of an order and of its invoices may differ by some cents of rounding.
_ROUNDING = SQL("0.005")


def sales():
    """Confirmed orders of Sales, at their total with taxes."""
    return Source(
        SALES,
        "sale_order",
        SQL(
            """SELECT o.id AS document_id, o.create_date AS made, o.company_id,
                o.partner_id, o.date_order AS date, o.amount_total AS amount,
                o.currency_id, q.quantity, o.name AS reference, %s AS live
            FROM sale_order o LEFT JOIN LATERAL (
                SELECT sum(l.product_uom_qty) AS quantity FROM sale_order_line l
                WHERE l.order_id = o.id AND l.display_type IS NULL
                    AND l.is_downpayment IS NOT TRUE) q ON TRUE""",
            _SOLD,
        ),
    )


def point_of_sale(counted, *, settles_orders):
    """Paid orders of Point of Sale; refunds are orders with a negative total.

    :param bool settles_orders: orders of Sales can be paid at the till: their lines are
        told by Sales already, but for those given back
    """
    by_sales = settles_orders and SALES in counted
    settled = SQL(
        """EXISTS (SELECT FROM sale_order o WHERE o.id = l.sale_order_origin_id
            AND %s AND l.refunded_orderline_id IS NULL)""",
        _SOLD,
    )
    return Source(
        POS,
        "pos_order",
        SQL(
            """SELECT o.id AS document_id, o.create_date AS made, o.company_id,
                o.partner_id, o.date_order AS date,
                o.amount_total - coalesce(t.settled, 0) AS amount,
                c.currency_id, t.quantity,
                coalesce(nullif(o.pos_reference, ''), o.name) AS reference,
                %(paid)s AND t.own IS NOT FALSE AS live
            FROM pos_order o JOIN pos_config c ON c.id = o.config_id
            LEFT JOIN LATERAL (
                SELECT sum(l.qty) FILTER (WHERE NOT l.elsewhere) AS quantity,
                    sum(l.price_subtotal_incl) FILTER (WHERE l.elsewhere) AS settled,
                    bool_or(NOT l.elsewhere) AS own
                FROM (SELECT l.qty, l.price_subtotal_incl, %(settled)s AS elsewhere
                    FROM pos_order_line l
                    WHERE l.order_id = o.id OFFSET 0) l) t ON TRUE""",
            paid=_PAID,
            settled=settled if by_sales else SQL("FALSE"),
        ),
        follows={SALES: _till_of_sales} if by_sales else {},
    )


def invoices(counted, kept):
    """Posted invoices and receipts of customers; credit notes are negative.

    Lines that come from a counted order of Sales are left out, and so is the invoice of
    a counted order of Point of Sale. A credit note counts as far as its order was not
    invoiced anew (`_credited`).

    :param set kept: sources whose add-on is gone while their lines are in the ledger:
        their invoices are known by the number of the order
    """
    conditions = [SQL("m.state = 'posted'")]
    elsewhere, follows = SQL("0"), {}
    if POS in counted:
        conditions.append(_NOT_OF_POS)
        follows[POS] = _invoices_of_pos
    if SALES in counted:
        elsewhere = _of_sales()
        follows |= {SALES: _invoices_of_sales, INVOICES: _credit_notes_beside}
    if kept:
        conditions.append(_not_of_kept(kept))
    return Source(
        INVOICES,
        "account_move",
        SQL(
            """SELECT m.id AS document_id, m.create_date AS made, m.company_id,
                m.partner_id,
                -- noon: the same day from Honolulu to Auckland
                coalesce(m.invoice_date, m.date) + time '12:00' AS date,
                s.sign * (m.amount_total - coalesce(t.elsewhere, 0)) AS amount,
                m.currency_id, s.sign * t.quantity AS quantity, m.name AS reference,
                %(conditions)s AND t.own IS NOT FALSE AS live
            FROM account_move m
            CROSS JOIN LATERAL (SELECT
                CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign) s
            LEFT JOIN LATERAL (%(lines)s) t ON TRUE
            WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')""",
            conditions=SQL(" AND ").join(conditions),
            lines=_lines_of_invoice(elsewhere),
        ),
        among=_BILLS,
        follows=follows,
    )


def _lines_of_invoice(elsewhere):
    """Sums over the lines of the invoice ``m``.

    :param SQL elsewhere: part of the line ``l`` that another source tells
    """
    return SQL(
        """SELECT sum(l.quantity * (1 - l.elsewhere)) AS quantity,
            sum(l.price_total * l.elsewhere) AS elsewhere,
            bool_or(l.elsewhere < 1) AS own
        FROM (SELECT l.quantity, l.price_total, coalesce(%s, 0) AS elsewhere
            FROM account_move_line l
            WHERE l.move_id = m.id AND l.display_type = 'product' OFFSET 0) l""",
        elsewhere,
    )


_NOT_OF_POS = SQL(
    """NOT EXISTS (SELECT FROM pos_order o WHERE o.account_move = m.id
        AND o.partner_id IS NOT NULL AND %s)""",
    _PAID,
)


def _not_of_kept(kept):
    """Condition: no line of a source that is gone has the number in the origin of the
    invoice ``m``."""
    return SQL(
        """(m.move_type = 'out_refund' OR NOT EXISTS (
            SELECT FROM mini_crm_purchase k WHERE k.company_id = m.company_id
                AND k.document_id < 0 AND k.source = ANY(%s)
                AND k.reference = ANY(string_to_array(m.invoice_origin, ', '))))""",
        list(kept),
    )


def _of_sales():
    """Part of the invoice line ``l`` of ``m`` that an order of Sales tells: 0 to 1."""
    return SQL(
        """(SELECT CASE m.move_type WHEN 'out_refund' THEN 1 - (%(credited)s) ELSE 1 END
            FROM sale_order_line_invoice_rel r
            JOIN sale_order_line s ON s.id = r.order_line_id
            JOIN sale_order o ON o.id = s.order_id AND %(sold)s
            WHERE r.invoice_line_id = l.id ORDER BY o.id LIMIT 1)""",
        credited=_credited(),
        sold=_SOLD,
    )


def _credited():
    """Part of an order's credit notes that is a refund: 0 to 1, for all alike.

    What was invoiced beyond the order's total made up for credit notes: an invoice that
    was credited and written anew, or an order made smaller after the credit.
    """
    return SQL(
        """SELECT CASE WHEN b.credited > 0
            THEN greatest(0, b.credited - CASE
                WHEN b.invoiced - o.amount_total > o.amount_total * %(rounding)s
                THEN b.invoiced - o.amount_total ELSE 0 END) / b.credited
            ELSE 1 END
        FROM (SELECT
                sum(x.price_total) FILTER (WHERE v.move_type = 'out_refund')
                    AS credited,
                coalesce(sum(x.price_total) FILTER (WHERE v.move_type <> 'out_refund'),
                    0) AS invoiced
            FROM account_move_line x JOIN account_move v ON v.id = x.move_id
            WHERE v.state = 'posted' AND v.currency_id = o.currency_id
                AND x.id IN (SELECT y.invoice_line_id
                    FROM sale_order_line_invoice_rel y
                    JOIN sale_order_line z ON z.id = y.order_line_id
                    WHERE z.order_id = o.id)) b""",
        rounding=_ROUNDING,
    )


# Whose rows may change with documents of another source


def _till_of_sales(ids):
    return SQL(
        "SELECT order_id FROM pos_order_line WHERE sale_order_origin_id = ANY(%s)", ids
    )


def _invoices_of_pos(ids):
    return SQL("SELECT account_move FROM pos_order WHERE id = ANY(%s)", ids)


def _invoices_of_sales(ids):
    return SQL(
        """SELECT l.move_id FROM sale_order_line s
        JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
        JOIN account_move_line l ON l.id = r.invoice_line_id
        WHERE s.order_id = ANY(%s)""",
        ids,
    )


def _credit_notes_beside(ids):
    # Step by step: as one join of seven tables it ran for hours where the statistics
    # were those of empty tables.
    return SQL(
        """WITH mine AS MATERIALIZED (
            SELECT DISTINCT r.order_line_id FROM account_move_line l
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            WHERE l.move_id = ANY(%s)
        ), orders AS MATERIALIZED (
            SELECT DISTINCT s.order_id
            FROM mine JOIN sale_order_line s ON s.id = mine.order_line_id
        ), lines AS MATERIALIZED (
            SELECT r.invoice_line_id
            FROM orders JOIN sale_order_line s ON s.order_id = orders.order_id
            JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
        )
        SELECT DISTINCT m.id
        FROM lines JOIN account_move_line l ON l.id = lines.invoice_line_id
        JOIN account_move m ON m.id = l.move_id AND m.move_type = 'out_refund'""",
        ids,
    )
