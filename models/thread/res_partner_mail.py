import hashlib

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html
from odoo.tools.sql import escape_psql

from .mail_message import REPLY_PREFIX
from .mail_notification import ADDRESSES

STATES_SHOWN = (
    "ready",
    "process",
    "pending",
    "sent",
    "bounce",
    "exception",
    "canceled",
)


class ResPartner(models.Model):
    """E-mail with a customer: his identity, answers to him, and what became of them."""

    _inherit = "res.partner"

    def _filter_possible_customers(self):
        """Those of these partners that are customers or become so by writing to us."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM res_partner p WHERE p.id = ANY(%s) AND %s",
                list(self.ids),
                self._customer_eligible_condition("p"),
            )
        )
        return self.browse(row[0] for row in rows)

    # Identity

    def _mail_identity_row(self, channel, address=None):
        """Note an address of this customer as his identity in an e-mail channel.

        An address that is somebody else's there already stays with him.

        :param str | None address: normalized; default: the contact's
        """
        self.ensure_one()
        address = address or self.email_normalized
        if not channel or not address:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_identity (channel_id, company_id, partner_id,
                    external_id, name, state, create_uid, create_date)
                VALUES (%s, %s, %s, %s, %s, 'reachable', %s, now() AT TIME ZONE 'utc')
                ON CONFLICT (channel_id, external_id) DO NOTHING""",
                channel.id,
                channel.company_id.id,
                self.id,
                address,
                self.name,
                self.env.uid,
            )
        )

    def _note_mail_received(self, channel, date, words, address=None):
        """His identity waits for an answer to an e-mail, unless it does already.

        Where another customer has the address, that one's identity waits; from who is
        a customer no longer, the identity comes to the author of the e-mail.

        :param channel: e-mail channel of the company; empty: there is none
        :param datetime date: of the e-mail, UTC
        :param str | None words: what others may see of it
        :param str | None address: that it came from, normalized; default: the contact's
        """
        address = address or self.email_normalized or None
        self._mail_identity_row(channel, address)
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_identity i SET state = 'reachable',
                    partner_id = CASE WHEN EXISTS (
                        SELECT FROM res_partner p
                        WHERE p.id = i.partner_id AND %(possible)s)
                        THEN i.partner_id ELSE %(partner)s END,
                    waiting_since = coalesce(waiting_since, %(date)s),
                    last_message_at = greatest(last_message_at, %(date)s),
                    last_message = CASE WHEN last_message_at > %(date)s
                        THEN last_message ELSE %(words)s END
                WHERE channel_id = %(channel)s AND external_id = %(address)s
                RETURNING partner_id""",
                possible=self._customer_eligible_condition("p"),
                channel=channel.id or None,
                partner=self.id,
                address=address,
                date=date,
                words=words,
            )
        )
        self.env["mini_crm.identity"].invalidate_model()
        holders = [row[0] for row in rows if row[0] != self.id]
        if holders:
            self.env["mini_crm.message"]._tell_changed(holders)

    # Answers

    def _send_mail_reply(
        self, body, subject=None, attachment_ids=(), *, message_id=None, address=None
    ):
        """Write to this customer by e-mail, as the user and with his rights.

        It stands on the customer's record at once; the event comes when a mail server
        has accepted it. Who has opted out is answered if he has written since.

        :param str | Markup body: plain text, or HTML as Markup
        :param str | None subject: default: that of the customer's last e-mail
        :param attachment_ids: ids of attachments that the user may read
        :param str | None message_id: of :meth:`_mail_reply_id`; default: a new one
        :param str | None address: that he has written from, where it is to go to;
            default: the contact's
        :rtype: mail.message
        :raises UserError: without an e-mail address, or when the gate does not let it
        """
        self.ensure_one()
        self.env["mini_crm.event"].check_access("read")
        self.check_access("write")
        if not address and not self.email_normalized:
            raise UserError(
                self.env._(
                    "%s has no e-mail address that works. Enter one, then send it"
                    " again.",
                    self.name,
                )
            )
        if self._mail_verdict(address).action != "send":
            raise UserError(
                self.env._(
                    "%s has asked not to get e-mails, and has not written since."
                    " Call, or write by another channel.",
                    self.name,
                )
            )
        attachments = self.env["ir.attachment"].browse(attachment_ids)
        attachments.check_access("read")
        html = body if hasattr(body, "__html__") else plaintext2html(body)
        last = self._last_mail_received(address) or self._last_mail_received()
        answers = {ADDRESSES: {self.id: address}} if address else {}
        return self.with_context(**answers).message_post(
            body=html,
            subject=subject or self._subject_of_answer(last),
            parent_id=last.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.ids,
            attachment_ids=attachments.ids,
            **({"message_id": message_id} if message_id else {}),
        )

    def _mail_reply_id(self, key):
        """Message-ID of the e-mail to this customer with this idempotency key.

        :rtype: str
        """
        self.ensure_one()
        # sudo: agents may not read parameters; this one tells databases apart
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        digest = hashlib.sha256(f"{self.id} {key}".encode()).hexdigest()
        return f"{REPLY_PREFIX}{digest}@{database}>"

    def _last_mail_received(self, address=None):
        """The customer's last e-mail on his own record, or none.

        :param str | None address: only from this one, normalized
        """
        sent_from = [("email_from", "ilike", escape_psql(address))] if address else []
        return self.env["mail.message"].search_fetch(
            [
                *sent_from,
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("author_id", "=", self.id),
                ("message_type", "=", "email"),
            ],
            ["subject"],
            order="id desc",
            limit=1,
        )

    def _subject_of_answer(self, received):
        """Subject of an answer to an e-mail; without one the shop's name."""
        subject = received.subject or ""
        if not subject:
            return (self.company_id or self.env.company).name
        return subject if subject.lower().startswith("re:") else f"Re: {subject}"

    # What became of them

    def _mail_states(self, message_ids):
        """How far e-mails to this customer have come.

        :param list[int] message_ids: of messages that the user may read; others are
            left out
        :return: {message id: {"state": ready, sent, exception, bounce or canceled,
            "reason": why it has not arrived, in words}}
        :rtype: dict[int, dict]
        """
        self.ensure_one()
        readable = self.env["mail.message"].search([("id", "in", list(message_ids))])
        # sudo: a colleague's e-mail has notifications of his; the message was checked
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .search_fetch(
                [
                    ("mail_message_id", "in", readable.ids),
                    ("res_partner_id", "=", self.id),
                    ("notification_type", "=", "email"),
                    ("notification_status", "in", STATES_SHOWN),
                ],
                [
                    *("mail_message_id", "notification_status"),
                    *("failure_type", "failure_reason"),
                ],
            )
        )
        return {
            one.mail_message_id.id: {
                "state": {"process": "ready", "pending": "sent"}.get(
                    one.notification_status, one.notification_status
                ),
                "reason": one.format_failure_reason() if one.failure_type else "",
            }
            for one in notifications
        }

    def _unsent_mails(self, limit=50):
        """The newest e-mails to this customer that no event tells of (yet).

        They wait, have failed or came back before they were accepted.

        :return: messages that the user may read, newest first
        :rtype: mail.message
        """
        self.ensure_one()
        self.env["mail.notification"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT n.mail_message_id FROM mail_notification n
                WHERE n.res_partner_id = %(partner)s AND n.notification_type = 'email'
                    AND n.notification_status = ANY(%(unsent)s)
                    AND NOT EXISTS (SELECT FROM mini_crm_event e WHERE e.external_key =
                        'mail:' || n.mail_message_id || ':' || n.res_partner_id)
                ORDER BY n.mail_message_id DESC LIMIT %(limit)s""",
                partner=self.id,
                unsent=["ready", "process", "exception", "bounce"],
                limit=limit,
            )
        )
        return self.env["mail.message"].search(
            [("id", "in", [row[0] for row in rows])], order="date desc, id desc"
        )
