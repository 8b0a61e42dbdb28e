import secrets

from odoo import fields, models

from ...engine.channel_setup import is_bot_token, is_public_https
from ...engine.channel_watch import TELEGRAM_UPDATES, read_webhook
from .refused import Refused

CONNECTIONS = 20  # at once from Telegram; each holds one of Odoo's threads


class MiniCrmChannel(models.Model):
    """A Telegram bot: who it is, and how its messages come to us."""

    _inherit = "mini_crm.channel"

    def _telegram_test(self, token):
        """Whose token it is.

        :returns: values of the account (dict)
        :raises Refused: when it is nobody's
        """
        if not is_bot_token(token):
            raise Refused(self.env, "token_shape")
        bot = self._ask(self._client_with(token), "GET", "getMe")
        self._require_own_account(str(bot.get("id")))
        return {
            "account_id": str(bot.get("id")),
            "account_name": bot.get("username") or "",
            "name": bot.get("first_name") or bot.get("username") or self.name,
        }

    def _telegram_receive(self):
        """How messages should come: webhook where Telegram can call us."""
        return "webhook" if is_public_https(self.get_base_url()) else "polling"

    def _telegram_connect(self, receive):
        """Have messages come to us.

        :param str receive: how: webhook or polling
        :returns: values of the channel (dict)
        :raises Refused: when Telegram does not take it
        """
        client = self._client()
        if receive == "polling":
            # what is waiting there is kept: we ask for it
            self._ask(client, "POST", "deleteWebhook")
        else:
            self._telegram_register(client)
        return {"receive": receive}

    def _telegram_register(self, client):
        """Tell Telegram our address.

        :raises Refused: when there is none, or Telegram does not take it
        """
        if not is_public_https(self.get_base_url()) and not self.api_url:
            raise Refused(self.env, "no_public_address")
        self._ask(
            client,
            "POST",
            "setWebhook",
            json={
                "url": self.webhook_url,
                "secret_token": self._secret("webhook_secret"),
                "allowed_updates": list(TELEGRAM_UPDATES),
                "max_connections": CONNECTIONS,
            },
        )

    def _telegram_disconnect(self):
        """Have Telegram keep the messages to itself.

        :raises Refused: when it cannot be told
        """
        self._ask(self._client(), "POST", "deleteWebhook")

    def _telegram_check(self):
        """Compare what Telegram knows with what it should, and mend what can be.

        :returns: (code of the problem or empty, what Telegram says of it,
            number of updates that wait there)
        :raises Refused: when it cannot be asked
        """
        client = self._client()
        info = self._ask(client, "GET", "getWebhookInfo")
        url = "" if self.receive == "polling" else self.webhook_url
        known = read_webhook(info, url, self.key, fields.Datetime.now())
        if known.action == "foreign":
            return "webhook_foreign", "", known.waiting
        # Odoo's own address may have followed an administrator who came by another one
        callable_now = is_public_https(self.get_base_url()) or self.api_url
        if known.action == "register" and (callable_now or not info.get("url")):
            try:
                self._telegram_register(client)
            except Refused as error:
                return "webhook_lost", error.words, known.waiting
        code = "delivery_failing" if known.failing else ""
        return code, known.error, known.waiting


def new_webhook_secret():
    """A secret that Telegram shows with each delivery (str)."""
    return secrets.token_urlsafe(32)
