from datetime import timedelta

from odoo import fields, models

from ...engine.channel_setup import is_public_https
from ...engine.channel_watch import (
    META_FIELDS,
    expiry_problem,
    is_subscribed,
    refresh_due,
)
from .refused import Refused


class MiniCrmChannel(models.Model):
    """An Instagram account: who it is, that Meta calls us, and its token's life."""

    _inherit = "mini_crm.channel"

    def _instagram_test(self, token):
        """Whose token it is; see ``_telegram_test``."""
        client = self._client_with(token)
        if self.login == "facebook":
            wanted = "id,name,instagram_business_account{id,username,name}"
            page = self._ask(client, "GET", "me", params={"fields": wanted})
            account = page.get("instagram_business_account") or {}
            number = account.get("id")
        else:
            wanted = "user_id,username,name"
            account = self._ask(client, "GET", "me", params={"fields": wanted})
            # "id" is another number, of the account within the app
            number = account.get("user_id")
        if not number:
            raise Refused(self.env, "no_instagram")
        self._require_own_account(str(number))
        return {
            "account_id": str(number),
            "account_name": account.get("username") or "",
            "name": account.get("name") or account.get("username") or self.name,
            "token_expires_at": False,
        }

    def _instagram_connect(self):
        """Have Meta call us; see ``_telegram_connect``."""
        if not is_public_https(self.get_base_url()) and not self.api_url:
            raise Refused(self.env, "no_public_address")
        if not self._secret("app_secret"):
            raise Refused(self.env, "no_app_secret")
        self._instagram_subscribe(self._client())
        return {"receive": "webhook"}

    def _instagram_subscribe(self, client):
        self._ask(
            client,
            "POST",
            "me/subscribed_apps",
            params={"subscribed_fields": ",".join(META_FIELDS)},
        )

    def _instagram_disconnect(self):
        """Have Meta no longer call us; see ``_telegram_disconnect``."""
        self._ask(self._client(), "DELETE", "me/subscribed_apps")

    def _instagram_check(self):
        """See ``_telegram_check``; the number that waits nobody tells."""
        client = self._client()
        if not is_subscribed(self._ask(client, "GET", "me/subscribed_apps")):
            try:
                self._instagram_subscribe(client)
            except Refused as error:
                return "webhook_lost", error.words, 0
        now, set_at = fields.Datetime.now(), self._secret_set_at("token")
        expires_at = self.token_expires_at or None
        if self.login == "instagram" and refresh_due(set_at, expires_at, now):
            try:
                self._instagram_refresh()
            except Refused as error:
                ending = expiry_problem(expires_at, now)
                return ending or "refresh_failing", error.words, 0
        return expiry_problem(self.token_expires_at or None, now), "", 0

    def _instagram_refresh(self):
        """Have the token live for 60 more days.

        :raises Refused: when Meta does not want it to
        """
        token = self._secret("token")
        body = self._ask(
            self._client(versioned=False),
            "GET",
            "refresh_access_token",
            params={"grant_type": "ig_refresh_token", "access_token": token},
        )
        fresh, seconds = body.get("access_token"), body.get("expires_in")
        if not isinstance(fresh, str) or not isinstance(seconds, int):
            raise Refused(self.env, "no_provider")
        self._renew_token(fresh)
        self.token_expires_at = fields.Datetime.now() + timedelta(seconds=seconds)
