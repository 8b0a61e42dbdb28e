from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchUndoKept(BatchCase):
    """What the undo of an import keeps, and what it tells of that."""

    def undo(self, batch, limit=5000):
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(limit)
            self.env.flush_all()
            batch.invalidate_recordset()
        self.settle()
        self.env.invalidate_all()
        self.assertEqual(batch.state, "undone", batch.error)
        return batch

    def kept(self, batch):
        lines = batch.line_ids.filtered(lambda line: line.state == "kept")
        return set(lines.mapped("row"))

    def test_events_of_purchases_that_are_gone_are_hidden_and_no_others(self):
        # a customer whose id is that of a purchase
        self.cr.execute(
            "SELECT setval('mini_crm_purchase_id_seq', nextval('res_partner_id_seq'))"
        )
        people = [make_customer(self.env, ref=f"A{n}") for n in range(3)]
        self.settle()
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount"],
                *([person.ref, "2026-01-31", "5"] for person in people),
                ["A0", "2026-02-01", "6"],
                ["B1", "2026-02-01", "7"],
                ["B1", "2026-02-02", "8"],
            ],
        )
        made = self.customer("B1")
        told = self.env["mini_crm.event"].search(
            [("batch_id", "=", batch.id), ("res_model", "=", "mini_crm.purchase")]
        )
        kept = (people[0] | made).purchase_ids.filtered(
            lambda line: line.amount in (5, 7)
        )
        for purchase in kept:
            purchase.amount = 70
        self.settle()
        self.undo(batch)
        self.assertEqual((batch.restored, batch.kept), (4, 2))
        shown = told.filtered(lambda event: not event.undone_by)
        self.assertEqual(set(shown.mapped("res_id")), set(kept.ids))
        created = self.events(made, "customer_created")
        self.assertTrue(created)
        self.assertFalse(created.undone_by, "he is still there")

    def test_a_purchase_of_a_corrected_reference_or_quantity_stays_and_is_listed(self):
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount", "quantity", "reference"],
                ["B1", "2026-02-01", "1", "2.5", "S1"],
                ["B1", "2026-02-01", "2", "3", "S2"],
                ["B1", "2026-02-01", "3", "", ""],
                ["B1", "2026-02-01", "4", "3", "S4"],
                ["B1", "2026-02-01", "5", "", ""],
            ],
        )
        purchases = self.customer("B1").purchase_ids.grouped("amount")
        purchases[2].quantity = 4
        purchases[3].reference = "S3"
        purchases[4].reference = False
        self.settle()
        self.undo(batch)
        self.assertEqual((batch.restored, batch.kept), (2, 3))
        # the first row has made the customer, who stays with his purchases
        self.assertEqual(self.kept(batch), {2, 3, 4, 5})
        kept = self.customer("B1").purchase_ids
        self.assertEqual(
            set(kept.mapped(lambda one: (one.amount, one.quantity, one.reference))),
            {(2, 4, "S2"), (3, 1, "S3"), (4, 3, False)},
        )

    def test_work_done_while_the_import_was_running_keeps_a_customer(self):
        batch = self.start(
            "customers",
            [["id", "name"], *([f"A{n}", f"Customer {n}"] for n in range(6))],
        )
        while batch.cursor < 3:
            batch._as_user()._step(3)
        called, planned, staged = (self.customer(f"A{n}") for n in range(3))
        called.with_user(self.agent).message_post(body="Called")
        planned.activity_schedule("mail.mail_activity_data_todo")
        self.env["mini_crm.profile"].with_user(self.manager).sudo()._hold_stage(
            staged.ids, staged.journey_stage, self.env.cr.now().date()
        )
        self.work(batch)
        self.settle()
        self.cr.execute(
            """UPDATE mini_crm_batch SET finished_at = finished_at + interval '1 hour'
            WHERE id = %s""",
            [batch.id],
        )
        batch.invalidate_recordset()
        self.undo(batch)
        self.assertTrue((called | planned | staged).exists())
        self.assertEqual(self.kept(batch), {2, 3, 4})

    def test_a_stage_or_a_segment_that_somebody_has_chosen_keeps_a_customer(self):
        segments = self.env["mini_crm.segment"].create(
            [{"name": name, "kind": "static"} for name in ("Theirs", "Mine")]
        )
        batch = self.run_import(
            "customers",
            [
                ["id", "name", "segments"],
                ["A1", "Staged", "Theirs"],
                ["A2", "Pinned", "Theirs"],
                ["A3", "Put out", "Theirs"],
                ["A4", "Left alone", "Theirs"],
            ],
        )
        staged, pinned, out, alone = (self.customer(f"A{n}") for n in range(1, 5))
        self.assertEqual(segments[0].pin_count, 4)
        profiles = self.env["mini_crm.profile"].with_user(self.manager).sudo()
        profiles._hold_stage(staged.ids, "advocacy", self.env.cr.now().date())
        segments[1].with_user(self.manager)._write_pins({pinned.id: "in"})
        segments[0].with_user(self.manager)._write_pins({out.id: "out"})
        self.settle()
        self.undo(batch)
        self.assertTrue((staged | pinned | out).exists())
        self.assertFalse(alone.exists())
        self.assertEqual(self.kept(batch), {2, 3, 4})

    def test_who_was_kept_out_of_a_segment_is_kept_out_again(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Theirs", "kind": "static"}
        )
        out, loose, put_out = (
            make_customer(self.env, ref=f"A{n}", name="X") for n in range(3)
        )
        self.settle()
        segment.with_user(self.manager)._write_pins({out.id: "out"})
        batch = self.run_import(
            "customers",
            [
                ["id", "segments"],
                *([f"A{n}", "Theirs"] for n in range(3)),
            ],
        )
        everybody = (out | loose | put_out).ids
        self.assertEqual(segment._sides(everybody), dict.fromkeys(everybody, "in"))
        segment.with_user(self.manager)._write_pins({put_out.id: "out"})
        self.undo(batch)
        self.assertEqual(
            segment._sides(everybody),
            {out.id: "out", loose.id: False, put_out.id: "out"},
        )

    def test_a_currency_of_many_purchases_hides_no_other_one_that_is_used(self):
        yen, krona = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", name)])
            for name in ("JPY", "SEK")
        )
        (yen | krona).active = False
        person = make_customer(self.env, ref="A1")
        self.settle()
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount", "currency"],
                *(["A1", "2026-01-31", str(n), "JPY"] for n in range(1, 1102)),
                ["A1", "2026-01-30", "7", "SEK"],
            ],
        )
        self.assertTrue(yen.active and krona.active)
        self.env.cr.execute("UPDATE mini_crm_purchase SET amount = amount + 1")
        self.env.invalidate_all()
        self.undo(batch)
        self.assertEqual(len(person.purchase_ids), 1102)
        self.assertTrue(yen.active and krona.active)
