from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.timeline import mini_crm_queue
from ...models.timeline.mini_crm_queue import Listener
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestTimelineQueue(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        cls.env.cr.flush()
        cls.queue = cls.env["mini_crm.queue"]

    def listeners(self, *handlers):
        """Replace the listeners by functions of (queue, claimed).

        Or by pairs of the types that one hears and such a function.
        """
        model, entries = type(self.queue), []
        for number, handler in enumerate(handlers):
            types, handler = handler if isinstance(handler, tuple) else ((), handler)
            entries.append(
                Listener(number, "mini_crm.queue", f"_test_{number}", frozenset(types))
            )
            patcher = patch.object(model, f"_test_{number}", handler, create=True)
            self.startPatcher(patcher)
        self.startPatcher(
            patch.object(model, "_event_listeners", lambda self: entries[::-1])
        )

    def rows(self, claimed):
        return self.env.execute_query(SQL("SELECT * FROM %s AS c", claimed))

    def test_listeners_get_all_rows_at_once_in_order(self):
        calls = []
        self.listeners(
            lambda queue, claimed: calls.append(("first", self.rows(claimed))),
            lambda queue, claimed: calls.append(("second", self.rows(claimed))),
        )
        ids = [self.customer._log("message_received") for _ in range(3)]
        self.env.cr.flush()
        rows = [(event_id, self.customer.id, "message_received") for event_id in ids]
        self.assertEqual([name for name, _rows in calls], ["first", "second"])
        for _name, got in calls:
            self.assertEqual(sorted(got), rows)
        self.assertFalse(self.queue.search_count([]))

    def test_a_listener_that_hears_nothing_of_it_is_not_asked(self):
        calls = []
        self.listeners(
            ({"call_logged", "note_added"}, lambda queue, claimed: calls.append(1)),
            ({"call_logged"}, lambda queue, claimed: calls.append(2)),
            lambda queue, claimed: calls.append(3),
        )
        self.customer._log("note_added")
        self.env.cr.flush()
        self.assertEqual(calls, [1, 3])

    @mute_logger("odoo.addons.mini_crm.models.timeline.mini_crm_queue", "odoo.sql_db")
    def test_failing_listener_harms_nobody_and_leaves_the_work(self):
        def fail(queue, claimed):
            queue.env.cr.execute("SELECT 1 / 0")

        self.listeners(fail)
        self.customer._log("message_received")
        self.customer.city = "Shiraz"
        self.env.cr.flush()
        self.assertEqual(self.customer.city, "Shiraz")
        self.assertTrue(self.queue.search_count([("type", "=", "message_received")]))
        with self.assertRaises(psycopg2.errors.DivisionByZero), self.env.cr.savepoint():
            self.queue._run_listeners(SQL("TRUE"))

    @mute_logger("odoo.addons.mini_crm.models.timeline.mini_crm_queue", "odoo.sql_db")
    def test_slow_listener_is_left_to_the_worker(self):
        self.listeners(
            lambda queue, claimed: queue.env.cr.execute("SELECT pg_sleep(5)")
        )
        with patch.object(mini_crm_queue, "INLINE_BUDGET", 0.05):
            self.customer._log("message_received")
            self.env.cr.flush()
        self.assertTrue(self.queue.search_count([]))
        trigger = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("mini_crm.ir_cron_mini_crm_queue").id)]
        )
        self.assertTrue(trigger)

    @mute_logger("odoo.addons.mini_crm.models.timeline.mini_crm_queue", "odoo.sql_db")
    def test_what_a_failing_listener_had_not_yet_written_is_taken_back(self):
        def listen(queue, claimed):
            queue.env["res.partner"].browse(self.customer.id).comment = "half done"
            raise ValueError("poison")

        self.listeners(listen)
        self.customer._log("message_received")
        self.env.cr.flush()
        self.env.flush_all()
        self.assertFalse(self.customer.comment)

    def test_more_than_a_hundred_customers_are_left_to_the_worker(self):
        calls = []
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}"} for n in range(101)]
        )
        self.settle()
        self.listeners(lambda queue, claimed: calls.append(self.rows(claimed)))
        self.env["mini_crm.event"]._log_many(
            {"partner_id": SQL("p.id"), "type": SQL("'message_received'")},
            SQL("FROM res_partner p WHERE p.id = ANY(%s)", list(customers.ids)),
        )
        self.env.cr.flush()
        self.assertFalse(calls)
        self.assertEqual(self.queue._run_listeners(SQL("TRUE")), 101)
        self.assertEqual(len(calls[0]), 101)

    def test_second_flush_does_nothing_again(self):
        calls = []
        self.listeners(lambda queue, claimed: calls.append(1))
        self.customer._log("message_received")
        for _ in range(3):
            self.env.cr.flush()
        self.assertEqual(calls, [1])

    @mute_logger("odoo.addons.mini_crm.models.timeline.mini_crm_queue", "odoo.sql_db")
    def test_poison_event_is_set_aside_and_the_others_go_on(self):
        poison = self.customer._log("call_logged")
        good = [self.customer._log("message_received") for _ in range(20)]
        handled = []

        def listen(queue, claimed):
            events = [row[0] for row in self.rows(claimed)]
            if poison in events:
                raise ValueError("poison")
            handled.extend(events)

        self.listeners(listen)
        cron = self.env["ir.cron"]
        savepoints = [self.env.cr.savepoint(flush=False)]

        def commit(self, processed=0, remaining=None):
            savepoints[-1].close(rollback=False)
            savepoints.append(self.env.cr.savepoint(flush=False))
            return 10

        with (
            patch.object(type(cron), "_commit_progress", commit),
            patch.object(self.env.cr, "rollback", lambda: savepoints[-1].rollback()),
        ):
            self.queue._cron_process()
        savepoints[-1].close(rollback=False)
        self.assertEqual(sorted(handled), good)
        left = self.queue.search([("error", "!=", False)])
        self.assertEqual(left.event_id, poison)
        self.assertIn("poison", left.error)
