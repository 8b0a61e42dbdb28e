import logging
import time

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.outbox_pace import RATES

_logger = logging.getLogger(__name__)

OTHERS_AT_IT = (SerializationFailure, DeadlockDetected)


class MiniCrmOutbox(models.Model):
    """Claiming: which messages are sent next, and the gate's last word on them."""

    _inherit = "mini_crm.outbox"

    @api.model
    def _claim(self, run):
        """Claim what is due and may be sent now, as far as calls are free.

        Of a chat only the oldest, so its order holds whoever the workers are. Whatever
        the gate objects to by now is not claimed but deferred or dropped.

        :param run: what this worker has under way
        :return: the attempts to be made once this is committed
        :rtype: list[Attempt]
        """
        attempts, run.too_fast = [], 0.0
        channels = self.env["mini_crm.channel"].search(
            [("state", "=", "live"), ("type", "in", list(RATES))]
        )
        for channel in channels:
            free = run.free - len(attempts)
            allowed = run.pace.allowed(channel.id, channel.type, time.monotonic())
            if not allowed:
                run.too_fast = run.pace.wait(channel.id, channel.type)
            free = min(free, allowed)
            if free <= 0:
                continue
            made = self._attempts(channel, self._due(channel, free), run.number)
            run.pace.take(channel.id, len(made))
            attempts += made
        return attempts

    @api.model
    def _due(self, channel, limit):
        """Lock and return what an account may send now: the first of each chat."""
        self.flush_model()
        now = self._now()
        # who comes second is tried again: no error to tell of
        self.env.cr.execute(
            SQL(
                """SELECT o.id FROM mini_crm_outbox o
                JOIN mini_crm_identity i ON i.id = o.identity_id
                WHERE o.channel_id = %(channel)s AND o.claimed_at IS NULL
                    AND o.due_at <= %(now)s
                    AND coalesce(i.next_send_at <= %(now)s, TRUE)
                    AND coalesce((SELECT c.paused_until FROM mini_crm_channel c
                        WHERE c.id = o.channel_id) <= %(now)s, TRUE)
                    AND NOT EXISTS (
                        SELECT FROM mini_crm_outbox e
                        WHERE e.identity_id = o.identity_id AND e.id < o.id
                            AND (NOT coalesce(e.deferred, FALSE)
                                OR e.due_at <= %(now)s
                                OR e.claimed_at IS NOT NULL))
                ORDER BY o.due_at, o.id LIMIT %(limit)s
                FOR NO KEY UPDATE OF o SKIP LOCKED""",
                channel=channel.id,
                now=now,
                limit=limit,
            ),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _attempts(self, channel, rows, worker):
        """Make attempts of locked rows of an account; what cannot be one is put away.

        :return: list of ``Attempt``; their rows are claimed
        """
        if not rows:
            return []
        try:
            client = channel._client()
        except UserError:
            # its token is not there, or this server's key does not decrypt it
            channel._set_problem("key_missing" if channel._lacks_key() else "no_token")
            return []
        attempts = []
        for row in rows:
            try:
                with self.env.cr.savepoint():
                    attempt = row._try_to_claim(client, worker)
            except OTHERS_AT_IT:
                raise  # all of it is done again
            except Exception:
                _logger.exception("Message %s cannot be sent", row.message_id.id)
                row.message_id._fail("internal")
                row.unlink()
                continue
            if attempt:
                attempts.append(attempt)
        return attempts

    def _try_to_claim(self, client, worker):
        """Claim this row unless the gate objects: an ``Attempt``, or ``None``."""
        self.ensure_one()
        message = self.message_id
        if message.state != "queued":
            self.unlink()
            return None
        verdict = message._gate_again()
        if verdict.action == "drop":
            message._fail(verdict.reason)
            self.unlink()
            return None
        if verdict.action == "defer":
            self._defer(verdict.reason, verdict.until)
            return None
        self.write(
            {
                "claimed_at": self._now(),
                "claimed_by": worker,
                "deferred": False,
                "attempts": self.attempts + 1,
            }
        )
        message.write({"state": "sending", "reason": False, "deferred_until": False})
        return self._attempt(client, verdict.tag)

    def _defer(self, reason, until=None):
        """Have this message wait as the gate, or the provider, says.

        :param str reason: a code that people read as a sentence
        :param datetime | None until: UTC; ``None``: until something happens
        """
        self.write(
            {
                "due_at": until,
                "deferred": True,
                "claimed_at": False,
                "claimed_by": False,
            }
        )
        self.message_id.write(
            {"state": "queued", "reason": reason, "deferred_until": until}
        )
        self.message_id._tell_changed(self.message_id.partner_id.ids)
