import json

from ..factories import make_customer
from .batch_case import BatchCase

# What an undo must bring back: all but the log, audit columns and what is derived.
IDENTITY = {
    "res_partner": "id, to_jsonb(t) - 'write_date' - 'write_uid'",
    "res_partner_res_partner_category_rel": "partner_id, category_id",
    "mini_crm_tag_origin": "rule_id, partner_id, by_hand, declined",
    "mini_crm_segment_pin": "segment_id, partner_id, side",
    "mini_crm_segment_member": "segment_id, partner_id, reason",
    "mini_crm_profile": "id, to_jsonb(t)",
    "mini_crm_journey_transition": "partner_id, from_stage, to_stage",
    "mail_activity": "id, res_model, res_id, summary",
}


class BulkCase(BatchCase):
    """Bulk changes by a manager; the worker is called by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulk = cls.env(user=cls.manager)["mini_crm.bulk"]
        cls.partners = cls.env["res.partner"].concat(
            *(make_customer(cls.env, name=f"Bulk {n}") for n in range(7))
        )
        cls.domain = [("id", "in", cls.partners.ids)]
        cls.tag = cls.env["res.partner.category"].create({"name": "Bulk"})

    def work(self, batch, limit=3):
        while batch.state in ("checking", "running", "undoing"):
            batch._as_user()._step(limit)
            self.env.flush_all()
            batch.invalidate_recordset()
        return batch

    def start_bulk(self, action, values=None, domain=None, typed=None):
        """Preview and apply: the batch, which runs."""
        domain = self.domain if domain is None else domain
        shown = self.bulk.preview(action, domain, values or {})
        batch_id = self.bulk.apply(
            action, domain, values or {}, shown["count"], shown["hash"], typed
        )
        self.shown = shown
        return self.env["mini_crm.batch"].browse(batch_id)

    def change(self, action, values=None, domain=None, typed=None):
        """Preview, apply and work; the preview must have told the truth: the batch."""
        batch = self.work(self.start_bulk(action, values, domain, typed))
        self.settle()
        self.assertEqual(batch.state, "done", batch.error)
        self.assertEqual(batch.updated, self.shown["changed"])
        self.assertEqual(batch.unchanged, self.shown["already"])
        left = sum(entry["count"] for entry in self.shown["left_out"])
        self.assertEqual(batch.skipped, left)
        return batch

    def take_back(self, batch):
        """Undo a batch as the manager, to its end."""
        batch.with_user(self.manager).undo()
        self.work(batch)
        self.settle()
        self.assertEqual(batch.state, "undone", batch.error)
        return batch

    def state_of_things(self):
        """Rows of the tables of ``IDENTITY``, as text: dict."""
        self.settle()
        found = {}
        for table, columns in IDENTITY.items():
            self.env.cr.execute(f"SELECT {columns} FROM {table} t ORDER BY 1, 2")
            found[table] = [
                json.dumps(row, default=str, sort_keys=True)
                for row in self.env.cr.fetchall()
            ]
        return found

    def assert_same(self, before):
        after = self.state_of_things()
        for table, rows in before.items():
            self.assertEqual(after[table], rows, table)
