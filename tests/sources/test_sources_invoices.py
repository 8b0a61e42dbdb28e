from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .sources_case import SourcesCase


@tagged("mini_crm_sources", "post_install", "-at_install")
class TestSourcesInvoices(SourcesCase):
    """Invoices, alone and of orders: nothing counts twice."""

    def bill(self, order, *, percentage=None):
        """Invoice an order of Sales, or a percentage of it in advance."""
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage" if percentage else "delivered",
                "amount": percentage or 0,
            }
        )
        move = wizard._create_invoices(order)
        move.action_post()
        return move

    def credit(self, move, *, anew=False):
        """Credit an invoice, and write it anew if wished: the credit note."""
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id})
        )
        if anew:
            self.env["account.move"].browse(
                reversal.modify_moves()["res_id"]
            ).action_post()
        else:
            reversal.refund_moves()
        note = move.reversal_move_ids
        if note.state == "draft":
            note.action_post()
        return note

    def test_invoices_and_credit_notes_count_at_their_total(self):
        self.invoice(100)
        self.invoice(30, kind="out_refund")
        self.invoice(10, kind="out_receipt")
        self.invoice(999, post=False)
        self.invoice(500, kind="in_invoice")
        self.pull()
        self.assertEqual(self.amounts(), {"account.move": [-33, 11, 110]})
        self.assertEqual(self.customer.total_spent, 88)
        self.assertEqual(str(self.lines()[0].date), "2026-03-04 12:00:00")

    def test_invoice_reset_to_draft_is_taken_out(self):
        move = self.invoice(100)
        self.pull()
        move.button_draft()
        self.pull()
        self.assertFalse(self.lines())
        move.action_post()
        self.pull()
        self.assertEqual(self.amounts(), {"account.move": [110]})

    def test_invoice_of_an_order_does_not_count_again(self):
        order = self.order(100)
        self.pull()
        self.bill(order)
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110]})

    def test_order_paid_in_advance_counts_once(self):
        order = self.order(100)
        self.bill(order, percentage=30)
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110]})
        self.bill(order)
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110]})

    def test_line_added_to_the_invoice_of_an_order_counts(self):
        move = self.bill(self.order(100))
        move.button_draft()
        move.write(
            {
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 20})
                ]
            }
        )
        move.action_post()
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110], "account.move": [22]})

    def test_credit_note_of_an_order_is_a_refund(self):
        order = self.order(100)
        move = self.bill(order)
        self.pull()
        self.credit(move)
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110], "account.move": [-110]})
        self.assertEqual(self.customer.total_spent, 0)

    def test_invoice_of_an_order_that_is_written_anew_is_no_refund(self):
        order = self.order(100)
        move = self.bill(order)
        note = self.credit(move, anew=True)
        self.assertEqual(note.state, "posted")
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110]})

    def test_refund_goes_when_the_order_is_invoiced_again(self):
        order = self.order(100)
        move = self.bill(order)
        self.credit(move)
        self.pull()
        self.assertEqual(self.customer.total_spent, 0)
        self.bill(order)
        self.pull()
        self.assertEqual(self.amounts(), {"sale.order": [110]})

    def test_invoices_of_a_cancelled_order_count(self):
        order = self.order(100)
        self.bill(order)
        self.pull()
        order._action_cancel()
        self.pull()
        self.assertEqual(self.amounts(), {"account.move": [110]})

    def test_invoice_of_an_order_at_the_till_does_not_count_again(self):
        order = self.till_order(self.session(), 100, customer=self.customer)
        order.action_pos_order_invoice()
        self.assertEqual(order.account_move.state, "posted")
        self.pull()
        self.assertEqual(self.amounts(), {"pos.order": [110]})

    # What people choose

    def choose(self, **chosen):
        settings = self.env["res.config.settings"].create(
            {f"mini_crm_counts_{name}": value for name, value in chosen.items()}
        )
        settings.execute()
        self.pull()
        self.pull()

    def test_source_that_does_not_count_leaves_its_invoices_to_invoicing(self):
        self.bill(self.order(100))
        self.order(50)
        self.pull()
        self.choose(sales=False)
        self.assertEqual(self.amounts(), {"account.move": [110]})
        self.assertEqual(self.customer.total_spent, 110)
        self.choose(sales=True)
        self.assertEqual(self.amounts(), {"sale.order": [55, 110]})
        self.choose(invoices=False, sales=False)
        self.assertEqual(self.amounts(), {})

    def test_settings_tell_the_last_pull(self):
        self.order(100)
        settings = self.env["res.config.settings"]
        self.pull()
        text = settings.create({}).mini_crm_pull_result
        self.assertIn("Sales: 1 new, 0 changed, 0 removed", text)
        settings.create({}).action_mini_crm_pull()
        self.assertIn("Sales: waiting", settings.create({}).mini_crm_pull_result)
        self.assertTrue(settings.create({}).mini_crm_has_sales)

    # Add-ons that go and come back

    def gone(self, name):
        """What a pull finds when an add-on was installed again: other tables."""
        self.states._by_name()[name].table_mark -= 1

    def test_lines_stay_when_their_add_on_was_installed_again(self):
        order = self.order(100)
        move = self.bill(order)
        self.pull()
        before = self.lines(order).read(["amount", "origin"])
        self.gone("sale.order")
        # its tables are new: another order has the id, and invoices have no link
        self.env.cr.execute("DELETE FROM sale_order_line_invoice_rel")
        self.env.cr.execute(
            SQL(
                """UPDATE sale_order SET create_date = create_date + interval '1 day',
                name = 'S1', amount_total = 7 WHERE id = %s""",
                order.id,
            )
        )
        self.env.invalidate_all()
        self.pull()
        kept = self.ledger.browse(before[0]["id"])
        self.assertEqual(kept.read(["amount", "origin"]), before)
        self.assertLess(kept.document_id, 0)
        self.assertFalse(self.lines(move))
        self.assertEqual(self.amounts(), {"sale.order": [7, 110]})

    def test_deleting_everything_later_keeps_those_lines(self):
        order = self.order(100)
        self.pull()
        self.gone("sale.order")
        order._action_cancel()
        self.pull()
        self.states._cron_compare()
        self.assertEqual(self.amounts(), {"sale.order": [110]})
