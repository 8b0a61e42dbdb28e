import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.chat_items import Sender
from ...engine.provider_json import note
from .provider_client import Unreachable

_logger = logging.getLogger(__name__)

AGAIN_MINUTES = 60
GIVE_UP = timedelta(days=1)


class MiniCrmIdentity(models.Model):
    """What people call themselves, where messages do not tell: Instagram's only number
    them, and whoever has written may be asked for by his number."""

    _inherit = "mini_crm.identity"

    profile_due_at = fields.Datetime(
        help="When the provider is asked for the name, UTC; empty: not any more."
    )

    _profile_due_idx = models.Index("(profile_due_at) WHERE profile_due_at IS NOT NULL")

    @api.model
    def _fetch_profiles(self):
        """Ask for the names of those who have written for the first time.

        :return: whether all were asked in this run's time
        :rtype: bool
        """
        cron = self.env["ir.cron"]
        while identity := self._claim_profile():
            ask = identity._profile_question()
            cron._commit_progress(remaining=1)
            told = ask()
            identity.exists()._record_profile(told)
            if not cron._commit_progress(1, remaining=1):
                return False
        return True

    @api.model
    def _claim_profile(self):
        """The next identity whose name is asked for, put off meanwhile; or none."""
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_identity
                SET profile_due_at =
                    now() AT TIME ZONE 'utc' + make_interval(mins => %s)
                WHERE id = (SELECT id FROM mini_crm_identity
                    WHERE profile_due_at <= now() AT TIME ZONE 'utc'
                    ORDER BY profile_due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id""",
                AGAIN_MINUTES,
            )
        )
        self.invalidate_model(["profile_due_at"])
        return self.browse(rows[0]) if rows else self.browse()

    def _profile_question(self):
        """A function that needs no database: the provider's answer, or ``None``."""
        path, question = self.external_id, {"fields": "name,username"}
        try:
            client = self.channel_id.sudo()._client()
        except UserError:  # without a token, until somebody enters one
            return lambda: None

        def ask():
            try:
                return client.call("GET", path, params=question)
            except Unreachable as error:
                _logger.info("Name of a sender: %s", error.why)
                return None

        return ask

    def _record_profile(self, answer):
        """Keep a name; who has none of the shop's yet is called by it.

        :param answer: ``provider_client.Answer``; ``None``: asked again, for a day
        """
        if not self:
            return
        if answer is None or answer.status >= 500 or answer.status == 429:
            if self.create_date < fields.Datetime.now() - GIVE_UP:
                self.profile_due_at = False
            return
        self.profile_due_at = False
        body = answer.body or {}
        if answer.status != 200:
            return  # he has not agreed to be known
        name, username = (note(body, key) for key in ("name", "username"))
        sender = Sender(self.external_id, name, username)
        self._learn(sender)
        partner = self.partner_id
        channel = self.channel_id._as_worker()
        if partner.name == channel.env[self._name]._nameless(channel, sender):
            partner.name = self._called(sender) or partner.name
            self.env["mini_crm.message"]._tell_changed(partner.ids)
