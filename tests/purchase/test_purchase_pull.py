import runpy

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, file_path

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestPurchasePull(MiniCrmCase):
    """Without Sales, Point of Sale and Invoicing; with them: tests/sources/."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        cls.ledger = cls.env["mini_crm.purchase"]

    def record(self, *origins):
        """Enter a purchase of each origin at once."""
        self.ledger._record_many(
            {
                "partner_id": SQL("%s", self.customer.id),
                "date": SQL("timestamp '2026-01-05 10:00:00'"),
                "amount": SQL("5"),
                "origin": SQL("o.origin"),
            },
            SQL("FROM unnest(%s::varchar[]) AS o(origin)", list(origins)),
        )

    def sources(self):
        """{origin: source} of the customer's lines that are not entered by hand."""
        lines = self.ledger.search([("partner_id", "=", self.customer.id)])
        by_hand = lines.filtered(lambda line: line.origin.startswith("manual:"))
        self.assertEqual(by_hand.mapped("source"), ["manual"])
        return {line.origin: line.source for line in lines - by_hand}

    def test_nothing_is_asked_when_there_is_nothing_to_pull(self):
        self.assertEqual(self.ledger._purchase_sources(), [])
        with self.assertQueryCount(0):
            self.env["mini_crm.purchase.source"]._cron_pull()
            self.env["mini_crm.purchase.source"]._cron_compare()

    def test_settings_offer_no_source_that_is_not_there(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.mini_crm_has_sales)
        self.assertFalse(settings.mini_crm_has_pos)
        self.assertFalse(settings.mini_crm_has_invoices)
        self.assertFalse(settings.mini_crm_pull_result)

    def test_line_says_where_it_comes_from(self):
        make_purchase(self.env, self.customer)
        self.record("import:1", "sale.order:1:2", "api:1", "nothing")
        self.assertEqual(
            self.sources(),
            {
                "import:1": "import",
                "sale.order:1:2": "sale.order",
                "api:1": "other",
                "nothing": "other",
            },
        )

    def test_upgrade_says_where_old_lines_come_from(self):
        make_purchase(self.env, self.customer)
        self.record("import:1", "api:1")
        self.env.cr.execute(
            "UPDATE mini_crm_purchase SET source = 'manual', document_id = NULL"
        )
        script = "mini_crm/migrations/19.0.1.1.0/post-purchase_source.py"
        runpy.run_path(file_path(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.sources(), {"import:1": "import", "api:1": "other"})

    def test_line_without_a_document_opens_none(self):
        line = make_purchase(self.env, self.customer)
        self.assertFalse(line.can_open_document)
        line.document_id = 5
        line.invalidate_recordset()
        self.assertFalse(line.can_open_document)

    def test_only_who_may_change_settings_may_have_it_pulled(self):
        settings = self.env["res.config.settings"].with_user(self.manager)
        with self.assertRaises(AccessError):
            settings.action_mini_crm_pull()
