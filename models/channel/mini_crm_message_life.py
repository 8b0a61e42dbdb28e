from odoo import models
from odoo.tools import SQL

from .mini_crm_message import EXCERPT, LAST

# How far a message has come; a state is never set back.
PROGRESS = {"queued": 0, "sending": 1, "uncertain": 1, "sent": 2, "delivered": 3}
PROGRESS |= {"read": 4}
DETAIL = 300  # characters of what a provider said that are kept


class MiniCrmMessage(models.Model):
    """The life of an outgoing message, from the outbox to "read"."""

    _inherit = "mini_crm.message"

    def _put_into_outbox(self, verdict):
        """Have these messages sent, or wait as the gate has said.

        :param engine.send_gate.Verdict verdict: send or defer
        """
        # sudo: nobody writes the outbox but this room
        outbox = self.env["mini_crm.outbox"].sudo()
        send = verdict.action == "send"
        outbox.create(
            [
                {
                    "message_id": message.id,
                    "identity_id": message.identity_id.id,
                    "channel_id": message.channel_id.id,
                    "due_at": outbox._now() if send else verdict.until,
                    "deferred": not send,
                }
                for message in self
            ]
        )
        if send:
            outbox._wake()

    def _keep_file(self, file):
        """Keep a copy of an attachment with this message: its text is read by whoever
        may read the message, and it stays when the original goes."""
        self.ensure_one()
        # sudo: agents have no right to write messages; the file was checked before
        copy = file.sudo().copy(
            {"res_model": self._name, "res_id": self.id, "res_field": False}
        )
        self.media = [{**self.media[0], "attachment_id": copy.id}]

    # Decisions of people

    def _cancel(self):
        """Do not send these after all: those that wait; others stay as they are.

        :return: the messages that are cancelled
        """
        self.check_access("read")
        # sudo: agents have no right to write messages and their work
        outbox = self.env["mini_crm.outbox"].sudo()
        outbox.flush_model()
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_outbox
                WHERE message_id = ANY(%s) AND claimed_at IS NULL
                RETURNING message_id""",
                list(self.ids),
            )
        )
        cancelled = self.browse(row[0] for row in self.env.cr.fetchall()).sorted("id")
        outbox.invalidate_model()
        cancelled.sudo().write(
            {"state": "cancelled", "reason": False, "deferred_until": False}
        )
        self._tell_changed(cancelled.partner_id.ids)
        return cancelled

    def _resend(self):
        """Send these again, as a person has decided: those that failed, and those of
        which nobody knows whether they arrived (he has been told).

        :return: the messages that are sent again, or wait; the gate may drop them again
        """
        self.check_access("read")
        again = self.filtered(
            lambda m: m.direction == "out" and m.state in ("failed", "uncertain")
        )
        # sudo: agents have no right to write messages
        for message in again.sudo().sorted("id"):
            verdict = message._gate_again()
            dropped = verdict.action == "drop"
            message.write(
                {
                    "state": "failed" if dropped else "queued",
                    "reason": verdict.reason,
                    "detail": False,
                    "deferred_until": verdict.until,
                    "date": self.env["mini_crm.outbox"]._now().replace(microsecond=0),
                    "sequence": LAST,
                }
            )
            if not dropped:
                message._put_into_outbox(verdict)
        self._tell_changed(again.partner_id.ids)
        return again.filtered(lambda m: m.state == "queued")

    def _confirm_sent(self):
        """A person knows that these have arrived: what was uncertain is sent.

        :return: the messages that are sent now
        """
        self.check_access("read")
        arrived = self.filtered(lambda message: message.state == "uncertain")
        # sudo: agents have no right to write messages
        arrived.sudo()._advance("sent")
        return arrived

    # What the provider tells

    def _advance(self, state, *, external_id=None, date=None, sequence=None):
        """Note how far these outgoing messages have come; never backwards.

        What was uncertain or under way and turns out to be sent is logged as such.

        :param str state: sent, delivered or read
        :param str | None external_id: of a single message, when it is known by now
        :param datetime | None date: when the provider sent it, UTC
        :param int | None sequence: its order within the second
        :return: the messages that have changed
        """
        known = {"external_id": external_id, "date": date, "sequence": sequence}
        known = {name: value for name, value in known.items() if value is not None}
        changed = self.browse()
        for message in self.filtered(lambda m: m.direction == "out"):
            if PROGRESS.get(message.state, 5) >= PROGRESS[state]:
                continue
            first = PROGRESS[message.state] < PROGRESS["sent"]
            written = message.date
            message.write(
                {
                    "state": state,
                    "reason": False,
                    "detail": False,
                    "deferred_until": False,
                    **(known if first else {}),
                }
            )
            if first:
                message._note_sent(written)
            changed += message
        if changed:
            self._tell_changed(changed.partner_id.ids)
        return changed

    def _note_sent(self, written):
        """Log that the provider has accepted this message, and what follows for the
        chat: a person's answer ends the customer's waiting.

        :param datetime written: when it was written, UTC: what the customer has asked
            since, while it waited, it does not answer
        """
        self.ensure_one()
        if not self.event_id:
            self.event_id = self.partner_id._log(
                "message_sent",
                date=self.date,
                summary=self._excerpt() or None,
                record=self,
                data={
                    "channel": self.channel_id.type,
                    "channel_id": self.channel_id.id,
                    "kind": self.kind,
                    **({} if self.purpose == "answer" else {"automated": True}),
                },
                company_id=self.company_id.id,
                author_id=self.author_id.id or None,
                external_key=f"message:{self.id}",
                **({"interaction": None} if self._is_counted() else {}),
            )
        identity = self.identity_id
        values = {}
        if not identity.last_message_at or identity.last_message_at <= self.date:
            values = {"last_message_at": self.date, "last_message": self._excerpt()}
        waits = identity.waiting_since
        if self.purpose == "answer" and waits and waits <= self.date:
            asked = [("identity_id", "=", identity.id), ("direction", "=", "in")]
            # or in the second in which it was sent, but after it
            later = [("date", "=", self.date), ("sequence", ">", self.sequence)]
            asked += ["|", ("date", ">", written), "&", *later]
            asked.append(("dealt_with", "!=", True))
            question = self.search(asked, order="date, sequence, id", limit=1)
            values["waiting_since"] = question.date or False
        identity.write(values)

    def _is_counted(self):
        """Whether another part of the same answer has counted as the interaction: the
        first that is accepted does, which need not be the first that was written.

        :rtype: bool
        """
        self.flush_model()
        return bool(
            self.env.execute_query(
                SQL(
                    """WITH same AS (
                        SELECT id, event_id, continues FROM mini_crm_message
                        WHERE identity_id = %(identity)s AND direction = 'out'
                        AND purpose IS NOT DISTINCT FROM %(purpose)s
                        AND author_id IS NOT DISTINCT FROM %(author)s)
                    SELECT FROM same part JOIN mini_crm_event e ON e.id = part.event_id
                    WHERE part.id <> %(id)s AND e.interaction IS NOT NULL
                    AND part.id >= (SELECT max(id) FROM same
                        WHERE id <= %(id)s AND continues IS NOT TRUE)
                    AND NOT EXISTS (SELECT FROM same next
                        WHERE next.id > %(id)s AND next.id <= part.id
                        AND next.continues IS NOT TRUE)
                    LIMIT 1""",
                    identity=self.identity_id.id,
                    purpose=self.purpose or None,
                    author=self.author_id.id or None,
                    id=self.id,
                )
            )
        )

    def _excerpt(self):
        """The first words of this message on one line."""
        return " ".join((self.body or "").split())[:EXCERPT]

    def _fail(self, reason, detail=""):
        """This message is not sent, for good.

        :param str reason: a code that people read as a sentence
        :param str detail: what the provider said, without secrets
        """
        self.write(
            {
                "state": "failed",
                "reason": reason,
                "detail": detail[:DETAIL] or False,
                "deferred_until": False,
            }
        )
        self._tell_changed(self.partner_id.ids)
