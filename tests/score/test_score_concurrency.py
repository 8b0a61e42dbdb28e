import threading
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from ...models.score import mini_crm_customer_count
from ..common import MiniCrmCase

EVENTS = 50
THREADS = 8
QUEUE = "odoo.addons.mini_crm.models.timeline.mini_crm_queue"


@tagged("post_install", "-at_install")
class TestScoreConcurrency(MiniCrmCase):
    """Real transactions side by side, committed; what they leave is removed."""

    def setUp(self):
        super().setUp()
        self.db = Registry(get_db_name())
        with self.transaction() as env:
            self.customer_id = env["res.partner"].create({"name": "Side by side"}).id
            self.work_off(env)
        self.addCleanup(self.remove)

    def transaction(self):
        """A transaction of its own: context manager of an environment; commits."""
        return Transaction(self.db)

    def remove(self, partner_id=None):
        """Remove the customer (or another) and what hangs on him."""
        with self.transaction() as env:
            for statement in (
                "DELETE FROM mini_crm_purchase WHERE partner_id = %s",
                "DELETE FROM mini_crm_queue WHERE partner_id = %s",
                "DELETE FROM res_partner WHERE id = %s",
            ):
                env.cr.execute(statement, [partner_id or self.customer_id])

    def work_off(self, env):
        """What the worker does until the queue is empty."""
        env.cr.commit()
        env["mini_crm.queue"]._cron_process()

    def figures(self):
        with self.transaction() as env:
            customer = env["res.partner"].browse(self.customer_id)
            events = customer.event_ids.filtered("interaction")
            return (
                len(events),
                customer.total_interactions,
                customer.total_purchases,
                customer.total_spent,
            )

    @mute_logger("odoo.sql_db", QUEUE)
    def test_fifty_events_side_by_side_give_the_exact_total(self):
        errors = []

        def work(numbers):
            for number in numbers:
                for _attempt in range(30):
                    try:
                        self.happen(number)
                        break
                    except SerializationFailure:
                        continue  # as Odoo does with a request
                    except Exception as error:  # the thread must tell
                        errors.append(error)
                        return

        threads = [
            threading.Thread(target=work, args=(range(EVENTS)[first::THREADS],))
            for first in range(THREADS)
        ]
        # a test run holds the lock of the registries, which every thread needs
        with patch.object(Registry, "_lock", DummyRLock()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
        self.assertEqual(errors, [])
        with self.transaction() as env:
            self.work_off(env)
        self.assertEqual(self.figures(), (EVENTS - 10, EVENTS - 10, 10, 10 * 12.5))
        with self.transaction() as env:
            self.assertEqual(env["mini_crm.customer.count"]._repair(), 0)

    def happen(self, number):
        """Something happens to the customer, in a transaction of its own."""
        with self.transaction() as env:
            customer = env["res.partner"].browse(self.customer_id)
            if number % 5:
                customer._log("message_received" if number % 2 else "message_sent")
            else:
                env["mini_crm.purchase"].create(
                    {"partner_id": customer.id, "amount": 12.5}
                )

    @mute_logger("odoo.sql_db", QUEUE)
    def test_two_workers_with_the_same_customer_count_each_event_once(self):
        """The second of two claims loses, and is done again on what the first left."""
        with self.transaction() as env:
            env.cr.execute(
                """INSERT INTO mini_crm_event
                    (company_id, partner_id, type, interaction, date, depth)
                SELECT %s, %s, 'message_received', 'in',
                    '2026-01-01'::timestamp + n * interval '1 minute', 0
                FROM generate_series(1, 2) n RETURNING id""",
                [env.company.id, self.customer_id],
            )
            env.cr.execute(
                """INSERT INTO mini_crm_queue (event_id, partner_id, type)
                SELECT id, partner_id, type FROM mini_crm_event
                WHERE partner_id = %s AND type = 'message_received'
                ORDER BY id RETURNING id""",
                [self.customer_id],
            )
            first_row, second_row = (row[0] for row in env.cr.fetchall())
        first, second = self.transaction(), self.transaction()
        one, other = first.__enter__(), second.__enter__()
        other.cr.execute("SELECT 1")  # its snapshot is older than the commit
        one["mini_crm.queue"]._run_listeners(SQL("id = %s", first_row))
        one.cr.commit()
        with self.assertRaises(SerializationFailure):
            other["mini_crm.queue"]._run_listeners(SQL("id = %s", second_row))
        other.cr.rollback()
        other["mini_crm.queue"]._run_listeners(SQL("id = %s", second_row))
        second.__exit__(None, None, None)
        first.__exit__(None, None, None)
        self.assertEqual(self.figures()[:2], (2, 2))

    def test_changes_side_by_side_are_counted_without_waiting(self):
        with self.transaction() as env:
            other_id = env["res.partner"].create({"name": "Beside"}).id
            self.work_off(env)
        self.addCleanup(self.remove, other_id)
        first, second = self.transaction(), self.transaction()
        one, other = first.__enter__(), second.__enter__()
        for env, partner_id in ((one, self.customer_id), (other, other_id)):
            env.cr.execute("SET LOCAL lock_timeout = '1s'")
            env["res.partner"].browse(partner_id).action_archive()
            env.flush_all()
        first.__exit__(None, None, None)
        self.patch(mini_crm_customer_count, "SURPLUS_ROWS", 0)
        with self.transaction() as env:
            env.cr.execute("SET LOCAL lock_timeout = '1s'")
            env["mini_crm.customer.count"]._cron_compact()
        second.__exit__(None, None, None)
        with self.transaction() as env:
            self.assertEqual(env["mini_crm.customer.count"]._repair(), 0)

    def test_tag_and_score_side_by_side_are_counted_right(self):
        """Neither sees what the other has written: the second must be done again."""
        with self.transaction() as env:
            tag_id = env["res.partner.category"].create({"name": "Side by side"}).id
        self.addCleanup(self.remove_tag, tag_id)

        def put_tag(env):
            env["res.partner"].browse(self.customer_id).category_id = [(4, tag_id)]
            env.flush_all()

        def score(env):
            env.cr.execute(
                """UPDATE mini_crm_profile SET crm_score = coalesce(crm_score, 0) + 7,
                    total_spent = total_spent + 5 WHERE id = %s""",
                [self.customer_id],
            )

        def take_tag(env):
            env["res.partner"].browse(self.customer_id).category_id = [(3, tag_id)]
            env.flush_all()

        for first_does, second_does in (
            (put_tag, score),
            (score, take_tag),
            (score, put_tag),
            (take_tag, score),
        ):
            self.side_by_side(first_does, second_does)
            with self.transaction() as env:
                self.assertEqual(env["mini_crm.customer.count"]._repair(), 0)

    def side_by_side(self, first_does, second_does):
        """Two do something at once: the second fails, and does it again."""
        first, second = self.transaction(), self.transaction()
        one, other = first.__enter__(), second.__enter__()
        # its snapshot is older than the first's commit
        other.cr.execute("SELECT 1")
        first_does(one)
        first.__exit__(None, None, None)
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            second_does(other)
        other.cr.rollback()
        other.invalidate_all()
        second_does(other)
        second.__exit__(None, None, None)

    def remove_tag(self, tag_id):
        """Remove a tag that this class has made."""
        with self.transaction() as env:
            env["res.partner.category"].browse(tag_id).unlink()


class Transaction:
    """A cursor of its own with an environment; commits unless something is raised."""

    def __init__(self, registry):
        self.cr = registry.cursor()

    def __enter__(self):
        return api.Environment(self.cr, SUPERUSER_ID, {"tracking_disable": True})

    def __exit__(self, kind, _error, _trace):
        if kind is None:
            self.cr.commit()
        self.cr.close()
