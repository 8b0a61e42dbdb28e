"""Channels of a product seen from outside: what providers do to it, and what it sends.

The fakes (``fakes.telegram``, ``fakes.instagram``) stand for the providers.
"""

import http.client
import urllib.parse

from contract_rpc import ContractError
from fakes import instagram_events, telegram_bot

WEBHOOK_SECONDS = 60


class Channels:
    """The part of ``Product`` that knows channels; see there for the rest."""

    def channel(self, type, account, **values):
        """Connect a channel as an administrator does: its id.

        :param str type: telegram or instagram
        :param account: the ``Bot`` or ``Account`` of a fake
        :param values: further fields of the channel, as ``receive``
        """
        channel = self.rpc("admin", "mini_crm.channel", "add_channel", type)
        secrets = {"app_secret": account.app_secret} if type == "instagram" else {}
        self._setup(channel, "save_settings", {**secrets, **values})
        self._setup(channel, "enter_token", account.token)
        connect = {"telegram": self._telegram, "instagram": self._instagram}[type]
        connect(channel, account, values)
        self._accounts[channel] = type, account
        return channel

    def deliver(self, channel, body, headers=None, *, method="POST", connection=None):
        """Call a channel's webhook as its provider does, once: the HTTP status (int).

        :param int channel: id, of `channel`
        :param bytes body: as it is
        :param dict headers: instead of those by which the provider proves itself
        :param connection: an open ``HTTPConnection`` to go on with
        :raises OSError: when there is no answer
        """
        headers = self.proof(channel, body) if headers is None else headers
        mine = connection or self.connection()
        try:
            mine.request(method, self.webhook_path(channel), body, headers)
            reply = mine.getresponse()
            reply.read()
            return reply.status
        finally:
            if not connection:
                mine.close()

    def connection(self):
        """A connection to the product (``HTTPConnection``)."""
        return http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=WEBHOOK_SECONDS
        )

    def proof(self, channel, body):
        """Headers by which the provider proves itself (dict)."""
        type, account = self._accounts[channel]
        if type == "instagram":
            return instagram_events.signed(body, account.app_secret)
        secret = account.webhook["secret_token"]
        return {
            "Content-Type": "application/json",
            telegram_bot.SECRET_HEADER: secret,
        }

    def webhook_path(self, channel):
        """Path of a channel's webhook (str)."""
        if channel not in self._paths:
            (row,) = self.rpc(
                "admin", "mini_crm.channel", "read", [channel], ["webhook_url"]
            )
            self._paths[channel] = urllib.parse.urlsplit(row["webhook_url"]).path
        return self._paths[channel]

    def messages(self, partner):
        """All messages of a customer, the oldest first: list of dict."""
        return self.sql(
            f"""SELECT m.id, m.channel_id, m.direction, m.kind, m.body, m.state,
                m.reason, m.external_id, m.date, m.sequence, m.event_id
            FROM mini_crm_message m WHERE m.partner_id = {int(partner)}
            ORDER BY m.date, m.sequence, m.id"""
        )

    def identities(self, channel):
        """Who has written in a channel: {external id: {id, partner_id, state}}."""
        rows = self.sql(
            f"""SELECT external_id, id, partner_id, state FROM mini_crm_identity
            WHERE channel_id = {int(channel)}"""
        )
        return {row.pop("external_id"): row for row in rows}

    def send(self, identity, body, *, key=None, role="agent"):
        """Answer a customer as a person does from the Communication tab.

        :param dict identity: of `identities`
        :return: the rows that the tab shows
        """
        arguments = [identity["partner_id"]], identity["id"], body
        return self.rpc(role, "res.partner", "send_reply", *arguments, key=key)

    def dead_letters(self, channel=None):
        """What could not be handled (list of dict: id, channel_id, kind, error)."""
        which = f"AND channel_id = {int(channel)}" if channel else ""
        return self.sql(
            f"""SELECT id, channel_id, kind, error FROM mini_crm_inbox
            WHERE state = 'dead' {which} ORDER BY id"""
        )

    def kept(self):
        """Bodies as they came: set of (channel id, SHA-256 of the bytes in hex)."""
        rows = self.sql(
            """SELECT DISTINCT channel_id, encode(sha256(body), 'hex') AS digest
            FROM mini_crm_inbox WHERE body IS NOT NULL"""
        )
        return {(row["channel_id"], row["digest"]) for row in rows}

    # Within

    def _telegram(self, channel, bot, values):
        self._setup(channel, "connect", values.get("receive", "webhook"))

    def _instagram(self, channel, account, values):
        # as its owner does on Meta's pages, before or after: it is asked by Meta
        token = self.rpc("admin", "mini_crm.channel", "make_verify_token", [channel])
        (row,) = self.rpc(
            "admin", "mini_crm.channel", "read", [channel], ["webhook_url"]
        )
        if not account.set_webhook(row["webhook_url"], token):
            raise ContractError("The webhook has not proved itself to Meta.")
        self._setup(channel, "connect")

    def _setup(self, channel, step, *arguments):
        return self.rpc("admin", "mini_crm.channel", step, [channel], *arguments)
