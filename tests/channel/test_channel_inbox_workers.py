import json
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ...models.channel import mini_crm_inbox_worker
from ...models.channel.waking import INBOX_JOB, QUEUE_JOB, SECOND_INBOX_JOB
from .inbound_case import ACCOUNT, InboundCase


@tagged("post_install", "-at_install")
class TestChannelInboxWorkers(InboundCase):
    """The two workers of the inbox: how they are woken, and what they take first."""

    def triggers(self, job):
        """When a job is to begin: rows of one column."""
        return self.rows(
            "SELECT call_at FROM ir_cron_trigger WHERE cron_id = %s ORDER BY id",
            self.env.ref(f"mini_crm.{job}").id,
        )

    def forget_triggers(self):
        jobs = tuple(
            self.env.ref(f"mini_crm.{job}").id for job in (INBOX_JOB, SECOND_INBOX_JOB)
        )
        self.rows("DELETE FROM ir_cron_trigger WHERE cron_id IN %s RETURNING id", jobs)

    def setUp(self):
        super().setUp()
        self.forget_triggers()
        self.addCleanup(self.forget_triggers)

    def test_a_burst_wakes_the_worker_once(self):
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            for text in ("One", "Two", "Three"):
                body = json.dumps(self.message(text=text)).encode()
                env["mini_crm.inbox"]._store(channel, body)
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)

    def test_a_trigger_that_has_waited_is_not_held_by_those_who_come_now(self):
        self.deliver(self.message())
        self.rows(
            """UPDATE ir_cron_trigger SET call_at = call_at - interval '5 seconds'
            WHERE cron_id = %s RETURNING id""",
            self.env.ref(f"mini_crm.{INBOX_JOB}").id,
        )
        [old] = self.triggers(INBOX_JOB)
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            env["mini_crm.inbox"]._store(channel, json.dumps(self.message()).encode())
            env.flush_all()
            # the job begins: it does not wait for this transaction
            deleted = self.rows(
                """WITH free AS (SELECT id FROM ir_cron_trigger
                    WHERE cron_id = %s AND call_at = %s FOR UPDATE SKIP LOCKED)
                DELETE FROM ir_cron_trigger t USING free WHERE t.id = free.id
                RETURNING t.call_at""",
                self.env.ref(f"mini_crm.{INBOX_JOB}").id,
                *old,
            )
        self.assertEqual(deleted, [old])
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)

    def store_alone(self, env, body):
        env["mini_crm.inbox"]._store_alone(
            [(self.channel_id, env.company.id)], json.dumps(body).encode()
        )

    def test_deliveries_that_are_answered_at_once_wake_each_worker_once(self):
        with self.transaction() as env:
            self.store_alone(env, self.message(text="One"))
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)
        self.assertFalse(self.triggers(SECOND_INBOX_JOB))
        self.forget_triggers()
        with self.transaction() as env:  # one: it has one time, however slow we are
            for text in ("Two", "Three", "Four"):
                self.store_alone(env, self.message(text=text))
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)
        self.assertEqual(len(self.triggers(SECOND_INBOX_JOB)), 1)

    def test_the_same_bytes_from_two_at_once_are_stored_once(self):
        body = self.message(text="Twice")
        with self.transaction() as one:
            one.cr.execute("SELECT 1")  # it sees nothing of what comes now
            with self.transaction() as other:
                self.store_alone(other, body)
            self.store_alone(one, body)
        self.assertEqual(self.states(), [("body", "new")])

    def test_who_sees_a_trigger_that_the_job_has_taken_leaves_a_new_one(self):
        self.deliver(self.message(text="One"))
        with self.transaction() as one:
            one.cr.execute("SELECT 1")
            self.forget_triggers()  # the job has begun
            self.store_alone(one, self.message(text="Two"))
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)
        self.assertEqual(self.states(), [("body", "new")] * 2)

    def test_a_trigger_that_the_job_cannot_take_yet_is_not_doubled(self):
        self.deliver(self.message(text="One"))
        with self.transaction() as one:
            self.store_alone(one, self.message(text="Two"))
            taken = self.rows(
                """SELECT id FROM ir_cron_trigger WHERE cron_id = %s
                FOR UPDATE SKIP LOCKED""",
                self.env.ref(f"mini_crm.{INBOX_JOB}").id,
            )
        self.assertFalse(taken, "the job would miss what is not committed")
        self.assertEqual(len(self.triggers(INBOX_JOB)), 1)

    def test_the_second_worker_is_woken_when_something_waits_already(self):
        self.deliver(self.message())
        self.assertFalse(self.triggers(SECOND_INBOX_JOB))
        self.deliver(self.message())
        self.assertTrue(self.triggers(SECOND_INBOX_JOB))

    def work_and_count(self):
        """Work off what waits: how often the worker of events was woken meanwhile."""
        woken = []
        with patch.object(
            mini_crm_inbox_worker, "wake", lambda env, job: woken.append(job)
        ):
            self.work()
        return woken.count(QUEUE_JOB)

    def test_in_a_burst_the_worker_of_events_is_woken_for_many_parts_at_once(self):
        self.patch(mini_crm_inbox_worker, "BURST", 2)
        self.patch(mini_crm_inbox_worker, "TOGETHER", 3)
        self.deliver(*(self.message(text=str(n)) for n in range(10)))
        # 7 parts left to it: after three, after six, and when the burst is over
        self.assertEqual(self.work_and_count(), 3)

    def test_a_run_that_ends_in_a_burst_wakes_the_worker_of_events(self):
        self.patch(mini_crm_inbox_worker, "BURST", 2)
        self.deliver(*(self.message(text=str(n)) for n in range(6)))
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_v: 0
        ):
            self.assertEqual(self.work_and_count(), 1)
        self.assertEqual(len(self.texts()), 1)

    def test_a_conflict_at_the_claim_is_no_end_of_the_run(self):
        inbox = type(self.env["mini_crm.inbox"])
        original, failed = inbox._claim, []

        def claim(rows, condition=None):
            if not failed:
                failed.append(True)
                raise SerializationFailure
            return original(rows, condition)

        with patch.object(inbox, "_claim", claim):
            self.receive(self.message(text="Still read"))
        self.assertEqual(self.texts(), ["Still read"])

    def test_two_idle_workers_do_not_wait_for_each_others_parked_rows(self):
        self.receive(self.edit(7, 50, "Two pieces"))
        self.rows(
            """UPDATE mini_crm_inbox SET received_at = received_at - interval '25 hours'
            WHERE channel_id = %s RETURNING id""",
            self.channel_id,
        )
        with self.transaction() as one, self.transaction() as other:
            other.cr.execute("SET LOCAL lock_timeout = '2s'")
            self.assertEqual(one["mini_crm.inbox"]._release_parked(), 1)
            self.assertEqual(other["mini_crm.inbox"]._release_parked(), 0)


@tagged("post_install", "-at_install")
class TestChannelLargeDelivery(InboundCase):
    """A delivery of Meta with many parts beside those of other people."""

    type = "instagram"

    def body(self, person, count):
        """A delivery of messages of one person."""
        parts = [
            {
                "sender": {"id": person},
                "recipient": {"id": ACCOUNT},
                "timestamp": 1772366400000 + n,
                "message": {"mid": f"{person}-{n}", "text": f"{person}: {n}"},
            }
            for n in range(count)
        ]
        entry = {"id": ACCOUNT, "time": 1772366400000, "messaging": parts}
        return {"object": "instagram", "entry": [entry]}

    def test_a_large_delivery_keeps_nobody_else_waiting(self):
        self.deliver(self.body("90", 1000), self.body("91", 1))
        cron = type(self.env["ir.cron"])
        original, done = cron._commit_progress, []

        def commit(job, processed=0, **values):
            original(job, processed, **values)
            done.append(processed)
            return 0 if len(done) >= 3 else 60

        with patch.object(cron, "_commit_progress", commit):
            self.work()
        self.assertEqual(self.texts(chat="91"), ["91: 0"])
        self.assertEqual(self.texts(chat="90"), ["90: 0", "90: 1"])

    def test_of_a_large_delivery_scores_are_left_to_their_worker(self):
        self.receive(self.body("90", 1))
        self.patch(mini_crm_inbox_worker, "BURST", 2)
        self.receive(self.body("90", 7))  # the first is known
        self.assertEqual(len(self.texts()), 7)
        waiting = self.rows(
            """SELECT count(*) FROM mini_crm_queue q
            JOIN mini_crm_identity i ON i.partner_id = q.partner_id
            WHERE i.channel_id = %s""",
            self.channel_id,
        )
        # all but those that found at most two others waiting
        self.assertEqual(waiting, [(3,)])
