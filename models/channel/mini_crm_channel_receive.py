import json

from odoo import models
from odoo.tools import SQL

from ...engine.chat_items import (
    Deleted,
    Edited,
    Ignored,
    Message,
    Reachable,
    Reaction,
    Seen,
)
from ...engine.opt_out import read_word
from ...engine.text import clean, clean_lines
from .mini_crm_message import EXCERPT
from .waking import MEDIA_JOB, wake

# Ours that an echo may be of: whether the provider has them, we did not hear.
UNHEARD = ("sending", "uncertain")
_RECEIVERS = {
    Message: "_receive_message",
    Edited: "_receive_edited",
    Deleted: "_receive_deleted",
    Reaction: "_receive_reaction",
    Seen: "_receive_seen",
    Reachable: "_receive_reachable",
    Ignored: "_receive_ignored",
}


class MiniCrmChannel(models.Model):
    """What a provider tells, acted upon: messages become messages of customers."""

    _inherit = "mini_crm.channel"

    def _as_worker(self):
        """This channel in the environment in which messages become customers."""
        self.ensure_one()
        company = self.company_id
        # only what is needed: after each commit nothing is known any more
        company.fetch(["partner_id"])
        company.partner_id.fetch(["lang"])
        # sudo: the provider has proved who it is, no user is behind it
        return (
            self.sudo()
            .with_company(company)
            .with_context(
                lang=company.partner_id.lang or self.env.lang,
                tracking_disable=True,
                mail_create_nosubscribe=True,
            )
        )

    def _receive(self, item, *, waited=False):
        """Act on one thing that the provider tells; the same twice changes nothing.

        :param item: one of ``engine.chat_items``, but no ``Poison``
        :param bool waited: it has waited for the message that it belongs to, in vain
        :return: external id of the message that must come before, or of the sender
            whose first one must; ``None``: done
        :rtype: str | None
        """
        self.ensure_one()
        return getattr(self, _RECEIVERS[type(item)])(item, waited)

    def _receive_ignored(self, _item, _waited):
        return None

    # Messages

    def _receive_message(self, item, _waited):
        identity = self.env["mini_crm.identity"]._of(self, item.sender)
        message = self._known(item.external_id)
        if message or (item.echo and self._confirm_by_echo(identity, item)):
            return
        message = self._insert_message(identity, item)
        identity._on_message(message, item)
        if item.echo:
            self._log_message(message, "message_sent", {})
        else:
            referral = {"referral": item.referral} if item.referral else {}
            # first: it may turn out whose message this is, before anything follows
            identity._read_contact(item)
            self._log_message(message, "message_received", referral)
            self._read_words(identity, item, message)
            identity._reconsider()  # what waited until he writes
        self._tell_of(message.partner_id)

    def _known(self, external_id):
        """The message with an id of the provider, locked; or none."""
        return self._locked(
            "mini_crm.message",
            SQL("channel_id = %s AND external_id = %s", self.id, external_id),
        )

    def _identity(self, sender):
        """Who a sender is in this channel, locked; or none: he is no customer yet."""
        return self._locked(
            "mini_crm.identity",
            SQL("channel_id = %s AND external_id = %s", self.id, sender.external_id),
        )

    def _locked(self, model, condition):
        """The record that fulfils an SQL condition, locked until the commit; or none.

        Who comes second waits, and finds at once whether it has changed meanwhile:
        then the worker begins anew, before there is anything to lose.
        """
        self.env.flush_all()
        records = self.env[model]
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE %s FOR NO KEY UPDATE",
                SQL.identifier(records._table),
                condition,
            ),
            log_exceptions=False,
        )
        return records.browse(self.env.cr.fetchone())

    def _insert_message(self, identity, item):
        """The new message of an item; another transaction's same one is a conflict."""
        text = clean_lines(item.text)
        values = {
            "channel_id": self.id,
            "company_id": self.company_id.id,
            "identity_id": identity.id,
            "partner_id": identity.partner_id.id,
            "direction": "out" if item.echo else "in",
            "state": "sent" if item.echo else "received",
            # by whom an echo was written nobody tells; it is the shop's answer
            "purpose": "answer" if item.echo else None,
            "kind": item.kind,
            "body": text or None,
            "date": item.date,
            "sequence": item.sequence,
            "external_id": item.external_id,
            "reply_to": item.reply_to or None,
            "payload": item.payload or None,
            **self._media_columns(item.media),
            **self._callback_columns(item.callback_id),
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO mini_crm_message (%s) VALUES (%s) RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            ),
            log_exceptions=False,
        )
        return self.env["mini_crm.message"].browse(self.env.cr.fetchone())

    def _media_columns(self, media):
        """Columns of a message for its files, which are fetched later."""
        if not media:
            return {}
        wake(self.env, MEDIA_JOB)
        files = [
            {
                "kind": one.kind,
                "reference": one.reference,
                "name": clean(one.name),
                "mime": one.mime,
                "size": one.size,
                "state": "waiting",
            }
            for one in media
        ]
        return {
            "media": json.dumps(files, ensure_ascii=False),
            "media_due_at": self.env.cr.now(),
        }

    def _callback_columns(self, callback_id):
        """Columns of a pressed button, which is answered later."""
        if not callback_id or self.type != "telegram":
            return {}
        wake(self.env, MEDIA_JOB)
        return {"media_due_at": self.env.cr.now()}

    def _log_message(self, message, event_type, data):
        """Log that a message has come or gone, once."""
        event_id = message.partner_id._log(
            event_type,
            date=message.date,
            summary=(message.body or "")[:EXCERPT] or None,
            data={
                "channel": self.type,
                "channel_id": self.id,
                "kind": message.kind,
                **data,
            },
            record=message,
            company_id=self.company_id.id,
            author_id=None,
            external_key=f"message:{message.id}",
        )
        message.event_id = event_id

    def _confirm_by_echo(self, identity, item):
        """Take an echo as the answer that we did not hear: whether it is one.

        :return: whether a message of ours was waiting for it
        :rtype: bool
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mini_crm_message
                WHERE identity_id = %s AND direction = 'out' AND state = ANY(%s)
                AND external_id IS NULL AND coalesce(body, '') = %s
                AND CASE kind WHEN 'voice' THEN 'audio' ELSE kind END = %s
                ORDER BY state = 'sending' DESC, date, id LIMIT 1""",
                identity.id,
                list(UNHEARD),
                clean_lines(item.text),
                item.kind,
            )
        )
        if not rows:
            return False
        message = self.env["mini_crm.message"].browse(rows[0])
        message._advance(
            "sent",
            external_id=item.external_id,
            date=item.date,
            sequence=item.sequence,
        )
        return True

    def _read_words(self, identity, item, message):
        """Do as a customer says who wants no more messages, or wants them again."""
        word = read_word(item.text)
        if word and not identity._cancels_only(message):
            identity.partner_id._hear_consent(
                self.type, word, proof=clean(item.text)[:EXCERPT], date=item.date
            )

    def _tell_of(self, partner):
        self.env["mini_crm.message"]._tell_changed(partner.ids)
