import base64
import csv
import io
from contextlib import contextmanager
from unittest.mock import patch

from ...models.batch import mini_crm_batch_import
from ..common import MiniCrmCase


def csv_text(rows, delimiter=","):
    """Rows as CSV text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


class BatchCase(MiniCrmCase):
    """Imports by a manager of a shop in Iran; the worker is called by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.ir")
        cls.company.mini_crm_tz = False
        # nobody else works on the queue here that one would have to wait for
        cls.startClassPatcher(patch.object(mini_crm_batch_import, "WAIT_SECONDS", 0))
        cls.batches = cls.env(user=cls.manager)["mini_crm.batch"]

    def start(self, kind, rows, **choices):
        """Start an import of rows (lists of cells), a text or bytes: the batch."""
        if isinstance(rows, list):
            rows = csv_text(rows)
        raw = rows if isinstance(rows, bytes) else rows.encode()
        data = base64.b64encode(raw).decode()
        batch_id = self.batches.start_import(kind, data, f"{kind}.csv", **choices)
        return self.env["mini_crm.batch"].browse(batch_id)

    def work(self, batch, limit=5000):
        """Do the steps of a batch until it has ended or waits for a person."""
        while batch.state in ("checking", "running"):
            batch._as_user()._step(limit)
            self.env.flush_all()
            batch.invalidate_recordset()
        return batch

    def run_import(self, kind, rows, *, limit=5000, **choices):
        """Import rows and draw all consequences: the batch, which has ended."""
        batch = self.work(self.start(kind, rows, **choices), limit)
        self.settle()
        return batch

    def counts(self, batch):
        """What became of the rows, but for zeros; checked to add up."""
        names = ("created", "updated", "unchanged", "skipped", "failed")
        counts = {name: batch[name] for name in names}
        self.assertEqual(sum(counts.values()), batch.total)
        self.assertEqual(batch.done + batch.failed, batch.total)
        states = batch.line_ids.grouped("state")
        for name, number in counts.items():
            self.assertEqual(len(states.get(name, ())), number, name)
        return {name: number for name, number in counts.items() if number}

    def problems(self, batch):
        """(row, code) of the rows with a problem; each has a reason in words."""
        found = batch.line_ids.filtered("problems")
        for line in found:
            self.assertGreater(len(line.message), 10)
        return [(line.row, p["code"]) for line in found for p in line.problems]

    def customer(self, ref):
        return self.env["res.partner"].search([("ref", "=", ref)])

    @contextmanager
    def worker(self):
        """The cron's commits and rollbacks as savepoints."""
        cr, cron = self.env.cr, type(self.env["ir.cron"])
        savepoints = [cr.savepoint()]
        self.commits = []

        def commit(_self, processed=0, *, remaining=None, deactivate=False):
            self.commits.append((processed, remaining))
            self.env.flush_all()
            savepoints[-1].close(rollback=False)
            savepoints.append(cr.savepoint(flush=False))
            return 10

        def rollback():
            self.env.invalidate_all(flush=False)
            savepoints[-1].rollback()

        with (
            patch.object(cron, "_commit_progress", commit),
            patch.object(cr, "rollback", rollback),
        ):
            yield
        savepoints[-1].close(rollback=False)
        self.env.invalidate_all()

    def process(self):
        with self.worker():
            self.env["mini_crm.batch"]._cron_process()
