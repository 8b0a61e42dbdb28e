import json

from odoo import models
from odoo.tools import SQL, plaintext2html


class MiniCrmBatch(models.Model):
    """What the customers of the example shop have written, by channels that are off."""

    _inherit = "mini_crm.batch"

    def _write_example_talk(self, shop, ids):
        """Identities, chat messages and e-mails of the shop's conversations.

        :param list[Customer] shop: see ``engine.example_shop``
        :param list[int] ids: of the customers, in the order of ``shop``
        :return: what was said, as columns of ``mini_crm.event``: list of dict
        """
        channels = self._make_example_channels({one.channel for one in shop})
        events = []
        for partner_id, one in zip(ids, shop, strict=True):
            if one.talk:
                channel = channels[one.channel]
                identity = self._make_example_identity(channel, partner_id, one)
                events += self._write_example_lines(identity, one.talk)
        return events

    def _make_example_channels(self, kinds):
        """A channel of each type, switched off: nothing is sent by them: {type: it}."""
        channels = self.env["mini_crm.channel"].sudo()  # sudo: only for administrators
        labels = dict(channels._fields["type"]._description_selection(self.env))
        made = channels.create(
            [
                {
                    "name": self.env._("Demo: %s", labels[kind]),
                    "type": kind,
                    "company_id": self.company_id.id,
                    "state": "off",
                }
                for kind in sorted(kinds)
            ]
        )
        self.settings = {**(self.settings or {}), "channels": made.ids}
        return {channel.type: channel for channel in made}

    def _make_example_identity(self, channel, partner_id, one):
        """Who a customer of the shop is in a channel: the new identity."""
        said = [line for line in one.talk if line[0] != "call_logged"]
        incoming = [date for kind, date, _text in said if kind == "message_received"]
        # sudo: nobody writes identities but code
        return (
            self.env["mini_crm.identity"]
            .sudo()
            .create(
                {
                    "channel_id": channel.id,
                    "company_id": channel.company_id.id,
                    "partner_id": partner_id,
                    "external_id": one.email
                    if channel.type == "email"
                    else str(9_000_000_000 + partner_id),
                    "name": one.name,
                    "window_opened_at": incoming[-1] if incoming else False,
                    "waiting_since": one.waiting_since,
                    "last_message_at": said[-1][1] if said else False,
                    "last_message": said[-1][2] if said else False,
                }
            )
        )

    def _write_example_lines(self, identity, talk):
        """Messages of one customer; calls have none: events as list of dict."""
        said = [line for line in talk if line[0] != "call_logged"]
        write = (
            self._write_example_mails
            if identity.type == "email"
            else self._write_example_chat
        )
        messages = iter(write(identity, said))
        data = {"channel": identity.type, "channel_id": identity.channel_id.id}
        data["kind"] = "email" if identity.type == "email" else "text"
        events = []
        for kind, date, text in talk:
            event = {"partner_id": identity.partner_id.id, "type": kind}
            event |= {"date": date.isoformat(), "summary": text or None}
            if kind != "call_logged":
                event |= {
                    "data": data,
                    **self._example_event_link(next(messages), kind),
                }
            events.append(event)
        return events

    def _example_event_link(self, message, kind):
        """How an event tells of a message: the same keys as of those that come in."""
        if message._name != "mail.message":
            key = f"message:{message.id}"
        elif kind == "message_received":
            key = f"mail:{message.id}"
        else:
            key = f"mail:{message.id}:{message.partner_ids.id}"
        return {
            "res_model": message._name,
            "res_id": message.id,
            "external_key": key,
        }

    def _write_example_chat(self, identity, said):
        """Chat messages of one customer, in the order of ``said``."""
        values = []
        for number, (kind, date, text) in enumerate(said, 1):
            incoming = kind == "message_received"
            values.append(
                {
                    "channel_id": identity.channel_id.id,
                    "company_id": identity.company_id.id,
                    "identity_id": identity.id,
                    "partner_id": identity.partner_id.id,
                    "direction": "in" if incoming else "out",
                    "body": text,
                    "date": date,
                    "sequence": number,
                    "external_id": f"{identity.external_id}:{number}",
                    "state": "received" if incoming else "sent",
                    "purpose": False if incoming else "answer",
                    "author_id": False if incoming else self.env.uid,
                }
            )
        return self.env["mini_crm.message"].sudo().create(values)  # sudo: as above

    def _write_example_mails(self, identity, said):
        """E-mails of one customer on his record, in the order of ``said``."""
        partner = identity.partner_id
        comment = self.env.ref("mail.mt_comment")
        values = []
        for kind, date, text in said:
            incoming = kind == "message_received"
            author = partner if incoming else self.env.user.partner_id
            sent = {"res_partner_id": partner.id, "notification_type": "email"}
            sent |= {"notification_status": "sent", "is_read": True}
            values.append(
                {
                    "model": partner._name,
                    "res_id": partner.id,
                    "message_type": "email" if incoming else "comment",
                    "subtype_id": comment.id,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "date": date,
                    "body": plaintext2html(text),
                    "partner_ids": [] if incoming else partner.ids,
                    "notification_ids": [] if incoming else [(0, 0, sent)],
                }
            )
        # sudo: an e-mail of somebody else is not written by people
        return self.env["mail.message"].sudo().create(values)

    def _log_example_events(self, events):
        """Log what has happened in the shop.

        :param list[dict] events: columns of ``mini_crm.event``, dates in ISO 8601
        """
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("e.partner_id"),
                "type": SQL("e.type"),
                "date": SQL("e.date"),
                "summary": SQL("e.summary"),
                "data": SQL("e.data"),
                "res_model": SQL("e.res_model"),
                "res_id": SQL("e.res_id"),
                "external_key": SQL("e.external_key"),
            },
            SQL(
                """FROM jsonb_to_recordset(%s::jsonb) AS e(partner_id int, type text,
                    date timestamp, summary text, data jsonb, res_model text,
                    res_id int, external_key text) ORDER BY e.date""",
                json.dumps(events),
            ),
        )
        self._link_example_messages()

    def _link_example_messages(self):
        """Let the chat messages know their events."""
        self.env["mini_crm.message"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_message m SET event_id = e.id
                FROM mini_crm_event e
                WHERE e.batch_id = %s AND e.external_key = 'message:' || m.id""",
                self.id,
            )
        )
        self.env["mini_crm.message"].invalidate_model(["event_id"])

    def _remove_example_channels(self, ids):
        """Delete the channels that came along, but for those of customers that stay."""
        channels = self.env["mini_crm.channel"].sudo()  # sudo: as above
        identities = self.env["mini_crm.identity"].sudo()
        for channel in channels.with_context(active_test=False).browse(ids).exists():
            if not identities.search_count([("channel_id", "=", channel.id)], limit=1):
                channel.unlink()
