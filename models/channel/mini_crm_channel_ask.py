from odoo import models

from ...engine.channel_setup import meta_problem, provider_words, telegram_problem
from .provider_client import Unreachable
from .refused import Refused


class MiniCrmChannel(models.Model):
    """Questions to the provider about the account itself: of the set-up and the watch.

    They are asked within a request or a job, so with nothing written before.
    """

    _inherit = "mini_crm.channel"

    def _ask(self, client, method, path, **arguments):
        """Ask the provider, and have what is wrong told.

        :param ProviderClient client: see ``_client``
        :param arguments: as of ``ProviderClient.call``
        :returns: the JSON object of its answer (Telegram: its ``result``)
        :raises Refused: when it refuses or cannot be reached
        """
        try:
            answer = client.call(method, path, **arguments)
        except Unreachable as error:
            raise Refused(self.env, error.why) from None
        if self.type == "telegram":
            code = telegram_problem(answer.status, answer.body)
        else:
            code = meta_problem(answer.status, answer.body)
        if code:
            raise Refused(self.env, code, provider_words(answer.body))
        if self.type != "telegram":
            return answer.body
        result = answer.body.get("result")
        if method == "GET" and not isinstance(result, dict):
            raise Refused(self.env, "no_provider")
        return result

    def _require_own_account(self, account_id):
        """A channel keeps its account, and an account has one channel.

        :param str account_id: the provider's number of it
        :raises Refused: otherwise
        """
        if self.account_id and self.account_id != account_id:
            # sudo: whether there are any, whoever may see them
            identities = self.env["mini_crm.identity"].sudo()
            if identities.search_count([("channel_id", "=", self.id)], limit=1):
                raise Refused(self.env, "other_account")
        # sudo: of all companies; only that there is one is told
        others = self.sudo().with_context(active_test=False)
        if others.search_count(
            [
                ("type", "=", self.type),
                ("account_id", "=", account_id),
                ("state", "!=", "draft"),
                ("id", "!=", self.id),
            ],
            limit=1,
        ):
            raise Refused(self.env, "account_taken")
