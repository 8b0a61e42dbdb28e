from odoo import api, models
from odoo.exceptions import UserError

from .res_partner_conversation import MESSAGE, Place

MAX_TEXT = 20_000  # characters of one answer, before it is split
MAX_FILES = 10
MAX_KEY = 100


class ResPartner(models.Model):
    """Answering from the Communication tab."""

    _inherit = "res.partner"

    def get_reply_options(self):
        """By which ways this customer can be written to now, and why not (agents).

        :return: ``{"options": [...], "default": key or None, "waiting": bool,
            "has_channels": bool(channels.search_count([], limit=1)),
            "may_set_up": channels.has_access("create"),
            identity_id, channel, channel_name, name, allowed, later, until, why (in
            words), limit ({count, unit: bytes or utf16} or None), attachments}``; the
            contact's e-mail address and phone have the ``identity_id`` False
        :rtype: dict
        """
        self.ensure_one()
        self._check_conversation("read")
        identities = self._own_identities()
        options = [identity._reply_option() for identity in identities]
        options += self._address_options(identities)
        channels = self.env["mini_crm.channel"]
        return {
            "options": options,
            "default": self._default_option(options, identities),
            "waiting": bool(identities.filtered("waiting_since")),
            "has_channels": bool(channels.search_count([], limit=1)),
            "may_set_up": channels.has_access("create"),
        }

    def _own_identities(self):
        return self.env["mini_crm.identity"].search([("partner_id", "=", self.id)])

    def _address_options(self, identities):
        """The e-mail address and the phone of the contact, where no identity has it."""
        types = set(identities.mapped("type"))
        emails = identities.filtered(lambda i: i.type == "email").mapped("external_id")
        shared = {
            "identity_id": False,
            "channel_name": "",
            "allowed": True,
            "later": False,
            "until": None,
            "why": "",
            "limit": None,
        }
        options = []
        if self.email and self.email_normalized not in emails:
            email = {"key": "email", "channel": "email", "name": self.email}
            verdict = self._mail_reply_verdict()
            options.append({**shared, **email, "attachments": True, **verdict})
        if self.phone and "phone" not in types:
            phone = {"key": "phone", "channel": "phone", "name": self.phone}
            options.append({**shared, **phone, "attachments": False})
        return options

    def _default_option(self, options, identities):
        """Key of the channel that he wrote by last; else of the first that works."""
        newest = self.env["mini_crm.event"].search(
            [("partner_id", "=", self.id), ("type", "=", "message_received")], limit=1
        )
        channel_id = (newest.data or {}).get("channel_id")
        used = identities.filtered(lambda i: i.channel_id.id == channel_id)
        if used:
            return f"identity:{(newest._written_by(used) or used)[:1].id}"
        written = [option for option in options if option["channel"] != "phone"]
        allowed = [option for option in written if option["allowed"]]
        return next((option["key"] for option in allowed or written), None)

    def send_reply(
        self, identity_id, body, *, attachment_ids=(), reply_to=None, key=None
    ):
        """Answer this customer by one of his channels (agents).

        :param int | bool identity_id: which; False: by the contact's e-mail address
        :param str body: text; a long one becomes several messages
        :param list[int] attachment_ids: files that the user has just uploaded
        :param int | None reply_to: id of the message that this quotes
        :param str | None key: idempotency key: sent again, it gives the same messages
        :return: the new messages as rows of ``get_conversation``, oldest first; none
            for an e-mail, which the conversation shows when it is written
        :rtype: list[dict]
        :raises UserError: when it may not be sent now, with the reason in words
        """
        self.ensure_one()
        self._check_conversation("write")
        identity = self._checked_identity(identity_id)
        by_mail = not identity or identity.type == "email"
        mail_id = self._mail_reply_id(key) if by_mail and key else None
        if mail_id and self._is_posted(mail_id):
            return []
        body = self._checked_text(body)
        files = self._checked_files(attachment_ids)
        if not body and not files:
            raise UserError(self.env._("Write something, or choose a file."))
        if by_mail:
            self._send_mail_reply(
                body,
                False,
                files.ids,
                message_id=mail_id,
                address=identity.external_id or None,
            )
            return []
        option = identity._reply_option()
        if not option["allowed"]:
            raise UserError(option["why"])
        messages = identity._send(
            body,
            purpose="answer",
            attachments=files,
            reply_to=self._checked_quote(reply_to, identity),
            key=str(key)[:MAX_KEY] if key else None,
        )
        places = [Place(m.date, m.sequence, MESSAGE, m.id) for m in messages]
        return self._conversation_rows(places)

    @api.model
    def _is_posted(self, message_id):
        # sudo: it stands on a customer who was checked, whoever may open the message
        messages = self.env["mail.message"].sudo()
        return bool(messages.search_count([("message_id", "=", message_id)], limit=1))

    def _checked_text(self, body):
        body = str(body or "").strip()
        if len(body) > MAX_TEXT:
            raise UserError(
                self.env._(
                    "The text has %(length)s characters, at most %(limit)s can be sent."
                    " Send it as a file.",
                    length=len(body),
                    limit=MAX_TEXT,
                )
            )
        return body

    @api.model
    def _checked_files(self, attachment_ids):
        """Files that the user has uploaded for an answer and not used yet."""
        ids = [int(attachment_id) for attachment_id in attachment_ids or ()]
        files = self.env["ir.attachment"].search(
            [
                ("id", "in", ids[: MAX_FILES + 1]),
                ("res_model", "=", "mail.compose.message"),
                ("res_id", "=", 0),
                ("create_uid", "=", self.env.uid),
            ]
        )
        if len(ids) > MAX_FILES:
            raise UserError(self.env._("At most %s files at once.", MAX_FILES))
        if len(files) != len(set(ids)):
            raise UserError(self.env._("A file is no longer there. Choose it again."))
        return files

    def _checked_identity(self, identity_id):
        """The identity of this customer, or an empty one for False."""
        if not identity_id:
            return self.env["mini_crm.identity"]
        identity = self._own_identities().filtered(lambda i: i.id == int(identity_id))
        if not identity:
            raise UserError(
                self.env._("The customer is not in this channel. Load the page again.")
            )
        return identity

    @api.model
    def _checked_quote(self, message_id, identity):
        """External id of a message of this identity that can be quoted, or ``None``."""
        if not message_id:
            return None
        message = self.env["mini_crm.message"].search(
            [("id", "=", int(message_id)), ("identity_id", "=", identity.id)]
        )
        return message.external_id or None

    # What people decide on a message

    def cancel_message(self, message_id):
        """Do not send a message that still waits (agents).

        :raises UserError: when it is under way already
        """
        self._decide("cancel", message_id)
        return True

    def resend_message(self, message_id):
        """Send a message again that has failed or may not have arrived (agents).

        :raises UserError: when its state has changed meanwhile
        """
        self._decide("resend", message_id)
        return True

    def confirm_message(self, message_id):
        """Say that a message that was perhaps sent has arrived (agents).

        :raises UserError: when its state has changed meanwhile
        """
        self._decide("confirm", message_id)
        return True

    def _decide(self, decision, message_id):
        self.ensure_one()
        self._check_conversation("write")
        message = self.env["mini_crm.message"].search(
            [("id", "=", int(message_id)), ("partner_id", "=", self.id)]
        )
        if not message:
            raise UserError(self.env._("This message is no longer there."))
        message._person_decides(decision)

    def mark_answered(self):
        """No answer is needed: the customer leaves the list of who waits (agents)."""
        self.ensure_one()
        self._check_conversation("write")
        self._own_identities()._no_longer_waiting()
        return True
