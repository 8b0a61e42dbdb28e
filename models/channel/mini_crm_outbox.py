from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.tools import SQL

CRONS = ("ir_cron_mini_crm_outbox", "ir_cron_mini_crm_outbox_2")


class MiniCrmOutbox(models.Model):
    """Work of sending: a row exists while a message is still to be sent.

    Claimed once for each attempt, and committed as claimed before the provider is
    called. A claim that nobody finished is an attempt of unknown outcome.
    """

    _name = "mini_crm.outbox"
    _description = "Messages to Send"
    _order = "id"
    _log_access = False

    message_id = fields.Many2one("mini_crm.message", required=True, ondelete="cascade")
    identity_id = fields.Many2one(
        "mini_crm.identity", required=True, ondelete="cascade"
    )
    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    due_at = fields.Datetime(help="UTC; empty: waits for something to happen.")
    deferred = fields.Boolean(
        help="The gate has it wait: later messages of the chat may pass it."
    )
    attempts = fields.Integer(help="Calls of the provider so far.")
    plain = fields.Boolean(help="The provider could not read its formatting: without.")
    moved = fields.Boolean(help="The chat has another id since; tried there once.")
    claimed_at = fields.Datetime(help="UTC; the provider is being called since then.")
    claimed_by = fields.Integer(
        help="Number of the worker; it holds an advisory lock of that number."
    )

    _message_uniq = models.UniqueIndex("(message_id)")
    _chat_idx = models.Index("(identity_id, id)")
    _due_idx = models.Index("(channel_id, due_at, id) WHERE claimed_at IS NULL")
    _claimed_idx = models.Index("(claimed_by) WHERE claimed_at IS NOT NULL")

    @api.model
    def _now(self):
        """The time, UTC, with microseconds: limits are per second."""
        return datetime.now(timezone.utc).replace(tzinfo=None)

    @api.model
    def _wake(self):
        """Have the workers look at the outbox when this transaction has committed."""
        for name in CRONS:
            self.env.ref(f"mini_crm.{name}")._trigger()

    @api.model
    def _reconsider(self, condition):
        """Have the gate look again at what it has deferred.

        :param SQL condition: which rows ``o``
        """
        self.env["mini_crm.outbox"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_outbox o SET due_at = %s
                WHERE o.deferred AND o.claimed_at IS NULL
                    AND o.due_at IS DISTINCT FROM %s AND %s""",
                self._now(),
                self._now(),
                condition,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["due_at"])
            self._wake()
