from odoo import api, fields, models
from odoo.tools import SQL

ORIGIN_MANUAL = "manual"


class MiniCrmPurchase(models.Model):
    """One line of the ledger: a purchase, or a refund as a negative amount.

    ``origin`` is the idempotency key within a company (docs/architecture.md, A13): where
    the line came from and its key there, e.g. ``import:7f3a...`` or ``sale.order:42``.
    """

    _name = "mini_crm.purchase"
    _description = "Purchase"
    _order = "date desc, id desc"
    _rec_name = "reference"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("purchase", "Purchase"), ("refund", "Refund")], required=True, default="purchase"
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
        readonly=True,
        help="At the rate of the day of the purchase.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    quantity = fields.Float(default=1.0)
    reference = fields.Char()
    origin = fields.Char(required=True, readonly=True, copy=False)

    _origin_uniq = models.Constraint(
        "UNIQUE(company_id, origin)", "This purchase is in the ledger already."
    )
    _partner_idx = models.Index("(partner_id, date DESC)")
    _sign_check = models.Constraint(
        "CHECK ((kind = 'purchase' AND amount >= 0) OR (kind = 'refund' AND amount <= 0))",
        "A purchase cannot be negative and a refund cannot be positive.",
    )
