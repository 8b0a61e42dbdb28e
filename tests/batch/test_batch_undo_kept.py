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

    def test_a_purchase_with_another_reference_or_quantity_is_kept(self):
        people = [make_customer(self.env, ref=f"A{n}") for n in range(4)]
        self.settle()
        batch = self.run_import(
            "purchases",
            [
                ["id", "date", "amount", "quantity", "reference"],
                ["A0", "2026-01-31", "5", "2", "R0"],
                ["A1", "2026-01-31", "5", "2", "R1"],
                ["A2", "2026-01-31", "5", "2.5", "R2"],
                ["A3", "2026-01-31", "5", "", ""],
            ],
        )
        people[0].purchase_ids.reference = "R9"
        people[1].purchase_ids.quantity = 3
        self.settle()
        self.undo(batch)
        self.assertEqual((batch.restored, batch.kept), (2, 2))
        self.assertEqual(self.kept(batch), {2, 3})
        kept = self.env["mini_crm.purchase"].search(
            [("partner_id", "in", [one.id for one in people])]
        )
        self.assertEqual(kept, (people[0] | people[1]).purchase_ids)

    def test_each_currency_that_a_purchase_is_in_stays_on(self):
        one = make_customer(self.env, ref="A1")
        self.settle()
        codes = ("CHF", "SEK", "NOK")
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", codes)])
        found.active = False
        rows = [["A1", "2026-01-31", "5", code] for code in codes]
        batch = self.run_import(
            "purchases", [["id", "date", "amount", "currency"], *rows]
        )
        self.assertTrue(all(found.mapped("active")))
        # two are in use, the first by more purchases than anybody should look at
        uses = {"CHF": 1001, "SEK": 1}
        self.env["mini_crm.purchase"].create(
            [
                {
                    "partner_id": one.id,
                    "amount": 1,
                    "date": "2026-03-01",
                    "currency_id": currency.id,
                    "origin": f"test:{currency.name}:{number}",
                }
                for currency in found
                for number in range(uses.get(currency.name, 0))
            ]
        )
        self.settle()
        self.undo(batch)
        on = found.filtered("active").mapped("name")
        self.assertEqual(set(on), {"CHF", "SEK"})

    def test_who_had_been_put_out_of_a_segment_is_put_out_again(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Picked", "kind": "static"}
        )
        out, loose, later = (make_customer(self.env, ref=f"A{n}") for n in range(3))
        segment.with_user(self.manager)._write_pins({out.id: "out"})
        self.settle()
        batch = self.run_import(
            "customers",
            [["id", "segments"], *([f"A{n}", "Picked"] for n in range(3))],
        )
        self.assertEqual(segment.pin_count, 3)
        segment.with_user(self.manager)._write_pins({later.id: "out"})
        self.settle()
        self.undo(batch)
        pins = self.env["mini_crm.segment.pin"].search(
            [("segment_id", "=", segment.id)]
        )
        sides = {pin.partner_id: pin.side for pin in pins}
        self.assertEqual(sides, {out: "out", later: "out"})
        self.assertFalse(loose in sides)

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
