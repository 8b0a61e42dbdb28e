import time

import requests

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.tests import common

from ...models.channel import mini_crm_outbox_worker
from ...models.channel.provider_client import ProviderClient
from ..common import MiniCrmCase
from .scripted_provider import ScriptedProvider

JOB_SECONDS = 30  # no test needs as long


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


class OutboxCase(MiniCrmCase):
    """A channel with chats, committed, at a provider on this machine; what a test
    leaves is removed. Workers run as in the product, on connections of their own."""

    type = "telegram"

    @classmethod
    def _lift_limits(cls):
        """Nothing here: the workers' connections would wait for this one's row."""

    def setUp(self):
        super().setUp()
        self.db = Registry(common.get_db_name())
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        # Odoo's tests cannot compare our time-outs, and the provider is on this machine
        self.patch(requests.Session, "send", common._super_send)
        self.patch(
            type(self.env["mini_crm.channel"]),
            "_client",
            lambda _channel: self.client(),
        )
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda cron, *_done, **_remaining: self.commit(cron),
        )
        self.patch(mini_crm_outbox_worker, "STAY", 3)
        # a test run holds the lock of the registries, which every thread needs
        self.patch(Registry, "_lock", DummyRLock())
        with self.transaction() as env:
            channel = env["mini_crm.channel"].create(
                {"name": "Shop", "type": self.type, "company_id": env.company.id}
            )
            channel.state = "live"
            self.limits(env)
            self.channel_id = channel.id
        self.customer_ids = []
        self.addCleanup(self.remove)

    def commit(self, cron):
        """Commit as `_commit_progress` does; a job that never ends is ended."""
        cron.env.cr.commit()
        return self.deadline - time.monotonic()

    def client(self):
        """What calls the provider instead of the real one."""
        return ProviderClient(f"{self.provider.url}/bot1:token")

    def transaction(self):
        """A transaction of its own: context manager of an environment; commits."""
        return Transaction(self.db)

    def remove(self):
        """Remove what the test has committed."""
        with self.transaction() as env:
            self.limits(env, mini_crm_quiet_hours=True, mini_crm_daily_messages=3)
            for statement, ids in (
                ("DELETE FROM mini_crm_channel WHERE id = %s", [self.channel_id]),
                *(
                    (statement, [partner_id])
                    for partner_id in self.customer_ids
                    for statement in (
                        "DELETE FROM mini_crm_queue WHERE partner_id = %s",
                        "DELETE FROM res_partner WHERE id = %s",
                    )
                ),
            ):
                env.cr.execute(statement, ids)

    def limits(self, env, **values):
        """Set when and how often is written by itself: always, unless it is said."""
        env.company.write(
            {"mini_crm_quiet_hours": False, "mini_crm_daily_messages": 0, **values}
        )

    def chat(self, external_id, **values):
        """A customer's chat: its id."""
        with self.transaction() as env:
            partner = env["res.partner"].create({"name": f"Chat {external_id}"})
            self.customer_ids.append(partner.id)
            identity = env["mini_crm.identity"].create(
                {
                    "channel_id": self.channel_id,
                    "company_id": env.company.id,
                    "partner_id": partner.id,
                    "external_id": external_id,
                    **values,
                }
            )
            return identity.id

    def send(self, identity_id, *texts, **options):
        """Queue messages, each in a transaction of its own: list of ids."""
        ids = []
        for text in texts:
            with self.transaction() as env:
                identity = env["mini_crm.identity"].browse(identity_id)
                ids += identity._send(text, **options).ids
        return ids

    def work(self):
        """What a scheduled job does."""
        self.deadline = time.monotonic() + JOB_SECONDS
        with self.transaction() as env:
            env["mini_crm.outbox"]._cron_send()

    def read(self, message_ids, name):
        """Values of a field of messages, in the order of the ids."""
        with self.transaction() as env:
            return env["mini_crm.message"].browse(message_ids).mapped(name)

    def states(self, message_ids):
        """States of messages, in the order of the ids."""
        with self.transaction() as env:
            return [
                message.state for message in env["mini_crm.message"].browse(message_ids)
            ]

    def outbox(self):
        """What is still to be sent: list of dict."""
        with self.transaction() as env:
            rows = env["mini_crm.outbox"].search([("channel_id", "=", self.channel_id)])
            return rows.read(["message_id", "due_at", "deferred", "attempts"])

    def due_now(self):
        """Let no limit of time hold anything back."""
        with self.transaction() as env:
            env.cr.execute(
                """UPDATE mini_crm_outbox SET due_at = now() AT TIME ZONE 'utc'
                WHERE channel_id = %s AND NOT deferred""",
                [self.channel_id],
            )
            env.cr.execute(
                "UPDATE mini_crm_channel SET paused_until = NULL WHERE id = %s",
                [self.channel_id],
            )
            env.cr.execute(
                "UPDATE mini_crm_identity SET next_send_at = NULL"
                " WHERE channel_id = %s",
                [self.channel_id],
            )
