from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from ..common import MiniCrmCase
from ..score.test_score_concurrency import QUEUE, Transaction

CITY = "Side by Side"


@tagged("post_install", "-at_install")
class TestSegmentConcurrency(MiniCrmCase):
    """Real transactions side by side, committed; what they leave is removed."""

    def setUp(self):
        super().setUp()
        self.db = Registry(get_db_name())
        with Transaction(self.db) as env:
            self.tag_id = env["res.partner.category"].create({"name": CITY}).id
            self.customer_id = env["res.partner"].create({"name": CITY}).id
            self.segment_id = (
                env["mini_crm.segment"]
                .create(
                    {
                        "name": CITY,
                        "domain": f"[('city', '=', '{CITY}'),"
                        f" ('category_id', 'in', [{self.tag_id}])]",
                    }
                )
                .id
            )
            env["mini_crm.rule"]._run_all()
        self.addCleanup(self.remove)

    def remove(self):
        with Transaction(self.db) as env:
            for statement, record_id in (
                ("DELETE FROM mini_crm_segment WHERE id = %s", self.segment_id),
                ("DELETE FROM mini_crm_queue WHERE partner_id = %s", self.customer_id),
                ("DELETE FROM res_partner WHERE id = %s", self.customer_id),
                ("DELETE FROM res_partner_category WHERE id = %s", self.tag_id),
            ):
                env.cr.execute(statement, [record_id])

    def members(self):
        with Transaction(self.db) as env:
            return env["mini_crm.segment"].browse(self.segment_id).member_count

    def moves(self):
        with Transaction(self.db) as env:
            events = env["mini_crm.event"].search(
                [
                    ("partner_id", "=", self.customer_id),
                    ("type", "=", "segment_changed"),
                ]
            )
            return [
                event.data["to"]
                for event in events
                if event.data["segment_id"] == self.segment_id
            ]

    def open(self):
        """A transaction that sees the moment at which it was opened."""
        transaction = Transaction(self.db)
        self.addCleanup(transaction.cr.close)
        transaction.cr.execute("SELECT 1")
        return transaction.__enter__()

    @mute_logger("odoo.sql_db", QUEUE)
    def test_two_halves_of_a_condition_that_come_true_side_by_side_are_seen(self):
        one, other = self.open(), self.open()
        one["res.partner"].browse(self.customer_id).city = CITY
        one.cr.commit()
        put_tag = (
            """INSERT INTO res_partner_res_partner_category_rel
                (partner_id, category_id) VALUES (%s, %s)""",
            [self.customer_id, self.tag_id],
        )
        with self.assertRaises(SerializationFailure):
            other.cr.execute(*put_tag)
        other.cr.rollback()  # and it is done again, as Odoo does with a request
        other.cr.execute(*put_tag)
        other["res.partner"].browse(self.customer_id)._log(
            "tag_added", data={"tag_id": self.tag_id, "tag": CITY}
        )
        other.cr.commit()  # what follows from it is left to the worker
        with Transaction(self.db) as env:
            env["mini_crm.queue"]._cron_process()
        self.assertEqual(self.members(), 1)
        self.assertEqual(self.moves(), ["in"])

    @mute_logger("odoo.sql_db")
    def test_who_still_sees_the_old_condition_fails_and_is_done_again(self):
        late = self.open()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            segment.domain = "[('city', '=', 'Elsewhere')]"
        with self.assertRaises(SerializationFailure):
            late["mini_crm.segment"]._concerned({"tags"})
        late.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_a_build_at_work_fails_nobody(self):
        late = self.open()
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(self.segment_id).next_id = 7
        rules = late["mini_crm.segment"]._concerned({"tags"})
        self.assertIn(self.segment_id, rules.ids)
        late.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_two_workers_take_two_rules(self):
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            segment._rebuild()
        one, other = self.open(), self.open()
        first, second = (env["mini_crm.rule"]._claim() for env in (one, other))
        self.assertEqual(first.id, self.segment_id)
        self.assertNotEqual(second and second.id, self.segment_id)
        one.cr.rollback()
        other.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_the_worker_builds_what_waits_and_commits_it(self):
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            segment.domain = f"[('city', '=', '{CITY}')]"
            env["res.partner"].browse(self.customer_id).city = CITY
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(self.segment_id)._rebuild()
        with Transaction(self.db) as env:
            env["mini_crm.rule"]._cron_rules()
            env.cr.rollback()  # what is there was committed before
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual((segment.status, segment.member_count), ("ready", 1))
            self.assertEqual(env["mini_crm.rule"]._waiting(), 0)

    @mute_logger("odoo.sql_db")
    def test_a_build_that_meets_a_change_of_the_same_customer_is_done_again(self):
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(
                self.segment_id
            ).domain = f"[('city', '=', '{CITY}')]"
            env["mini_crm.rule"]._run_all()
            env.cr.execute(
                "UPDATE res_partner SET city = %s WHERE id = %s",
                [CITY, self.customer_id],
            )
        build = self.open()
        with Transaction(self.db) as env:
            env["res.partner"].browse(self.customer_id).city = "Elsewhere"
        with self.assertRaises(SerializationFailure):
            build["mini_crm.segment"].browse(self.segment_id)._step(1_000_000)
        build.cr.rollback()
        build["mini_crm.segment"].browse(self.segment_id)._step(1_000_000)
        build.cr.commit()
        self.assertEqual(self.members(), 0)

    @mute_logger("odoo.sql_db")
    def test_who_does_not_know_a_new_segment_is_looked_at_again(self):
        early = self.open()
        with Transaction(self.db) as env:
            env.cr.execute(
                "DELETE FROM mini_crm_segment WHERE id = %s", [self.segment_id]
            )
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].create(
                {"name": CITY, "domain": f"[('city', '=', '{CITY}')]"}
            )
            env["mini_crm.rule"]._run_all()
        self.segment_id = segment.id
        early["res.partner"].browse(self.customer_id).city = CITY
        early.cr.commit()
        self.assertEqual(self.members(), 0)
        with Transaction(self.db) as env:
            built = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual(built.status, "ready")
            self.assertLess(built.due_at, built.built_at + timedelta(minutes=2))
            built.due_at = built.built_at
            env["mini_crm.rule"]._run_all()
            self.assertFalse(built.due_at)
        self.assertEqual(self.members(), 1)
        self.assertEqual(self.moves(), ["in"])

    @mute_logger("odoo.sql_db")
    def test_a_segment_is_made_although_its_customers_change_meanwhile(self):
        late = self.open()
        with Transaction(self.db) as env:
            env["res.partner"].browse(self.customer_id).city = CITY
            env["mini_crm.rule.mark"]._touch(SQL("SELECT %s", self.customer_id))
        late.cr.execute(
            "SELECT city FROM res_partner WHERE id = %s", [self.customer_id]
        )
        self.assertIsNone(late.cr.fetchone()[0])
        wizard = late["mini_crm.segment.wizard"].create(
            {"name": "While they change", "domain": "[]"}
        )
        made = wizard.create_segment()
        late.cr.commit()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(made)
            self.addCleanup(self.drop, made)
            self.assertEqual((segment.status, segment.member_count), ("waiting", 0))
            env["mini_crm.rule"]._run_all()
            self.assertEqual(segment.status, "ready")
            self.assertIn(self.customer_id, segment.member_ids.partner_id.ids)

    def drop(self, segment_id):
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(segment_id).unlink()
