import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.batch import mini_crm_batch_repeated
from ..factories import make_customer
from .batch_case import BatchCase, csv_text


@tagged("post_install", "-at_install")
class TestBatchImportGuards(BatchCase):
    """What neither an import nor its undo may get at."""

    def open(self, rows):
        """Open a file as the manager: (the import, its batch)."""
        model = self.env(user=self.manager)["mini_crm.import"]
        data = base64.b64encode(csv_text(rows).encode()).decode()
        wizard = model.browse(model.open_file("any.csv", data)["id"])
        return wizard, self.env["mini_crm.batch"].browse(wizard.batch_id.id)

    def _assert_refused(self, wizard, error):
        before = wizard.batch_id.sudo().read(["state", "settings", "kind"])
        for call in (
            lambda: wizard.choose(kind="purchases"),
            lambda: wizard.create_fields([0], {}),
            lambda: wizard.check({}),
            wizard.run,
        ):
            with self.assertRaises(error):
                call()
        self.assertEqual(
            wizard.batch_id.sudo().read(["state", "settings", "kind"]), before
        )

    def test_an_import_screen_cannot_be_pointed_at_another_batch(self):
        Batch = self.env["mini_crm.batch"]
        other = self.env["res.company"].create({"name": "Other"})
        mine = {"name": "Any", "user_id": self.manager.id, "settings": {}}
        draft = {**mine, "kind": "import_customers"}
        _wizard, opened = self.open([["id"], ["A1"]])
        opened.user_id = self.admin
        for batch in (
            Batch.create({**mine, "kind": "recalculate"}),
            Batch.create({**draft, "company_id": other.id}),
            opened,
        ):
            wizard = self.env(user=self.manager)["mini_crm.import"].create(
                {"batch_id": batch.id}
            )
            self._assert_refused(wizard, AccessError)

    def test_an_import_that_has_begun_is_not_begun_again(self):
        wizard, batch = self.open([["id", "name"], ["A1", "Sara"]])
        wizard.run()
        self._assert_refused(wizard, UserError)
        self.work(batch)
        self.assertEqual(batch.state, "done")
        self._assert_refused(wizard, UserError)
        batch.state = "failed"  # of which an undo may have stopped
        self._assert_refused(wizard, UserError)

    def test_an_undo_leaves_users_and_companies_that_a_customer_has_become(self):
        people = [
            make_customer(self.env, ref=f"A{n}", name=f"Person {n}", city="Yazd")
            for n in range(4)
        ]
        self.settle()
        rows = [["id", "city"], *([f"A{n}", "Qom"] for n in range(4)), ["A9", "Qom"]]
        batch = self.run_import("customers", rows)
        other = self.env["res.company"].create({"name": "Other"})
        made = self.customer("A9")
        (people[1] | made).company_id = other
        self.agent.partner_id = people[2]
        other.partner_id = people[3]
        self.env.flush_all()
        batch.with_user(self.manager).undo()
        while batch.state == "undoing":
            batch._as_user()._step(5000)
            self.env.flush_all()
            batch.invalidate_recordset()
        self.env.invalidate_all()
        cities = [person.city for person in people]
        self.assertEqual(cities, ["Yazd", "Qom", "Qom", "Qom"])
        self.assertTrue(made.exists())
        self.assertEqual((batch.state, batch.restored, batch.kept), ("undone", 1, 4))
        kept = batch.line_ids.filtered(lambda line: line.state == "kept")
        for line, word in zip(
            kept.sorted("row"), ("another", "users", "own", "another"), strict=True
        ):
            self.assertIn(word, line.message)

    def test_rows_that_occur_often_are_told_of_in_portions(self):
        sizes = []
        batches = type(self.env["mini_crm.batch"])
        write = batches._write_problems

        def noted(batch, found, **how):
            sizes.append(len(found))
            return write(batch, found, **how)

        rows = [["id", "phone"], *([["A1", "09121111111"]] * 6), ["A2", "09121111111"]]
        with (
            patch.object(mini_crm_batch_repeated, "PORTION", 2),
            patch.object(batches, "_write_problems", noted),
        ):
            batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"created": 2, "failed": 5})
        self.assertLessEqual(max(sizes), 2)
        self.assertIn((8, "similar_row"), self.problems(batch))
