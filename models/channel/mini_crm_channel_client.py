from odoo import models
from odoo.tools import SQL

from .channel_texts import problem_text
from .provider_client import ProviderClient
from .refused import Refused

TELEGRAM = "https://api.telegram.org"
META = {
    "instagram": "https://graph.instagram.com",
    "facebook": "https://graph.facebook.com",
}
META_VERSION = "v23.0"
# What people should know of although the channel goes on working.
WARNINGS = (
    "silent",
    "expiring",
    "refresh_failing",
    "delivery_failing",
    "webhook_lost",
    "webhook_foreign",
    "bad_secret",
    "human_agent",
    "no_connection",
    "proxy",
    "tls",
    "timeout",
    "cut_off",
    "busy",
    "provider_down",
)


class MiniCrmChannel(models.Model):
    """Talking to the provider, and what is wrong with that."""

    _inherit = "mini_crm.channel"

    def _client(self, *, versioned=True):
        """What calls the provider with this channel's token.

        :param bool versioned: Instagram: below the version of the interface
        :rtype: ProviderClient
        :raises Refused: a UserError, without a token or the key to decrypt it
        """
        token = self._secret("token")
        if not token:
            code = "key_missing" if self._lacks_key() else "no_token"
            raise Refused(self.env, code)
        return self._client_with(token, versioned=versioned)

    def _client_with(self, token, *, versioned=True):
        """As ``_client``, with a token that need not be stored."""
        self.ensure_one()
        headers = {}
        if self.type == "telegram":
            base = f"{self.api_url or TELEGRAM}/bot{token}"
        elif self.type == "instagram":
            base = self.api_url or META[self.login]
            base += f"/{META_VERSION}" if versioned else ""
            headers["Authorization"] = f"Bearer {token}"
        else:
            raise ValueError(self.type)
        proxy = self._secret("proxy")
        return ProviderClient(
            base, headers=headers, proxy=proxy, secrets=(token, proxy)
        )

    def _set_problem(self, code, detail=""):
        """Say what needs attention; administrators get one notice of it.

        A channel that is not in use (draft, off) has no problem. What stands there
        already is not told again; a warning never hides what has stopped the channel.

        :param str code: see ``channel_texts``; but for ``WARNINGS``, the channel is
            broken: nothing is sent until ``_clear_problem``
        :param str detail: what the provider said, without secrets
        :returns: whether it is new (bool)
        """
        self.ensure_one()
        warning = code in WARNINGS
        self.flush_recordset(["state", "problem", "problem_detail"])
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_channel SET problem = %(code)s, problem_detail =
                    %(detail)s, state = CASE WHEN %(warning)s THEN state
                    ELSE 'broken' END, write_date = now() AT TIME ZONE 'utc'
                WHERE id = %(id)s AND problem IS DISTINCT FROM %(code)s
                AND (state = 'live' OR state = 'broken' AND NOT %(warning)s)
                RETURNING id""",
                code=code,
                detail=(detail or "")[:500] or None,
                warning=warning,
                id=self.id,
            )
        )
        if not rows:
            return False
        self.invalidate_recordset(["state", "problem", "problem_detail"])
        self._tell_administrators(code)
        return True

    def _clear_problem(self, *codes):
        """The channel works again.

        :param codes: only if its problem is one of these; default: whatever it is
        """
        for channel in self:
            if channel.problem and (not codes or channel.problem in codes):
                values = {"problem": False, "problem_detail": False}
                if channel.state == "broken":
                    values["state"] = "live"
                channel.write(values)

    def _tell_administrators(self, code):
        """One notice to each administrator of the channel's company."""
        group = self.env.ref("mini_crm.mini_crm_group_admin")
        # sudo: a worker or an agent's message finds the problem, whoever may see whom
        admins = group.sudo().all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        for admin in admins:
            speaks = self.with_context(lang=admin.lang).env
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=admin.partner_id.ids,
                subject=speaks._("Channel %s needs attention", self.name),
                body=problem_text(speaks, code),
            )
