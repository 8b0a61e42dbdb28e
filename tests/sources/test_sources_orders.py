from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..factories import make_customer, make_purchase
from .sources_case import SourcesCase


@tagged("mini_crm_sources", "post_install", "-at_install")
class TestSourcesOrders(SourcesCase):
    """Orders of Sales and of the till, one at a time."""

    def test_confirmed_order_is_a_purchase_at_its_total(self):
        order = self.order(100)
        self.pull()
        line = self.lines(order)
        self.assertEqual(
            (line.amount, line.date, line.reference, line.kind, line.quantity),
            (110, order.date_order, order.name, "purchase", 1),
        )
        self.assertEqual((line.source, line.currency_id), ("sale.order", self.own))
        self.assertEqual(len(self.events(self.customer, "purchase_made")), 1)
        self.assertEqual(self.customer.total_spent, 110)
        self.assertEqual(self.customer.journey_stage, "purchase")

    def test_quotation_is_none(self):
        order = self.order(confirm=False)
        self.pull()
        self.assertFalse(self.lines(order))

    def test_foreign_currency_counts_at_the_rate_of_the_day(self):
        self.order(100, currency=self.foreign)
        self.pull()
        self.assertEqual(self.lines().currency_id, self.foreign)
        self.assertEqual(self.lines().amount_company, 55)
        self.assertEqual(self.customer.total_spent, 55)

    def test_order_of_an_address_counts_for_its_company(self):
        company = make_customer(self.env, is_company=True)
        address = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": company.id, "type": "delivery"}
        )
        order = self.order(customer=address)
        self.pull()
        self.assertEqual(self.lines(order).partner_id, company)

    def test_order_of_another_company_is_entered_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        self.pull()
        self.assertEqual(self.lines(order).company_id, other)
        event = self.events(self.customer, "purchase_made")
        self.assertEqual(event.company_id, other)

    def test_second_pull_writes_nothing(self):
        self.order()
        self.invoice()
        self.pull()
        before = self._versions()
        self.pull()
        self.assertEqual(self._versions(), before)

    def _versions(self):
        """Row versions of ledger and events: any write changes them."""
        self.env.cr.execute(
            """SELECT array_agg((ctid, id)::text ORDER BY id) FROM mini_crm_purchase
            UNION ALL
            SELECT array_agg((ctid, id)::text ORDER BY id) FROM mini_crm_event"""
        )
        return self.env.cr.fetchall()

    def test_changed_order_corrects_line_and_customer(self):
        order = self.order(100)
        self.pull()
        order.order_line.price_unit = 200
        self.pull()
        self.assertEqual(self.lines(order).amount, 220)
        event = self.events(self.customer, "purchase_changed")
        self.assertEqual(event.data, {"amount": [110, 220]})
        self.assertEqual(
            (event.res_id, event.summary), (self.lines(order).id, order.name)
        )
        self.assertEqual(self.customer.total_spent, 220)
        self.assertEqual(self.customer.total_purchases, 1)

    def test_correction_tells_what_a_single_one_tells(self):
        order = self.order(100)
        by_hand = make_purchase(self.env, self.customer, 110, date=order.date_order)
        self.pull()
        other = make_customer(self.env)
        values = {"partner_id": other.id, "date": "2026-01-02 03:04:05", "amount": 220}
        by_hand.write({**values, "quantity": 2})
        expected = self.events(self.customer, "purchase_changed").data
        order.write({"partner_id": other.id, "date_order": "2026-01-02 03:04:05"})
        order.order_line.write({"product_uom_qty": 2, "price_unit": 100})
        self.pull()
        events = self.events(self.customer, "purchase_changed")
        self.assertEqual([e.data for e in events], [expected, expected])
        told = self.events(other, "purchase_changed")
        self.assertEqual([e.data for e in told], [expected, expected])

    def test_order_that_moves_moves_the_figures_of_both(self):
        order = self.order(100)
        self.pull()
        other = make_customer(self.env)
        order.partner_id = other
        self.pull()
        self.assertEqual(self.lines(order).partner_id, other)
        self.assertEqual((self.customer.total_spent, other.total_spent), (0, 110))

    def test_cancelled_order_is_taken_out(self):
        order = self.order(100)
        kept = self.order(10)
        self.pull()
        order._action_cancel()
        self.pull()
        self.assertEqual(self.lines(), self.lines(kept))
        self.assertEqual(self.customer.total_spent, 11)
        event = self.events(self.customer, "purchase_changed")
        self.assertEqual(event.data["amount"], [110, None])

    def test_order_confirmed_again_is_back_once(self):
        order = self.order(100)
        self.pull()
        order._action_cancel()
        self.pull()
        order.action_draft()
        order.action_confirm()
        self.pull()
        self.assertEqual(len(self.lines(order)), 1)
        self.assertEqual(self.customer.total_spent, 110)

    def test_deleted_order_is_taken_out(self):
        order = self.order(100)
        self.pull()
        order._action_cancel()
        order.unlink()
        self.pull()
        self.assertFalse(self.lines())
        self.assertEqual(self.customer.total_spent, 0)

    def test_old_deleted_order_is_found_by_the_daily_comparison(self):
        order = self.order(100)
        self.pull()
        self.patch_recent(0)
        order._action_cancel()
        order.unlink()
        self.pull()
        self.assertTrue(self.lines())
        self.states._cron_compare()
        self.settle()
        self.assertFalse(self.lines())

    def patch_recent(self, number):
        """Have pulls look for so many documents that may be gone."""
        from ...models.purchase import mini_crm_purchase_source_pull as pull

        self.patch(pull, "RECENT", number)

    def test_pulled_line_is_not_changed_by_hand(self):
        order = self.order(100)
        self.pull()
        line = self.lines(order).with_user(self.manager)
        with self.assertRaisesRegex(UserError, order.name):
            line.amount = 5
        with self.assertRaisesRegex(UserError, "Sales"):
            line.unlink()

    def test_document_opens_for_those_who_may_read_it(self):
        order = self.order(100)
        self.pull()
        line = self.lines(order)
        self.assertTrue(line.can_open_document)
        action = line.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", order.id)
        )
        line = line.with_user(self.agent)
        self.assertFalse(line.can_open_document)
        with self.assertRaises(UserError):
            line.action_open_document()

    # The till

    def test_order_at_the_till_and_its_refund_count(self):
        order = self.till_order(self.session(), 100, customer=self.customer)
        refund = order._refund()
        self.pay(refund)
        self.pull()
        self.assertEqual(self.amounts(), {"pos.order": [-110, 110]})
        self.assertEqual(self.lines(refund).kind, "refund")
        self.assertEqual(self.customer.total_spent, 0)

    def test_order_at_the_till_is_a_purchase_once_paid_and_known(self):
        session = self.session()
        paid = self.till_order(session, 100)
        open_values = self.till_values(session, 50, customer=self.customer)
        open_order = self.env["pos.order"].create(open_values)
        self.pull()
        self.assertFalse(self.lines(paid, open_order))
        paid.partner_id = self.customer
        self.pay(open_order)
        self.pull()
        self.assertEqual(self.amounts(), {"pos.order": [55, 110]})

    def test_till_has_the_currency_of_its_journal(self):
        self.till_order(self.session(self.foreign), 100, customer=self.customer)
        self.pull()
        self.assertEqual(self.lines().currency_id, self.foreign)
        self.assertEqual(self.lines().amount_company, 55)

    def test_order_of_sales_that_is_paid_at_the_till_counts_once(self):
        order = self.order(100)
        session = self.session()
        self.till_order(
            session,
            100,
            customer=self.customer,
            sale_order_origin_id=order.id,
            sale_order_line_id=order.order_line.id,
        )
        values = self.till_values(session, 100, customer=self.customer)
        values["lines"][0][2]["sale_order_origin_id"] = order.id
        more = self.till_values(session, 20)
        values["lines"] += more["lines"]
        values["amount_total"] = 132
        self.pay(self.env["pos.order"].create(values))
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110], "pos.order": [22]})
