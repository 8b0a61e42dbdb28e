import threading
import time
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import psycopg2
from psycopg2.errors import LockNotAvailable

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.channel.mini_crm_outbox_lock import WAITING_LOCK, WORKER_LOCK
from ...models.channel.mini_crm_outbox_worker import CALLS, _Run
from .outbox_case import JOB_SECONDS, OutboxCase

WORKER = "odoo.addons.mini_crm.models.channel.mini_crm_outbox_worker"


@tagged("post_install", "-at_install")
class TestChannelWorkers(OutboxCase):
    """Who claims what, who is still alive, and what can be taken back."""

    def test_call_that_hangs_keeps_its_thread_and_one_not_begun_is_not_made(self):
        goes_on, made = threading.Event(), []

        def hang(attempt):
            made.append(attempt)
            goes_on.wait(JOB_SECONDS)

        run = _Run(76)
        with patch(f"{WORKER}.carry_out", hang), patch(f"{WORKER}.LONGEST_CALL", 0):
            run.begin(range(CALLS + 1))
            while len(made) < CALLS:
                time.sleep(0.01)
            ended = dict(run.finished(0))
            self.assertEqual(run.free, 0)
            self.assertEqual(
                [ended[attempt].sent for attempt in range(CALLS + 1)],
                [True] * CALLS + [False],
            )
            goes_on.set()
            run.pool.shutdown()
        self.assertEqual(run.free, CALLS)
        self.assertNotIn(CALLS, made)

    def test_two_workers_at_once_claim_each_message_once(self):
        chats = [self.chat(f"62{n}") for n in range(6)]
        for chat in chats:
            self.send(chat, "first", "second")
        first, second = self.transaction(), self.transaction()
        one, other = first.__enter__(), second.__enter__()
        other.cr.execute("SELECT 1")  # its snapshot is older than the first's commit
        claimed = one["mini_crm.outbox"]._claim(_Run(1))
        beside = other["mini_crm.outbox"]._claim(_Run(2))
        messages = [attempt.message_id for attempt in claimed + beside]
        self.assertEqual(len(messages), len(set(messages)))
        self.assertEqual(set(self.read(messages, "body")), {"first"})
        for transaction in (first, second):
            transaction.cr.rollback()
            transaction.__exit__(None, None, None)

    def test_two_workers_side_by_side_send_each_once_and_in_order(self):
        chats = {f"71{n}": self.chat(f"71{n}") for n in range(8)}
        texts = ["first", "second", "third"]
        ids = [id_ for chat in chats.values() for id_ in self.send(chat, *texts)]
        self.deadline = time.monotonic() + JOB_SECONDS
        workers = [threading.Thread(target=self.work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=2 * JOB_SECONDS)
        self.assertEqual(set(self.states(ids)), {"sent"})
        for external_id in chats:
            self.assertEqual(self.provider.texts(external_id), texts)
            times = self.provider.times(external_id)
            for earlier, later in pairwise(times):
                self.assertGreaterEqual(later - earlier, 0.99)

    def test_claim_of_a_dead_worker_is_uncertain_and_is_not_sent_again(self):
        chat = self.chat("630")
        ids = self.send(chat, "first", "second")
        with self.transaction() as env:
            env["mini_crm.outbox"]._claim(_Run(77))  # and then it was killed
        self.work()
        self.assertEqual(self.states(ids), ["uncertain", "sent"])
        self.assertEqual(self.provider.texts("630"), ["second"])

    def test_claim_of_a_living_worker_is_left_alone_however_old(self):
        chat = self.chat("640")
        ids = self.send(chat, "first")
        with self.transaction() as env:
            env.cr.execute(SQL("SELECT pg_advisory_lock(%s, 78)", WORKER_LOCK))
            env["mini_crm.outbox"]._claim(_Run(78))
            env.cr.execute("UPDATE mini_crm_outbox SET claimed_at = '2020-01-01'")
            env.cr.commit()
            self.work()
            self.assertEqual(self.states(ids), ["sending"])
        self.kill_workers()
        self.work()
        self.assertEqual(self.states(ids), ["uncertain"])
        self.assertEqual(self.provider.calls, [])

    def kill_workers(self):
        """End the connections that have claims, as when their processes are killed."""
        workers = SQL(
            """SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = %s AND database = (
                SELECT oid FROM pg_database WHERE datname = current_database())""",
            WORKER_LOCK,
        )
        with self.transaction() as env:
            deadline = time.monotonic() + JOB_SECONDS
            while env.execute_query(workers):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)

    def test_worker_leaves_no_lock_behind(self):
        self.send(self.chat("645"), "Salam")
        self.work()
        with self.transaction() as env:
            locks = SQL(
                """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
                AND classid IN (%s, %s) AND database = (
                    SELECT oid FROM pg_database WHERE datname = current_database())""",
                WORKER_LOCK,
                WAITING_LOCK,
            )
            self.assertEqual(env.execute_query(locks), [(0,)])

    def test_cancelled_message_is_not_sent_and_one_under_way_cannot_be(self):
        chat = self.chat("650")
        ids = self.send(chat, "first", "second")
        with self.transaction() as env:
            env["mini_crm.outbox"]._claim(_Run(79))
        with self.transaction() as env:
            cancelled = env["mini_crm.message"].browse(ids)._cancel()
            self.assertEqual(cancelled.ids, ids[1:])
        self.work()
        self.assertEqual(self.states(ids), ["uncertain", "cancelled"])
        self.assertEqual(self.provider.calls, [])

    def test_cancelling_does_not_wait_for_what_is_being_sent(self):
        chat, other = self.chat("660"), self.chat("661")
        ids = self.send(other, "later")
        cancelled = []

        def cancel_meanwhile(_body):
            with self.transaction() as env:
                env.cr.execute("SET LOCAL lock_timeout = '2s'")
                try:
                    cancelled.extend(env["mini_crm.message"].browse(ids)._cancel().ids)
                except LockNotAvailable:
                    cancelled.append("waited")
            return

        self.provider.replies["660"] = [cancel_meanwhile]
        with self.transaction() as env:
            later = env["mini_crm.outbox"]._now() + timedelta(seconds=3)
            env["mini_crm.identity"].browse(other).next_send_at = later
        self.send(chat, "Salam")
        self.work()
        self.assertEqual(cancelled, ids)
        self.assertEqual(self.provider.texts("661"), [])

    @mute_logger(WORKER, "odoo.sql_db")
    def test_worker_that_dies_while_the_provider_is_called_sends_nothing_twice(self):
        ids = self.send(self.chat("635"), "first", "second")

        self.provider.replies["635"] = [lambda _body: self.kill_workers()]
        with self.assertRaises(psycopg2.Error):
            self.work()
        self.assertEqual(self.states(ids), ["sending", "queued"])
        self.work()
        self.assertEqual(self.states(ids), ["uncertain", "sent"])
        self.assertEqual(self.provider.texts("635"), ["first", "second"])
