import time
from unittest.mock import patch

from odoo.tools import config

from ..channel.channel_case import SecretsFolder
from ..common import MiniCrmCase
from ..factories import make_customer
from .webhook_receiver import WebhookReceiver

JOB_SECONDS = 30  # no test needs as long


class WebhookCase(SecretsFolder, MiniCrmCase):
    """A run that stands at a node, and a receiver on this machine."""

    def setUp(self):
        super().setUp()
        self.calls = self.env["mini_crm.workflow.call"]
        self.receiver = WebhookReceiver()
        self.addCleanup(self.receiver.close)
        self.startPatcher(
            patch.dict(
                config.options,
                {
                    "mini_crm_webhook_private": "127.0.0.0/8",
                    "mini_crm_webhook_ports": str(self.receiver.port),
                },
            )
        )
        self.commits = []
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _cron, *done, **remaining: self.commit(done, remaining),
        )
        self.workflow = self.env["mini_crm.workflow"].create(
            {"name": "Welcome", "company_id": self.company.id}
        )
        self.workflow.state = "live"
        self.customer = make_customer(self.env, name="سارا", email="sara@example.com")
        self.run_at_node = self.run_of(self.customer)

    def commit(self, done, remaining):
        """What `_commit_progress` is told; the test's transaction stays open."""
        self.commits.append((done, remaining))
        return JOB_SECONDS

    def run_of(self, customer):
        """A run of a customer that has entered node n2 for the first time."""
        version = self.env["mini_crm.workflow.version"].create(
            {
                "workflow_id": self.workflow.id,
                "number": 1 + len(self.workflow.version_ids),
                "definition": {"format": 1},
            }
        )
        return self.env["mini_crm.workflow.run"].create(
            {
                "workflow_id": self.workflow.id,
                "version_id": version.id,
                "company_id": self.company.id,
                "partner_id": customer.id,
                "started_at": "2026-01-01 00:00:00",
                "node": "n2",
                "position": {"node": "n2", "visit": 1},
            }
        )

    def queue(self, url=None, **config_of_node):
        """Have the run perform the node: the call."""
        url = url or self.receiver.url
        self.run_at_node._act_webhook({"url": url, **config_of_node})
        return self.calls.search([], order="id desc", limit=1)

    def work(self):
        """What the scheduled job does."""
        self.calls._cron_call()
        self.calls.invalidate_model()

    def later(self, **values):
        """Let the time until the next try pass."""
        self.calls.flush_model()
        now = self.env["mini_crm.outbox"]._now()
        self.calls.search([("state", "=", "waiting")]).due_at = now

    def wait(self, condition):
        """Wait up to some seconds for another thread."""
        until = time.monotonic() + 5
        while not condition() and time.monotonic() < until:
            time.sleep(0.01)
        self.assertTrue(condition())
