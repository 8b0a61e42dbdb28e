import threading

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..channel.outbox_case import OutboxCase


@tagged("post_install", "-at_install")
class TestWorkflowKillSwitch(OutboxCase):
    """After a pause is committed nothing of the workflow is claimed any more."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            workflow = env["mini_crm.workflow"].create({"name": "Welcome"})
            workflow.state = "live"
            self.workflow_id = workflow.id
            version = env["mini_crm.workflow.version"].create(
                {
                    "workflow_id": workflow.id,
                    "number": 1,
                    "definition": {"format": 1},
                }
            )
            self.version_id = version.id
        self.addCleanup(self.remove_workflow)

    def remove_workflow(self):
        with self.transaction() as env:
            env.cr.execute(
                "DELETE FROM mini_crm_workflow WHERE id = %s", [self.workflow_id]
            )

    def queue(self, identity_id, *texts, state="done"):
        """Queue messages of a run, as the part that asks and sends does."""
        with self.transaction() as env:
            identity = env["mini_crm.identity"].browse(identity_id)
            run = env["mini_crm.workflow.run"].create(
                {
                    "workflow_id": self.workflow_id,
                    "version_id": self.version_id,
                    "company_id": identity.company_id.id,
                    "partner_id": identity.partner_id.id,
                    "started_at": "2026-01-01 00:00:00",
                    "state": state,
                }
            )
            messages = env["mini_crm.message"]
            for text in texts:
                messages += identity._send(text, purpose="automated")
            messages.workflow_run_id = run
            return messages.ids

    def set_state(self, state):
        with self.transaction() as env:
            env["mini_crm.workflow"].browse(self.workflow_id).state = state

    def reasons(self, ids):
        return self.read(ids, "reason")

    def test_running_workflow_sends(self):
        ids = self.queue(self.chat("51"), "Welcome")
        self.work()
        self.assertEqual(self.states(ids), ["sent"])

    def test_paused_workflow_sends_nothing_that_it_has_queued(self):
        ids = self.queue(self.chat("52"), "Welcome") + self.queue(
            self.chat("53"), "Hello", "again"
        )
        others = self.send(self.chat("54"), "A person's answer")
        self.set_state("paused")
        self.work()
        self.assertEqual(self.states(ids), ["failed"] * 3)
        self.assertEqual(self.reasons(ids), ["workflow_paused"] * 3)
        self.assertEqual(self.states(others), ["sent"])

    def test_stopped_run_sends_nothing_that_it_has_queued(self):
        ids = self.queue(self.chat("55"), "Welcome", state="stopped")
        self.work()
        self.assertEqual(self.reasons(ids), ["workflow_paused"])

    def test_pause_since_the_worker_s_snapshot_is_seen(self):
        ids = self.queue(self.chat("56"), "Welcome")
        outbox = type(self.env["mini_crm.outbox"])
        due, seen = outbox._due, []

        def due_then_paused(records, channel, limit):
            rows = due(records, channel, limit)
            if rows and not seen:
                seen.append(rows.ids)
                self.set_state("paused")  # by another connection, committed
            return rows

        self.patch(outbox, "_due", due_then_paused)
        self.work()
        self.assertTrue(seen)
        self.assertEqual(self.reasons(ids), ["workflow_paused"])

    @mute_logger("odoo.sql_db")  # the worker looks again
    def test_stop_of_a_run_since_the_worker_s_snapshot_is_seen(self):
        ids = self.queue(self.chat("58"), "Welcome", state="waiting")
        outbox = type(self.env["mini_crm.outbox"])
        due, seen = outbox._due, []

        def stopped_then_due(records, channel, limit):
            if channel.id == self.channel_id and not seen:
                seen.append(channel.id)
                records.env.cr.execute("SELECT 1")  # its snapshot is taken
                with self.transaction() as env:  # by another connection, committed
                    env["mini_crm.message"].browse(ids).workflow_run_id._stop("by_hand")
            return due(records, channel, limit)

        self.patch(outbox, "_due", stopped_then_due)
        self.work()
        self.assertTrue(seen)
        self.assertEqual(self.states(ids), ["cancelled"])

    def test_runs_that_are_being_ended_send_nothing(self):
        ids = self.queue(self.chat("59"), "Welcome", state="waiting")
        with self.transaction() as env:
            run = env["mini_crm.message"].browse(ids).workflow_run_id
            run.workflow_id.ending_up_to = run.id
        self.work()
        self.assertEqual(self.reasons(ids), ["workflow_paused"])

    def test_pause_while_many_are_sent_lets_nothing_through_afterwards(self):
        ids = []
        for number in range(60, 90):
            ids += self.queue(self.chat(str(number)), "Welcome")
        paused = threading.Event()
        claimed_after = []
        outbox = type(self.env["mini_crm.outbox"])
        claim = outbox._claim

        def noting(records, run):
            was_paused = paused.is_set()
            attempts = claim(records, run)
            if was_paused:
                claimed_after.extend(attempts)
            return attempts

        self.patch(outbox, "_claim", noting)
        worker = threading.Thread(target=self.work)
        worker.start()
        self.set_state("paused")
        paused.set()
        worker.join()
        self.assertEqual(claimed_after, [])
        self.assertEqual(set(self.states(ids)) - {"sent", "failed"}, set())

    def test_deleted_workflow_takes_back_what_waits(self):
        ids = self.queue(self.chat("57"), "Welcome")
        with self.transaction() as env:
            env["mini_crm.workflow"].browse(self.workflow_id).unlink()
        self.work()
        self.assertEqual(self.states(ids), ["cancelled"])
