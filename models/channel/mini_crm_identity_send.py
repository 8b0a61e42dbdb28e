from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.message_split import split_text
from .mini_crm_message import LAST
from .sending import LIMITS

MAX_PARTS = 20  # messages that one text becomes
# First half of an advisory lock; the second is the id of an identity.
CHAT_LOCK = 0x6D435243


class MiniCrmIdentity(models.Model):
    """Writing to a customer."""

    _inherit = "mini_crm.identity"

    def _gate(self, purpose):
        """Whether a message may go out to this identity now, and why not.

        :param str purpose: answer (a person writes it now), automated or campaign
        :rtype: engine.send_gate.Verdict
        """
        self.ensure_one()
        return self.env["mini_crm.message"]._judge(self, purpose, purpose == "answer")

    def _send(
        self,
        body,
        *,
        purpose="answer",
        attachments=(),
        buttons=(),
        reply_to=None,
        key=None,
    ):
        """Queue a message through the gate; the one way out.

        It is queued and sent after the commit, or dropped by the gate at once (state
        failed, with the reason). A long text becomes several messages, and each file
        one of its own, in order.

        :param str body: plain text
        :param str purpose: answer: the current user writes it; automated, campaign
        :param attachments: records of ``ir.attachment`` that the user may read, or ids
        :param buttons: choices below the last text: dicts of ``label`` and ``payload``
            (default: its number), or with ``request_contact`` for the customer's number
        :param str | None reply_to: external id of the message that it answers
        :param str | None key: idempotency key: who sends it again gets the same
            messages back, whatever they say
        :return: the messages, in order
        :raises UserError: for what the channel cannot send
        """
        self.ensure_one()
        limits = LIMITS.get(self.type)
        if not limits:
            raise UserError(
                self.env._("Messages to this channel cannot be sent from here.")
            )
        # One after the other within a chat: the order of the ids is that of commits.
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, %s)", CHAT_LOCK, self.id)
        )
        keys = [key and (key if n == 0 else f"{key}/{n}") for n in range(2 * MAX_PARTS)]
        if key and (sent := self._sent_before(keys)):
            return sent
        files = self._readable(attachments)
        texts = self._parts(body, limits)
        self._check_files(files, limits)
        buttons = self._choices(buttons, texts, limits)
        if not texts and not files:
            raise UserError(self.env._("Write something first, or attach a file."))
        verdict = self._gate(purpose)
        values = [{"body": text, "kind": "text"} for text in texts]
        values += [{"media": [limits.describe(file)]} for file in files]
        if buttons:
            values[len(texts) - 1]["buttons"] = buttons
        values[0]["reply_to"] = reply_to
        return self._queue(values, files, purpose, verdict, keys)

    def _sent_before(self, keys):
        """The messages that were queued under these idempotency keys, in order."""
        # sudo: agents may read messages; whoever has the key has sent them
        messages = self.env["mini_crm.message"].sudo()
        found = messages.search(
            [
                ("channel_id", "=", self.channel_id.id),
                ("idempotency_key", "in", keys),
            ],
            order="id",
        )
        if found.identity_id - self:
            raise ValueError("This idempotency key belongs to another chat.")
        return found.with_env(self.env)

    def _queue(self, values, files, purpose, verdict, keys):
        """Store messages with their work, as the gate has said.

        :param list[dict] values: of each message, those with a file at the end
        :param files: the attachments, in order
        :param list keys: idempotency keys, in order
        :return: the messages
        """
        outbox = self.env["mini_crm.outbox"].sudo()
        now = outbox._now()
        common = {
            "channel_id": self.channel_id.id,
            "company_id": self.company_id.id,
            "identity_id": self.id,
            "partner_id": self.partner_id.id,
            "direction": "out",
            "date": now.replace(microsecond=0),
            "sequence": LAST,
            "purpose": purpose,
            "author_id": self.env.uid if purpose == "answer" else False,
            "state": "failed" if verdict.action == "drop" else "queued",
            "reason": verdict.reason,
            "deferred_until": verdict.until,
        }
        # sudo: agents write messages by this method only, never the rows
        messages = (
            self.env["mini_crm.message"]
            .sudo()
            .create(
                [
                    {"kind": row["media"][0]["kind"] if "media" in row else "text"}
                    | common
                    | row
                    | {"idempotency_key": key, "continues": number > 0}
                    for number, (row, key) in enumerate(zip(values, keys, strict=False))
                ]
            )
        )
        for message, file in zip(
            messages[len(values) - len(files) :], files, strict=True
        ):
            message._keep_file(file)
        if verdict.action != "drop":
            messages._put_into_outbox(verdict)
        messages._tell_changed(self.partner_id.ids)
        return messages.with_env(self.env)

    def _readable(self, attachments):
        """The attachments, checked: the user may read them."""
        files = self.env["ir.attachment"].browse(
            [getattr(file, "id", file) for file in attachments]
        )
        files.check_access("read")
        return files

    def _parts(self, body, limits):
        """The text in messages that the channel takes, at most ``MAX_PARTS``."""
        text = (body or "").strip()
        texts = split_text(text, limits.text, unit=limits.unit) if text else []
        if len(texts) > MAX_PARTS:
            raise UserError(
                self.env._(
                    "This text would become %(count)s messages; at most %(most)s are"
                    " sent at once. Shorten it, or send it as a file.",
                    count=len(texts),
                    most=MAX_PARTS,
                )
            )
        return texts

    def _check_files(self, files, limits):
        """Refuse files that the channel does not take, by name and with the limit."""
        if len(files) > MAX_PARTS:
            raise UserError(
                self.env._("Attach at most %(most)s files at once.", most=MAX_PARTS)
            )
        for file in files:
            most = limits.most_bytes(file.mimetype)
            if not most:
                raise UserError(
                    self.env._(
                        "%(name)s cannot be sent by Instagram: it takes pictures (JPEG,"
                        " PNG), sound and video.",
                        name=file.name,
                    )
                )
            if file.file_size > most:
                raise UserError(
                    self.env._(
                        "%(name)s has %(size)s MB; this channel takes at most %(most)s"
                        " MB. Make it smaller, or send a link to it.",
                        name=file.name,
                        size=round(file.file_size / 1_000_000, 1),
                        most=most // 1_000_000,
                    )
                )

    def _choices(self, buttons, texts, limits):
        """Choices as a message keeps them; refused are those that no chat can show."""
        if buttons and not texts:
            raise UserError(self.env._("Choices need a text above them."))
        if len(buttons) > limits.buttons:
            raise UserError(
                self.env._(
                    "This channel shows at most %(most)s choices, not %(count)s.",
                    most=limits.buttons,
                    count=len(buttons),
                )
            )
        return [self._choice(n, button, limits) for n, button in enumerate(buttons, 1)]

    def _choice(self, number, button, limits):
        label = (button.get("label") or "").strip()
        if not label or len(label) > limits.label:
            raise UserError(
                self.env._(
                    "A choice needs a label of 1 to %(most)s characters, not"
                    " “%(label)s”.",
                    most=limits.label,
                    label=label,
                )
            )
        payload = button.get("payload") or str(number)
        if len(payload.encode()) > limits.payload:
            raise ValueError(f"a payload has at most {limits.payload} bytes")
        return {**button, "label": label, "payload": payload}

    # What was deferred, what is not wanted any more

    def _reconsider(self):
        """Look again at what the gate has deferred for these identities: the customer
        has written, or his consent is another."""
        if self.ids:
            self.env["mini_crm.outbox"].sudo()._reconsider(
                SQL("o.identity_id = ANY(%s)", list(self.ids))
            )

    def _cancel_queued(self):
        """Cancel all that waits to be sent to these identities.

        :return: the messages that are cancelled
        """
        return (
            self.env["mini_crm.message"]
            .search([("identity_id", "in", self.ids), ("state", "=", "queued")])
            ._cancel()
        )
