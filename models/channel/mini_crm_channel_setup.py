from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.channel_setup import clean_token, is_public_https
from ...engine.people import ContactError, parse_phone
from .mini_crm_channel_secret import NAMES
from .mini_crm_channel_telegram import new_webhook_secret
from .refused import Refused

PROVIDERS = ("telegram", "instagram")
# What the set-up may write besides the secrets.
SETTINGS = (
    "name",
    "api_url",
    "login",
    "human_agent",
    "phone_number",
    "receive",
    "alias_name",
)
SECRETS = ("app_secret", "other_app_secret", "proxy")


class MiniCrmChannel(models.Model):
    """The set-up, step by step: each step is one call that is over when it answers.

    The provider is asked before anything is written, so no row is locked meanwhile.
    All of this is for administrators; everybody else gets an AccessError.
    """

    _inherit = "mini_crm.channel"

    @api.model
    def add_channel(self, kind):
        """Begin with a new channel, or go on with one that was begun.

        :param str kind: telegram, instagram, email or phone
        :returns: its id (int)
        """
        self.check_access("create")
        kinds = dict(self._fields["type"]._description_selection(self.env))
        if kind not in kinds:
            raise ValidationError(self.env._("There is no such kind of channel."))
        begun = self.search(
            [
                ("type", "=", kind),
                ("state", "=", "draft"),
                ("account_id", "=", False),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        return (begun or self.create({"type": kind, "name": kinds[kind]})).id

    def get_setup(self):
        """All that the set-up shows (dict); no secret is in it, only which are set."""
        self._require_setup()
        return {
            "id": self.id,
            "type": self.type,
            **{name: self[name] or "" for name in SETTINGS},
            "state": self.state,
            "account": self.account_name or "",
            "problem": self._problem(),
            "token_is_set": self.token_is_set,
            "app_secret_is_set": self.app_secret_is_set,
            "other_app_secret_is_set": self.other_app_secret_is_set,
            "proxy_host": self.proxy_host or "",
            "verify_token_is_set": bool(self._secret("verify_token")),
            "alias_domain": self._alias_domain(),
            "qr_code": self._telegram_qr_code() if self.type == "telegram" else "",
            "webhook_url": self.webhook_url,
            "public": is_public_https(self.get_base_url()),
            "base_url": self.get_base_url(),
            "expires_at": fields.Datetime.to_string(self.token_expires_at),
            "checked_at": fields.Datetime.to_string(self.checked_at),
            **self._arrivals(),
        }

    def get_arrivals(self):
        """What has arrived: ``{"last_event_at": UTC or False, "message": {"from",
        "text"} or False}``; asked again and again while somebody waits for it."""
        self._require_setup()
        return self._arrivals()

    def save_settings(self, values):
        """Write what was entered, but for the token.

        :param dict values: of ``SETTINGS`` and ``SECRETS``
        :returns: as ``get_setup``
        """
        self._require_setup()
        self.write({n: values[n] for n in (*SETTINGS, *SECRETS) if n in values})
        if "human_agent" in values:
            self._clear_problem("human_agent")
        return self.get_setup()

    def enter_token(self, token):
        """Try a token at the provider, and keep it if it is good.

        :param str token: as it was copied
        :returns: as ``get_setup``
        :raises UserError: what is wrong with it, and how to mend that
        """
        self._require_setup()
        token = clean_token(token)
        if not token:
            raise UserError(self.env._("Paste the token first."))
        if self.type == "telegram":
            values = self._telegram_test(token)
            if not self.account_id:
                values["receive"] = self._telegram_receive()
        else:
            values = self._instagram_test(token)
        if self.account_id:
            values.pop("name")  # people may have given it another one
        self.write({**values, "token": token})
        if self.type == "telegram" and not self._secret("webhook_secret"):
            self._set_secret("webhook_secret", new_webhook_secret())
        return self.get_setup()

    def connect(self, receive=None):
        """Have messages come to us from now on, also after a problem or a pause.

        :param receive: webhook or polling; default as it is
        :returns: as ``get_setup``
        :raises UserError: what is missing, or what the provider says
        """
        self._require_setup()
        values = {}
        if self.type == "telegram":
            values = self._telegram_connect(receive or self.receive)
        elif self.type == "instagram":
            values = self._instagram_connect()
        elif self.type == "phone":
            values = self._phone_connect()
        now = fields.Datetime.now()
        self.write(
            {
                "state": "live",
                "active": True,
                "problem": False,
                "problem_detail": False,
                "connected_at": now,
                "checked_at": now,
                "watched_at": now,
                **values,
            }
        )
        return self.get_setup()

    def check_now(self):
        """Ask the provider how things are; what it says is noted.

        :returns: as ``get_setup``, with ``waiting``: messages that wait there (int)
        :raises UserError: when it cannot be asked
        """
        self._require_setup()
        code, words, waiting = self._check()
        now = fields.Datetime.now()
        self.write({"checked_at": now, "watched_at": now})
        self._note_check(code, words)
        return {**self.get_setup(), "waiting": waiting}

    def switch_off(self):
        """Neither receive nor send any more; nothing is forgotten.

        :returns: as ``get_setup``, with ``untold``: why the provider could not be told,
            or empty
        """
        self._require_setup()
        untold = self._disconnect_provider()
        self.write({"state": "off", "problem": False, "problem_detail": False})
        return {**self.get_setup(), "untold": untold}

    def forget_account(self):
        """Switch off and forget all secrets; conversations stay.

        :returns: as ``switch_off``
        """
        self._require_setup()
        untold = self._disconnect_provider()
        self._secret_rows(*NAMES).unlink()
        self.write(
            {
                "state": "draft",
                "problem": False,
                "problem_detail": False,
                "proxy_host": False,
                "token_expires_at": False,
            }
        )
        return {**self.get_setup(), "untold": untold}

    def make_verify_token(self):
        """A new word by which Meta proves that it is Meta; told this once.

        :returns: str
        """
        self._require_setup()
        token = new_webhook_secret()
        self._set_secret("verify_token", token)
        return token

    # -- parts -------------------------------------------------------------------------

    def _require_setup(self):
        self.ensure_one()
        self.check_access("write")

    def _alias_domain(self):
        """What stands behind the @ of the channel's address, or empty."""
        # sudo: a setting of the company that administrators of ours see in addresses
        domain = self.alias_domain_id or self.company_id.sudo().alias_domain_id
        return domain.name or ""

    def _arrivals(self):
        figures = self._figures()[self.id]
        message = self.env["mini_crm.message"].search(
            [("channel_id", "=", self.id), ("direction", "=", "in")], limit=1
        )
        return {
            "last_event_at": figures["last_event_at"],
            "message": bool(message)
            and {
                "from": message.identity_id.name or message.partner_id.display_name,
                "text": message.body or "",
                "partner_id": message.partner_id.id,
            },
        }

    def _disconnect_provider(self):
        """Tell the provider that we are off: why that failed (str), or empty."""
        if self.type not in PROVIDERS or not self._secret("token"):
            return ""
        try:
            if self.type == "telegram":
                self._telegram_disconnect()
            else:
                self._instagram_disconnect()
        except Refused as error:
            return str(error)
        return ""

    def _phone_connect(self):
        """The shop's number in one form.

        :returns: values of the channel (dict)
        :raises UserError: when it is none
        """
        region = self.company_id.country_id.code or None
        try:
            shown, _digits = parse_phone(self.phone_number or "", region)
        except ContactError:
            raise UserError(
                self.env._(
                    "Enter the shop's phone number with its country code, for example"
                    " +98 21 8888 8888."
                )
            ) from None
        return {"phone_number": shown}
