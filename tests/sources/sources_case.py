"""A shop with Sales, Point of Sale and Invoicing; the worker is called by hand."""

from odoo.fields import Command

from ..common import MiniCrmCase
from ..factories import make_customer


class SourcesCase(MiniCrmCase):
    """Every source is pulled from its beginning; commits are counted, not done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.own = cls.company.currency_id
        cls.foreign = cls.env.ref("base.CHF")
        cls.foreign.active = True
        cls.env["res.currency.rate"].search([]).unlink()
        cls.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2.0, "currency_id": cls.foreign.id}
        )
        cls.pricelists = {
            currency: cls.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id}
            )
            for currency in (cls.own, cls.foreign)
        }
        cls.tax = cls.env["account.tax"].create({"name": "10 %", "amount": 10})
        cls.product = cls.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.customer = make_customer(cls.env)
        cls.ledger = cls.env["mini_crm.purchase"]
        cls.states = cls.env["mini_crm.purchase.source"]

    def setUp(self):
        super().setUp()
        self.commits = []

        def commit(_cron, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            self.commits.append(processed)
            return float("inf")

        self.patch(type(self.env["ir.cron"]), "_commit_progress", commit)

    # Documents

    def order(self, price=100.0, *, customer=None, currency=None, confirm=True, qty=1):
        """An order of Sales of ``price`` each, without taxes: 110 with them."""
        order = self.env["sale.order"].create(
            {
                "partner_id": (customer or self.customer).id,
                "pricelist_id": self.pricelists[currency or self.own].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": qty,
                            "price_unit": price,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def invoice(self, price=100.0, *, kind="out_invoice", currency=None, post=True):
        """An invoice of ``price`` without taxes that comes from nothing else."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.customer.id,
                "currency_id": (currency or self.own).id,
                "invoice_date": "2026-03-04",
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": price})
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def session(self, currency=None):
        """An open session of a till."""
        journal = self.env["account.journal"].create(
            {
                "name": f"Till {currency.name if currency else ''}",
                "type": "sale",
                "code": f"T{len(self.env['pos.config'].search([]))}",
                "currency_id": currency.id if currency else False,
            }
        )
        cash = self.env["pos.payment.method"].create(
            {
                "name": "Card",
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "bank"), ("company_id", "=", self.company.id)])[
                    0
                ]
                .id,
            }
        )
        config = self.env["pos.config"].create(
            {
                "name": "Shop",
                "journal_id": journal.id,
                "invoice_journal_id": journal.id,
                "payment_method_ids": [Command.set(cash.ids)],
                **(
                    {
                        "use_pricelist": True,
                        "available_pricelist_ids": [
                            Command.set(self.pricelists[currency].ids)
                        ],
                        "pricelist_id": self.pricelists[currency].id,
                    }
                    if currency
                    else {"use_pricelist": False}
                ),
            }
        )
        config.open_ui()
        return config.current_session_id

    def till_values(self, session, price=100.0, *, customer=None, **line):
        """Values of an order at the till: ``price`` without taxes, paid."""
        return {
            "company_id": self.company.id,
            "session_id": session.id,
            "partner_id": customer.id if customer else False,
            "lines": [
                Command.create(
                    {
                        "name": "Line",
                        "product_id": self.product.id,
                        "price_unit": price,
                        "qty": 1,
                        "tax_ids": [Command.set(self.tax.ids)],
                        "price_subtotal": price,
                        "price_subtotal_incl": price * 1.1,
                        **line,
                    }
                )
            ],
            "amount_total": price * 1.1,
            "amount_tax": price * 0.1,
            "amount_paid": 0,
            "amount_return": 0,
        }

    def till_order(self, session, price=100.0, *, customer=None, **line):
        """A paid order at the till."""
        order = self.env["pos.order"].create(
            self.till_values(session, price, customer=customer, **line)
        )
        self.pay(order)
        return order

    def pay(self, order):
        """Pay an order at the till by card."""
        payment = self.env["pos.make.payment"].create(
            {
                "config_id": order.config_id.id,
                "amount": order.amount_total,
                "payment_method_id": order.config_id.payment_method_ids.id,
            }
        )
        payment.with_context(active_id=order.id).check()

    # Pulling and looking

    def pull(self):
        """Have the worker pull, and draw the consequences."""
        self.env.flush_all()
        self.states._cron_pull()
        self.settle()

    def lines(self, *documents, customer=None):
        """Lines of the ledger of some documents, else of the customer, oldest first."""
        domain = [("partner_id", "=", (customer or self.customer).id)]
        if documents:
            domain = [
                ("source", "=", documents[0]._name),
                ("document_id", "in", [document.id for document in documents]),
            ]
        return self.ledger.search(domain, order="date, id")

    def amounts(self, *documents):
        """{source of the customer's lines: sorted amounts}."""
        found = {}
        for line in self.lines(*documents):
            found.setdefault(line.source, []).append(line.amount)
        return {source: sorted(amounts) for source, amounts in found.items()}
