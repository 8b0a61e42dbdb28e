import json

from odoo.fields import Command
from odoo.tools import SQL

from ...models.merge import references
from ...models.merge.images import TABLES
from ..factories import make_identity, make_message, make_purchase
from ..workflow.run_case import RunCase

# Tables in which an undo only adds: the log, what it says to people, the batch itself.
GROWING = {
    *("mini_crm_event", "mail_message", "mini_crm_batch", "mini_crm_batch_line"),
    "mini_crm_merge_trace",
}
# What others are derived from by triggers and jobs, or marks and work of the machine.
MACHINE = {
    *("mini_crm_customer_count", "mini_crm_segment_count", "mini_crm_tag_count"),
    *("mini_crm_rule_mark", "mini_crm_queue", "ir_cron_trigger"),
    *("mini_crm_duplicate_mark", "mini_crm_duplicate_trait", "mini_crm_duplicate_word"),
}
WRITTEN = ["write_date", "write_uid", "undone_by"]


class MergeCase(RunCase):
    """Customers with rows in every table that knows of customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merging = cls.env["mini_crm.merge"]
        cls.segment = cls.env["mini_crm.segment"].create(
            {"name": "Talkers", "domain": "[('total_interactions', '>=', 1)]"}
        )
        cls.guests = cls.env["mini_crm.segment"].create(
            {"name": "Guests", "kind": "static"}
        )
        cls.smart = cls.env["res.partner.category"].create({"name": "From Shiraz"})
        cls.tag_rule = cls.env["mini_crm.tag.rule"].create(
            {
                "name": "From Shiraz",
                "domain": "[('city', '=', 'Shiraz')]",
                "category_id": cls.smart.id,
            }
        )

    def merge(self, survivor, *others, choices=None):
        """Merge as a manager; the batch."""
        self.settle()
        merging = self.merging.with_user(self.manager)
        others = survivor.browse().union(*others)
        batch_id = merging.merge(survivor.id, others.ids, choices)
        self.settle()
        return self.env["mini_crm.batch"].browse(batch_id)

    def undo(self, batch):
        self.settle()
        kept = self.merging.with_user(self.manager).undo(batch.id)
        self.settle()
        return kept

    # Everything there is

    def rich(self, workflow, number, **values):
        """A customer of whom every room knows something."""
        city = "Shiraz" if number % 2 else "Yazd"
        customer = self.env["res.partner"].create(
            {
                "name": f"Rich {number}",
                "email": f"rich{number}@example.com",
                "phone": f"+98912555000{number}",
                "city": city,
                "category_id": [Command.link(self.tag.id)],
                **values,
            }
        )
        self.settle()
        self.talk(customer, number)
        self.guests.pin(customer.ids, "in")
        workflow._start(customer)
        self.write_rows(customer, workflow, number)
        customer._set_consent("email", "in" if number % 2 else "out", source="person")
        self.settle()
        return customer

    def talk(self, customer, number):
        """Messages in and out, one that waits, purchases, notes and a task."""
        identity = make_identity(self.env, customer)
        make_message(identity, f"Hello {number}")
        waiting = make_message(identity, "Later", "out", state="queued")
        self.env["mini_crm.outbox"].create(
            {
                "message_id": waiting.id,
                "identity_id": identity.id,
                "channel_id": identity.channel_id.id,
            }
        )
        customer._log("message_received")
        make_purchase(self.env, customer, 10 * number + 5)
        customer.message_post(body="A note", message_type="comment")
        customer.message_subscribe(self.manager.partner_id.ids)
        customer.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        self.env["ir.attachment"].create(
            {
                "name": "x",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": customer.id,
            }
        )

    def write_rows(self, customer, workflow, number):
        """Rows that clash when two of these customers are merged."""
        self.env["res.partner"].create({"name": "Child", "parent_id": customer.id})
        self.env["mini_crm.workflow.start"]._note(workflow, {customer.id: "birthday"})
        self.env["mini_crm.score.history"].create(
            {"partner_id": customer.id, "date": "2020-01-01", "crm_score": number}
        )
        document = self.manager.partner_id
        document.message_subscribe(customer.ids)
        self.env["res.partner.bank"].create(
            {"acc_number": "IR-1", "partner_id": customer.id}
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_mail_sending (mail_id, message_id, partner_id,
                    company_id, noted_at)
                VALUES (1, 1, %s, %s, '2026-01-01')""",
                customer.id,
                self.company.id,
            )
        )

    # Photographs of the database

    def tables(self):
        """Tables that may name a customer, by whatever way."""
        found = {one.table for one in references.key_references(self.env)}
        found |= {one.table for one in references.document_references(self.env)}
        found |= {one.table for one in references.text_references(self.env)}
        found |= set(TABLES) | {table for table, _column in references.STAYS}
        self.env.cr.execute(
            """SELECT relname FROM pg_class WHERE relkind = 'r'
            AND relnamespace = current_schema::regnamespace
            AND relname LIKE 'mini\\_crm\\_%'"""
        )
        ours = {row[0] for row in self.env.cr.fetchall()}
        self.env.cr.execute(
            """SELECT relname FROM pg_class WHERE relkind = 'r'
            AND relnamespace = current_schema::regnamespace"""
        )
        there = {row[0] for row in self.env.cr.fetchall()}
        found |= {"mail_followers_mail_message_subtype_rel"}
        return sorted(((found | ours) & there) - MACHINE - {"ir_model_data"})

    def photograph(self):
        """Every row of every table: {table: {row as text}}."""
        self.env.flush_all()
        rows = {}
        for table in self.tables():
            self.env.cr.execute(
                SQL(
                    "SELECT (to_jsonb(t) - %s::text[])::text FROM %s t",
                    WRITTEN,
                    SQL.identifier(table),
                )
            )
            rows[table] = [row[0] for row in self.env.cr.fetchall()]
        return rows

    def assert_same(self, before, after):
        """Compare two photographs; logs may have grown."""
        wrong = []
        for table, rows in before.items():
            lost, new = set(rows) - set(after[table]), set(after[table]) - set(rows)
            if lost or (new and table not in GROWING):
                wrong.append((table, [*map(_short, lost)], [*map(_short, new)]))
        self.assertEqual(wrong, [])

    def assert_counts_right(self):
        with self.assertNoLogs("odoo.addons.mini_crm", "WARNING"):
            self.assertEqual(self.env["mini_crm.customer.count"]._repair(), 0)


def _short(text):
    """A row without what is empty."""
    return {k: v for k, v in json.loads(text).items() if v not in (None, False, 0)}
