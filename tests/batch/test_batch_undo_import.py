from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..factories import make_customer, make_purchase
from ..table_hash import differences
from .batch_case import BatchCase
from .snapshot import snapshot


@tagged("post_install", "-at_install")
class TestBatchUndoImport(BatchCase):
    """Undo of imports: the database is what it was, but for what people did since."""

    def undo(self, batch, limit=5000):
        """Undo a batch and draw all consequences."""
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(limit)
            self.env.flush_all()
            batch.invalidate_recordset()
        self.settle()
        self.env.invalidate_all()
        return batch

    def _shop(self):
        """Customers of all sorts: a company with people, with and without values."""
        Field = self.env["mini_crm.field"]
        size = Field.create({"name": "Size", "type": "number"})
        Field.create({"name": "Beyond", "type": "text", "slot": False})
        company = make_customer(
            self.env, ref="C1", name="Acme", is_company=True, street="Old street"
        )
        make_customer(self.env, name="Joe", parent_id=company.id)
        make_customer(
            self.env,
            ref="A1",
            name="Sara",
            email="Old@Example.com",
            phone="+98 912 345 6789",
            custom_fields_extra={"other": "stays"},
            **{size.slot: 0.0},
        )
        make_customer(self.env, ref="A2", name="Reza", city="Yazd")
        self.settle()

    def test_an_undone_import_of_customers_leaves_everything_as_it_was(self):
        self._shop()
        before = snapshot(self.env)
        batch = self.run_import(
            "customers",
            [
                [
                    *("id", "name", "e-mail", "phone", "city", "country", "street"),
                    *("tags", "source", "owner", "since", "size", "beyond", "notes"),
                ],
                [
                    *("A1", "Sara A.", "new@example.com", "09121111111", "Qom", "DE"),
                    *("", "Brand new tag", "Brand new source", self.agent.login),
                    *("2020-01-31", "7", "beyond", "said"),
                ],
                ["A2", "", "", "", "[clear]", *[""] * 9],
                [
                    *("C1", "Acme Ltd", "", "", "", "", "New street"),
                    *("", "", "", "2019-05-05", "", "", ""),
                ],
                ["A3", "New", "n@example.com", *[""] * 4, "Brand new tag", *[""] * 6],
            ],
        )
        self.assertEqual(self.counts(batch), {"updated": 3, "created": 1})
        for limit in (5000, 1):
            with self.subTest(limit=limit):
                self.assertTrue(differences(before, snapshot(self.env)))
        self.undo(batch, limit=2)
        self.assertEqual((batch.state, batch.restored, batch.kept), ("undone", 4, 0))
        self.assertEqual(differences(before, snapshot(self.env)), [])
        events = self.env["mini_crm.event"].search([("batch_id", "=", batch.id)])
        self.assertTrue(events)
        self.assertFalse(events.filtered(lambda event: not event.undone_by))

    def test_what_somebody_has_changed_since_stays_and_is_listed(self):
        sara = make_customer(self.env, ref="A1", name="Sara", city="Yazd", zip="1")
        self.settle()
        batch = self.run_import(
            "customers",
            [
                ["id", "name", "city", "zip"],
                ["A1", "Sara A.", "Qom", "2"],
                ["A2", "Noted", "", ""],
                ["A3", "Bought", "", ""],
                ["A4", "Left alone", "", ""],
            ],
        )
        noted, bought = self.customer("A2"), self.customer("A3")
        sara.with_user(self.agent).write({"city": "Shiraz"})
        noted.with_user(self.agent).message_post(body="Called", message_type="comment")
        make_purchase(self.env, bought)
        self.settle()
        self.undo(batch)
        self.assertEqual((sara.name, sara.city, sara.zip), ("Sara", "Shiraz", "1"))
        self.assertTrue(noted.exists() and bought.exists())
        self.assertFalse(self.customer("A4"))
        self.assertEqual((batch.restored, batch.kept), (1, 3))
        kept = batch.line_ids.filtered(lambda line: line.state == "kept")
        self.assertEqual(kept.mapped("row"), [2, 3, 4])
        self.assertIn("City", kept[0].message)
        self.assertNotIn("Postal", kept[0].message)

    def test_an_undone_import_of_purchases_leaves_everything_as_it_was(self):
        sara = make_customer(self.env, ref="A1", name="Sara")
        self.company.mini_crm_full_marks_date = "2026-01-01"
        make_purchase(self.env, sara, 10)
        self.settle()
        before = snapshot(self.env)
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount", "currency"],
                ["A1", "2026-01-31", "5", "SEK"],
                ["A1", "2026-01-31", "5", "SEK"],
                ["B1", "2026-02-01", "7", "SEK"],
                ["B1", "2026-02-02", "8", "SEK"],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 4})
        self.assertEqual(sara.total_purchases, 3)
        self.undo(batch, limit=3)
        self.assertEqual((batch.state, batch.restored, batch.kept), ("undone", 4, 0))
        self.assertEqual(sara.total_purchases, 1)
        self.assertFalse(self.customer("B1"))
        self.assertEqual(differences(before, snapshot(self.env)), [])

    def test_a_corrected_purchase_stays(self):
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount"],
                ["B1", "2026-01-31", "5"],
                ["B1", "2026-02-01", "7"],
            ],
        )
        customer = self.customer("B1")
        customer.purchase_ids.filtered(lambda line: line.amount == 7).amount = 70
        self.settle()
        self.undo(batch)
        self.assertEqual((batch.restored, batch.kept), (1, 1))
        self.assertEqual(customer.exists().purchase_ids.mapped("amount"), [70])

    def test_a_row_that_cannot_be_put_back_is_left_and_the_others_are(self):
        people = [
            make_customer(self.env, ref=ref, name=ref, is_company=True, city="Yazd")
            for ref in ("K1", "K2")
        ]
        for one in people:
            make_customer(self.env, name="Joe", parent_id=one.id)
        self.settle()
        batch = self.run_import(
            "customers", [["id", "city"], ["K1", "Qom"], ["K2", "Qom"]]
        )
        write = type(people[0]).write

        def refuse(records, values):
            if records.ref == "K1" and "city" in values:
                raise UserError("No.")
            return write(records, values)

        batch.with_user(self.manager).undo()
        with patch.object(type(people[0]), "write", refuse):
            while batch.state == "undoing":
                try:
                    with self.env.cr.savepoint():
                        batch._as_user()._step(1)
                except UserError as error:
                    batch._as_user()._blame(error)
                batch.invalidate_recordset()
        self.env.invalidate_all()
        self.assertEqual((people[0].city, people[1].city), ("Qom", "Yazd"))
        self.assertEqual((batch.state, batch.kept), ("undone", 1))
        self.assertIn("No.", batch.line_ids.filtered("message").message)

    def test_whoever_is_in_the_bin_is_told_and_not_changed(self):
        customer = make_customer(self.env, ref="B1", name="Binned", city="Yazd")
        self.settle()
        customer.write({"active": False, "binned_at": "2026-01-01"})
        batch = self.run_import("customers", [["id", "city"], ["B1", "Qom"]])
        self.assertEqual((batch.failed, customer.city), (1, "Yazd"))
        self.assertIn("bin", batch.line_ids.message)
