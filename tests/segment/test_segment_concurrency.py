import threading
import time
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import (
    SerializationFailure,
)

from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from ..common import MiniCrmCase
from ..score.test_score_concurrency import QUEUE, Transaction

CITY = "Side by Side"


class SideBySide(MiniCrmCase):
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

    def in_the_middle(self, action):
        """Have something happen, once, after a step of our segment has begun."""
        segments = type(self.env["mini_crm.segment"])
        original, done = segments._apply_differences, []

        def interrupted(rules, wanted, scope, causes=None):
            if self.segment_id in rules.ids and not done:
                done.append(True)
                action()
            return original(rules, wanted, scope, causes)

        return patch.object(segments, "_apply_differences", interrupted)

    def save(self, **values):
        """A person saves our segment, and does not wait for anybody."""
        with Transaction(self.db) as env:
            env.cr.execute("SET LOCAL lock_timeout = '1s'")
            env["mini_crm.segment"].browse(self.segment_id).write(values)
            env.flush_all()

    def work(self):
        with Transaction(self.db) as env:
            env["mini_crm.rule"]._cron_rules()
            env.cr.rollback()  # what is there was committed before

    def drop(self, segment_id):
        with Transaction(self.db) as env:
            env.cr.execute("DELETE FROM mini_crm_segment WHERE id = %s", [segment_id])


@tagged("post_install", "-at_install")
class TestSegmentConcurrency(SideBySide):
    """What people and workers do to rules and customers at the same moment."""

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
    def test_who_saves_a_condition_does_not_wait_for_those_who_came_after_him(self):
        """Without end, somebody looks at customers: there is always one at work."""
        looking = self.open()
        looking["mini_crm.segment"]._concerned({"tags"})
        saved, came = threading.Event(), threading.Event()
        following = self.open()

        def save():
            with Transaction(self.db) as env:
                segment = env["mini_crm.segment"].browse(self.segment_id)
                segment.domain = "[('city', '=', 'Elsewhere')]"
                env.flush_all()
            saved.set()

        def come():
            with suppress(SerializationFailure):  # it is done again
                following["mini_crm.segment"]._concerned({"tags"})
            came.set()

        with patch.object(Registry, "_lock", DummyRLock()):
            threads = [threading.Thread(target=one) for one in (save, come)]
            for thread in threads:
                thread.start()
                time.sleep(0.5)  # until it waits
            self.assertFalse(saved.is_set())
            looking.cr.commit()
            self.assertTrue(saved.wait(10), "somebody who came later is in the way")
            for thread in threads:
                thread.join(10)
        self.assertTrue(came.is_set())
        following.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_a_build_at_work_fails_nobody(self):
        late = self.open()
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(self.segment_id).next_id = 7
        rules = late["mini_crm.segment"]._concerned({"tags"})
        self.assertIn(self.segment_id, rules.ids)
        late.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_who_saves_a_rule_in_the_middle_of_a_step_does_not_wait_and_wins(self):
        with Transaction(self.db) as env:
            env["res.partner"].browse(self.customer_id).city = CITY
        self.save(domain="[('city', '=', 'Elsewhere')]")
        with self.in_the_middle(
            lambda: self.save(name="Renamed", domain=f"[('city', '=', '{CITY}')]")
        ):
            self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual((segment.name, segment.status), ("Renamed", "ready"))
            self.assertEqual(segment.built_generation, segment.generation)
        self.assertEqual(self.members(), 1)

    @mute_logger("odoo.sql_db")
    def test_a_run_of_everything_asked_for_in_the_middle_of_a_step_is_not_lost(self):
        self.save(domain=f"[('city', '=', '{CITY}')]")

        def everything():
            with Transaction(self.db) as env:
                env.cr.execute("SET LOCAL lock_timeout = '1s'")
                env["mini_crm.rule"]._rebuild_all()
                env.flush_all()

        with self.in_the_middle(everything):
            self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual(segment.status, "ready")
            self.assertEqual(env["mini_crm.rule"]._waiting(), 0)

    def let_in_unseen(self):
        """A person who does not see yet that a customer has just come in."""
        self.save(domain=f"[('city', '=', '{CITY}')]")
        with Transaction(self.db) as env:
            env["mini_crm.rule"]._run_all()
        early = self.open()
        with Transaction(self.db) as env:
            env["res.partner"].browse(self.customer_id).city = CITY
        self.assertEqual(self.members(), 1)
        return early

    @mute_logger("odoo.sql_db")
    def test_an_archived_segment_keeps_nobody_whom_its_archiver_did_not_see(self):
        early = self.let_in_unseen()
        early["mini_crm.segment"].browse(self.segment_id).active = False
        early.cr.commit()
        self.work()
        self.assertEqual(self.members(), 0)
        self.assertEqual(self.moves(), ["in"])
        self.save(active=True)
        self.work()
        self.assertEqual(self.members(), 1)

    @mute_logger("odoo.sql_db")
    def test_who_pins_in_a_segment_that_was_archived_meanwhile_fails(self):
        early = self.open()
        self.save(active=False)
        with self.assertRaises(SerializationFailure):
            early["mini_crm.segment"].browse(self.segment_id).pin(
                [self.customer_id], "in"
            )
        early.cr.rollback()
        early["mini_crm.segment"].browse(self.segment_id).pin([self.customer_id], "in")
        early.cr.commit()
        self.assertEqual(self.members(), 0)  # archived: when it comes back

    @mute_logger("odoo.sql_db")
    def test_the_first_step_of_a_new_segment_is_done_again_once_others_know_it(self):
        rules = type(self.env["mini_crm.rule"])
        with (
            Transaction(self.db) as env,
            patch.object(rules, "_is_anybody_at_work", lambda _rules: False),
        ):
            wizard = env["mini_crm.segment.wizard"].create(
                {"name": CITY, "domain": f"[('city', '=', '{CITY}')]"}
            )
            segment = env["mini_crm.segment"].browse(wizard.create_segment())
            with Transaction(self.db) as other:  # nobody else knows it yet
                other["res.partner"].browse(self.customer_id).city = CITY
        first, self.segment_id = self.segment_id, segment.id
        self.addCleanup(self.drop, first)
        self.assertEqual(self.members(), 0)
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertLess(segment.due_at, segment.built_at + timedelta(minutes=2))
            segment.due_at = segment.built_at
            env["mini_crm.rule"]._run_all()
        self.assertEqual(self.members(), 1)

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
