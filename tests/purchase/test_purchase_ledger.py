from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestPurchaseLedger(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        cls.own = cls.company.currency_id
        cls.foreign = cls.env.ref("base.CHF")
        cls.foreign.active = True
        cls.rates = cls.env["res.currency.rate"]
        currencies = cls.own | cls.foreign
        cls.rates.search([("currency_id", "in", currencies.ids)]).unlink()

    def record(self, *rows):
        """Enter rows of (date, amount, currency, origin) of the customer at once."""
        columns = zip(*rows, strict=True)
        return self.env["mini_crm.purchase"]._record_many(
            {
                "partner_id": SQL("%s", self.customer.id),
                "date": SQL("r.date"),
                "amount": SQL("r.amount"),
                "currency_id": SQL("r.currency_id"),
                "origin": SQL("r.origin"),
            },
            SQL(
                "FROM unnest(%s::timestamp[], %s::numeric[], %s::int[], %s::varchar[])"
                " AS r(date, amount, currency_id, origin)",
                *(list(column) for column in columns),
            ),
        )

    def ledger(self):
        return self.env["mini_crm.purchase"].search(
            [("partner_id", "=", self.customer.id)], order="date, id"
        )

    def test_same_origin_is_entered_once(self):
        row = ("2026-01-05 10:00:00", 10, self.own.id, "import:a")
        self.assertEqual(self.record(row), 1)
        self.assertEqual(self.record(row), 0)
        self.assertEqual(len(self.ledger()), 1)
        self.assertEqual(len(self.events(self.customer, "purchase_made")), 1)

    def test_set_based_rows_convert_like_single_ones(self):
        for day, rate in (("2026-01-01", 2.0), ("2026-02-01", 4.0)):
            self.rates.create(
                {"name": day, "rate": rate, "currency_id": self.foreign.id}
            )
        days = ("2025-12-01", "2026-01-01", "2026-01-31", "2026-02-01", "2026-03-01")
        self.record(
            *((f"{day} 09:00:00", 99.99, self.foreign.id, f"set:{day}") for day in days)
        )
        bulk = self.ledger().mapped("amount_company")
        single = [
            make_purchase(
                self.env,
                self.customer,
                99.99,
                date=f"{day} 09:00:00",
                currency_id=self.foreign.id,
            ).amount_company
            for day in days
        ]
        self.assertEqual(bulk, single)
        self.assertEqual(bulk, [50.0, 50.0, 50.0, 25.0, 25.0])

    def test_zero_is_a_purchase_and_negative_a_refund(self):
        self.record(
            ("2026-01-05 10:00:00", 0, self.own.id, "a"),
            ("2026-01-06 10:00:00", -5, self.own.id, "b"),
        )
        self.assertEqual(self.ledger().mapped("kind"), ["purchase", "refund"])
        self.assertEqual(
            self.events(self.customer, "purchase_made", "purchase_refunded").mapped(
                "type"
            ),
            ["purchase_made", "purchase_refunded"],
        )

    def test_purchase_of_an_address_counts_for_its_company(self):
        company = make_customer(self.env, is_company=True)
        address = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": company.id, "type": "delivery"}
        )
        self.assertEqual(make_purchase(self.env, address).partner_id, company)

    def test_purchase_of_a_person_in_a_company_is_his_own(self):
        company = make_customer(self.env, is_company=True)
        person = self.env["res.partner"].create(
            {"name": "Sara", "parent_id": company.id, "type": "contact"}
        )
        self.assertEqual(make_purchase(self.env, person).partner_id, person)

    def test_corrected_quantity_and_reference_are_told(self):
        line = make_purchase(self.env, self.customer, 100)
        line.write({"quantity": 3, "reference": "INV-7"})
        line.write({"quantity": 3, "reference": "INV-7"})
        self.assertEqual(
            self.events(self.customer, "purchase_changed").mapped("data"),
            [{"quantity": [1, 3], "reference": [None, "INV-7"]}],
        )

    def test_correction_and_removal_are_told(self):
        line = make_purchase(self.env, self.customer, 100)
        line.amount = 80
        self.assertEqual(
            self.events(self.customer, "purchase_changed").data, {"amount": [100, 80]}
        )
        line.unlink()
        self.assertEqual(
            self.events(self.customer, "purchase_changed")[-1].data["amount"],
            [80, None],
        )

    def test_sign_that_does_not_fit_the_kind_is_refused(self):
        from psycopg2 import IntegrityError

        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            make_purchase(self.env, self.customer, -5, kind="purchase")

    def test_agent_may_enter_but_not_delete(self):
        line = make_purchase(self.env(user=self.agent), self.customer)
        with self.assertRaises(AccessError):
            line.unlink()
        line.with_user(self.manager).unlink()

    def test_other_company_sees_nothing_of_it(self):
        line = make_purchase(self.env, self.customer)
        other = self.env["res.company"].create({"name": "Other"})
        self.agent.write({"company_ids": [(4, other.id)], "company_id": other.id})
        self.agent.company_ids = other
        found = self.env["mini_crm.purchase"].with_user(self.agent).search([])
        self.assertNotIn(line, found)
