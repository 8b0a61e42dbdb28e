from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase

HEADER = ["customer", "date", "amount", "currency", "quantity", "reference"]


@tagged("post_install", "-at_install")
class TestBatchPurchases(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sara = make_customer(cls.env, ref="A1", name="Sara")

    def ledger(self, *refs):
        domain = [("partner_id.ref", "in", refs or ("A1",))]
        return self.env["mini_crm.purchase"].search(domain, order="date, id")

    def test_purchases_enter_the_ledger_and_the_figures(self):
        batch = self.run_import(
            "purchases",
            [
                HEADER[:3],
                ["A1", "2026-01-31", "100.50"],
                ["A1", "2026-02-01", "0"],
                ["A1", "2026-02-02", "-20"],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 3})
        lines = self.ledger()
        self.assertEqual(lines.mapped("amount"), [100.5, 0, -20])
        self.assertEqual(lines.mapped("kind"), ["purchase", "purchase", "refund"])
        self.assertEqual(lines[0].date, self.utc("2026-01-31 00:00:00"))
        self.assertEqual(lines.currency_id, self.company.currency_id)
        self.assertEqual(self.sara.total_purchases, 2)
        self.assertAlmostEqual(self.sara.total_spent, 80.5)
        self.assertEqual(self.sara.journey_stage, "retention")
        self.assertEqual(batch.line_ids.mapped("res_id"), lines.ids)
        events = self.events(self.sara, "purchase_made", "purchase_refunded")
        self.assertEqual(events.batch_id, batch)

    def test_the_same_file_twice_changes_nothing_and_equal_rows_are_kept(self):
        rows = [
            HEADER[:3],
            *[["A1", "2026-01-31", "10"]] * 3,
            ["A1", "2026-01-30", "10"],
        ]
        self.assertEqual(
            self.counts(self.run_import("purchases", rows)), {"created": 4}
        )
        events = self.env["mini_crm.event"].search_count([])
        again = self.run_import("purchases", rows)
        self.assertEqual(self.counts(again), {"unchanged": 4})
        self.assertEqual(len(self.ledger()), 4)
        self.assertEqual(self.env["mini_crm.event"].search_count([]), events)
        # a longer file of the same rows, in another order and writing
        rows = [
            HEADER[:3],
            ["A1", "30/01/2026", "10.0"],
            *[["A1", "31/01/2026", "۱۰"]] * 4,
        ]
        longer = self.run_import("purchases", rows)
        self.assertEqual(self.counts(longer), {"unchanged": 4, "created": 1})

    def test_a_reference_stands_for_one_purchase(self):
        rows = [HEADER, ["A1", "2026-01-31", "10", "", "1", "R-1"]]
        self.run_import("purchases", rows)
        rows += [
            ["A1", "2026-01-31", "10", "", "1", "R-2"],
            ["A1", "2026-01-31", "12", "", "1", "R-2"],
        ]
        batch = self.run_import("purchases", rows)
        self.assertEqual(
            self.counts(batch), {"unchanged": 1, "created": 1, "failed": 1}
        )
        self.assertEqual(self.problems(batch), [(4, "duplicate_reference")])
        self.assertEqual(
            self.ledger().mapped("origin"), ["import:ref:R-1", "import:ref:R-2"]
        )

    def test_a_purchase_that_was_corrected_stays_as_it_is(self):
        rows = [HEADER, ["A1", "2026-01-31", "10", "", "1", "R-1"]]
        self.run_import("purchases", rows)
        self.ledger().amount = 12
        batch = self.run_import("purchases", rows)
        self.assertEqual(self.counts(batch), {"skipped": 1})
        self.assertEqual(self.problems(batch), [(2, "purchase_differs")])
        self.assertEqual(self.ledger().amount, 12)

    def test_one_percent_of_broken_rows_is_named_and_the_rest_is_imported(self):
        rows = [HEADER[:4]]
        rows += [["A1", "2026-01-31", f"{i}.25", "EUR"] for i in range(1, 401)]
        rows[100][1], rows[200][2], rows[300][3], rows[400][0] = (
            "soon",
            "free",
            "XYZ",
            "",
        )
        batch = self.run_import("purchases", rows, limit=50)
        self.assertEqual(self.counts(batch), {"created": 396, "failed": 4})
        self.assertEqual(
            self.problems(batch),
            [
                (101, "date_unknown"),
                (201, "amount_unknown"),
                (301, "currency_unknown"),
                (401, "key_missing"),
            ],
        )
        kept = {i + 0.25 for i in range(1, 401)} - {100.25, 200.25, 300.25, 400.25}
        self.assertEqual(set(self.ledger().mapped("amount")), kept)

    def test_unknown_customers_are_created_once_or_refused(self):
        rows = [
            [*HEADER[:3], "name"],
            ["B1", "2026-01-31", "10", "Ben"],
            ["B1", "2026-02-01", "20", "Ben"],
            ["B2", "2026-02-01", "30", ""],
        ]
        refused = self.run_import(
            "purchases", rows, options={"create_customers": False}
        )
        self.assertEqual(self.counts(refused), {"failed": 3})
        self.assertEqual(self.problems(refused)[0], (2, "customer_unknown"))
        self.assertIn("B1", refused.line_ids[0].message)
        batch = self.run_import("purchases", rows, options={"create_customers": True})
        self.assertEqual(self.counts(batch), {"created": 3})
        ben = self.customer("B1")
        self.assertEqual((ben.name, ben.total_purchases), ("Ben", 2))
        self.assertEqual(len(self.events(ben, "customer_created")), 1)
        self.assertEqual(self.events(ben, "customer_created").batch_id, batch)
        self.assertEqual(self.customer("B2").name, "B2")

    def test_customers_are_recognised_by_phone_or_mail(self):
        self.sara.write({"phone": "09123456789", "email": "Sara@Example.com"})
        for column, cell in (
            ("phone", "+98 912 345 6789"),
            ("email", "SARA@example.com"),
        ):
            batch = self.run_import(
                "purchases", [[column, "date", "amount"], [cell, "2026-01-31", "10"]]
            )
            self.assertEqual(self.counts(batch), {"created": 1}, column)
        self.assertEqual(self.sara.total_purchases, 2)

    def test_toman_enters_the_ledger_as_rial(self):
        rows = [["customer", "date", "مبلغ (تومان)"], ["A1", "1404/11/11", "۱۲٬۵۰۰"]]
        batch = self.run_import("purchases", rows)
        self.assertEqual(self.counts(batch), {"created": 1})
        self.assertEqual(self.ledger().amount, 125000)
        self.assertEqual(self.ledger().currency_id.name, "IRR")
        self.assertEqual(self.ledger().date, self.utc("2026-01-31 00:00:00"))

    def test_a_currency_that_is_switched_off_is_switched_on(self):
        peso = self.env.ref("base.MXN")
        peso.active = False
        rows = [HEADER[:4], ["A1", "2026-01-31", "10", "mxn"]]
        self.assertEqual(
            self.counts(self.run_import("purchases", rows)), {"created": 1}
        )
        self.assertTrue(peso.active)
        self.assertEqual(self.ledger().currency_id, peso)

    def test_the_first_thirty_buyers_set_what_earns_full_marks(self):
        rows = [HEADER[:3]] + [[f"B{i}", "2026-01-31", str(i)] for i in range(1, 41)]
        self.run_import("purchases", rows)
        self.assertTrue(self.company.mini_crm_full_marks_date)
        self.assertAlmostEqual(self.company.mini_crm_full_spent, 38.05)

    def test_full_marks_wait_for_the_whole_ledger(self):
        rows = [["customer", "date", "amount"]]
        rows += [[f"B{n}", "2026-01-05", str(n)] for n in range(1, 41)]
        batch = self.start("purchases", rows)
        profiles = self.env["mini_crm.profile"]
        while batch.state == "running":
            self.assertFalse(profiles._set_full_marks_if_due(self.company))
            batch._as_user()._step(20)
            self.env.flush_all()
            batch.invalidate_recordset()
            self.settle()
        self.assertEqual(batch.state, "done")
        self.assertTrue(self.company.mini_crm_full_marks_date)
