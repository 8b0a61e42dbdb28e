from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.sheet import Sheet
from ..factories import make_customer
from .batch_case import BatchCase

WORKER = "odoo.addons.mini_crm.models.batch.mini_crm_batch"


def customers(count, start=0):
    return [
        ["id", "name", "e-mail"],
        *([f"A{i}", f"Name {i}", f"a{i}@example.com"] for i in range(start, count)),
    ]


@tagged("post_install", "-at_install")
class TestBatchWorker(BatchCase):
    """The worker: steps, commits, conflicts, rows that break, cancelling."""

    def test_the_worker_imports_in_chunks_and_tells_what_is_left(self):
        batch = self.start("customers", customers(25))
        with patch(f"{WORKER}.CHUNK_ROWS", 10):
            self.process()
        self.assertEqual(self.counts(batch), {"created": 25})
        self.assertEqual(batch.state, "done")
        self.assertTrue(batch.started_at <= batch.finished_at)
        self.assertEqual(self.commits, [(25, 25), (10, 15), (10, 5), (5, 1), (1, 0)])

    def test_a_break_between_chunks_ends_the_same(self):
        batch = self.start("customers", customers(30))
        steps = 0
        while batch.cursor < 20:
            batch._as_user()._step(10)
            steps += 1
            self.assertLess(steps, 10)
        # What was not committed is undone: as after a kill.
        savepoint = self.env.cr.savepoint()
        batch._as_user()._step(10)
        self.assertEqual(
            len(self.env["res.partner"].search([("ref", "=like", "A%")])), 30
        )
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.assertLess(batch.done, 30)
        self.work(batch, 10)
        self.assertEqual(self.counts(batch), {"created": 30})
        partners = self.env["res.partner"].search([("ref", "=like", "A%")])
        self.assertEqual(len(partners), 30)
        self.settle()
        events = self.env["mini_crm.event"].search(
            [("partner_id", "in", partners.ids), ("type", "=", "customer_created")]
        )
        self.assertEqual(len(events), 30)

    def test_a_conflict_is_tried_again(self):
        batch = self.start("customers", customers(5))
        step = type(batch)._step
        failures = iter([True, False, True])

        def step_or_conflict(self, limit):
            if next(failures, False):
                raise SerializationFailure
            return step(self, limit)

        with patch.object(type(batch), "_step", step_or_conflict):
            self.process()
        self.assertEqual(self.counts(batch), {"created": 5})

    @mute_logger(WORKER, "odoo.sql_db")
    def test_a_row_that_the_database_refuses_is_named_and_the_others_go_on(self):
        self.env.cr.execute(
            """ALTER TABLE res_partner ADD CONSTRAINT mini_crm_test_no_13
            CHECK (ref IS DISTINCT FROM 'A13')"""
        )
        batch = self.start("customers", customers(30))
        self.process()
        self.assertEqual(self.counts(batch), {"created": 29, "failed": 1})
        self.assertEqual(self.problems(batch), [(15, "refused")])
        self.assertIn("mini_crm_test_no_13", batch.line_ids.filtered("message").message)

    @mute_logger(WORKER)
    def test_a_batch_that_cannot_go_on_stops_with_the_reason_and_resumes(self):
        batch = self.start("customers", customers(5))
        with patch.object(type(batch), "_stage", side_effect=ValueError("no disk")):
            self.process()
        self.assertEqual(batch.state, "failed")
        self.assertIn("no disk", batch.error)
        batch.with_user(self.manager).action_resume()
        self.process()
        self.assertEqual(self.counts(batch), {"created": 5})

    def test_a_batch_that_runs_is_cancelled_after_the_part_it_is_at(self):
        batch = self.start("customers", customers(30))
        while batch.cursor < 10:
            batch._as_user()._step(10)
        batch.with_user(self.manager).action_cancel()
        self.work(batch)
        self.assertEqual((batch.state, batch.done), ("cancelled", 10))
        with self.assertRaises(UserError):
            batch.with_user(self.manager).action_cancel()

    def test_a_batch_that_waits_for_a_person_is_cancelled_by_the_worker(self):
        batch = self.batches._open_file("x.csv", "aWQsbmFtZQoxLEEK", "customers")
        batch.with_user(self.manager).action_cancel()
        self.process()
        self.assertEqual(batch.state, "cancelled")

    def test_checks_go_first_then_batches_in_their_order(self):
        first = self.start("customers", customers(3))
        second = self.start("customers", customers(3, 1))
        check = self.start("customers", customers(3, 2))
        check.state = "checking"
        self.env.flush_all()
        claim = self.env["mini_crm.batch"]._claim
        self.assertEqual(claim(), check)
        self.work(check)
        self.assertEqual(claim(), first)
        self.work(first)
        self.assertEqual(claim(), second)
        self.work(second)
        self.assertFalse(claim())

    def test_a_batch_writes_as_who_started_it(self):
        self.process()
        batch = self.start("customers", customers(1))
        self.process()
        customer = self.customer("A0")
        self.assertEqual(customer.create_uid, self.manager)
        self.assertEqual(self.events(customer).author_id, self.manager)
        self.assertEqual(batch.user_id, self.manager)

    def test_agents_may_neither_import_nor_see_imports(self):
        agent = self.env(user=self.agent)
        data = "aWQsbmFtZQoxLEEK"
        for call in (
            lambda: agent["mini_crm.batch"].start_import("customers", data, "x.csv"),
            lambda: agent["mini_crm.import"].open_file("x.csv", data),
            lambda: agent["mini_crm.batch"].start_recalculation(),
            lambda: agent["mini_crm.batch"].search([]),
        ):
            with self.assertRaises(AccessError):
                call()
        batch = self.start("customers", customers(1))
        for name in ("action_cancel", "action_resume", "progress"):
            with self.assertRaises(AccessError):
                getattr(batch.with_user(self.agent), name)()

    def test_batches_are_written_by_nobody_but_the_worker(self):
        batch = self.start("customers", customers(1))
        for user in (self.manager, self.admin):
            with self.assertRaises(AccessError):
                batch.with_user(user).state = "done"
            with self.assertRaises(AccessError):
                batch.with_user(user).unlink()

    def test_a_chunk_takes_as_many_queries_however_many_rows(self):
        def queries(count, start):
            batch = self.start("customers", customers(start + count, start))
            batch._as_user()._step(5000)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            batch._as_user()._step(5000)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2, 5000)
        few, many = queries(10, 1000), queries(400, 2000)
        self.assertLessEqual(many, few)
        self.assertLess(few, 60)

    def test_old_files_and_rows_are_forgotten_and_the_counts_stay(self):
        prepared = self.batches._open_file("x.csv", "aWQsbmFtZQoxLEEK", "customers")
        done = self.run_import("customers", customers(3))
        recent = self.run_import("customers", customers(4))
        self.env.cr.execute(
            """UPDATE mini_crm_batch SET write_date = '2020-01-01',
            finished_at = finished_at - interval '1 year'
            WHERE id IN %s""",
            [tuple((prepared | done).ids)],
        )
        self.env.invalidate_all()
        self.env["mini_crm.batch"]._gc_batches()
        self.assertFalse(prepared.exists())
        self.assertFalse(done.line_ids)
        self.assertFalse(done.file_data)
        self.assertEqual((done.total, done.created), (3, 3))
        self.assertEqual(len(recent.line_ids), 4)

    def test_rows_of_another_company_stay_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        make_customer(self.env, ref="A0", company_id=other.id)
        batch = self.start("customers", customers(1))
        self.work(batch)
        self.manager.company_ids |= other
        self.manager.company_id = other
        self.manager.company_ids = other
        self.assertFalse(self.env(user=self.manager)["mini_crm.batch"].search([]))
        self.assertFalse(self.env(user=self.manager)["mini_crm.batch.line"].search([]))

    def test_a_file_is_staged_with_few_of_its_rows_in_memory(self):
        alive, most = set(), 0
        records = Sheet.records

        class Cells(list):
            """Cells that tell when they are gone."""

            def __del__(self):
                alive.discard(id(self))

        def watched(sheet):
            nonlocal most
            for number, cells in records(sheet):
                row = Cells(cells)
                alive.add(id(row))
                most = max(most, len(alive))
                yield number, row

        rows = [["id", "name"], *([f"M{n}", f"Many {n}"] for n in range(3000))]
        batch = self.start("customers", rows)
        with patch.object(Sheet, "records", watched):
            batch._as_user()._step(5000)
        self.assertEqual((batch.staged_row, len(batch.line_ids)), (3001, 3000))
        self.assertLess(most, 10)
