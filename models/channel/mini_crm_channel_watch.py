import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.channel_watch import is_silent
from .refused import Refused

_logger = logging.getLogger(__name__)

CHECK_MINUTES = 60  # between two checks of a channel
UNREACHABLE_HOURS = 6  # a provider that cannot be reached for longer is told
SAMPLE = 500  # deliveries that say what gaps are usual
UNREACHABLE = ("no_connection", "proxy", "tls", "timeout", "cut_off", "busy")
UNREACHABLE += ("provider_down",)
# What a check finds; it takes them back when it finds them no more.
CHECKED = (
    *UNREACHABLE,
    "silent",
    "expiring",
    "refresh_failing",
    "delivery_failing",
    "webhook_lost",
    "webhook_foreign",
    "key_missing",
    "no_token",
    "no_provider",
)
# Only a person can mend these: asking on would be asking in a loop.
HOPELESS = ("token_invalid", "token_expired", "policy", "permission")


class MiniCrmChannel(models.Model):
    """What watches connected channels: what goes wrong silently is told in time."""

    _inherit = "mini_crm.channel"

    checked_at = fields.Datetime(
        "Last Check",
        readonly=True,
        copy=False,
        groups="mini_crm.mini_crm_group_admin",
        help="When the provider last answered that check, UTC.",
    )
    watched_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups="mini_crm.mini_crm_group_admin",
        help="When it was last tried to check, UTC.",
    )

    @api.model
    def _cron_watch(self):
        """Every few minutes: check the channels whose turn it is, one by one."""
        due = fields.Datetime.now() - timedelta(minutes=CHECK_MINUTES)
        channels = self.search(
            [
                ("type", "in", ("telegram", "instagram")),
                ("state", "in", ("live", "broken")),
                # by AND OR: a problem of nobody's is NULL
                "|",
                ("problem", "=", False),
                ("problem", "not in", HOPELESS),
                "|",
                ("watched_at", "=", False),
                ("watched_at", "<", due),
            ]
        )
        left = len(channels)
        for channel in channels:
            channel._check_alone()
            left -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return

    def _check_alone(self):
        """Check a channel, and let those behind it have their turn whatever happens."""
        try:
            self._check_and_note()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Channel %s could not be checked", self.id)
            self.watched_at = fields.Datetime.now()

    def _check_and_note(self):
        """Ask the provider, then note what is wrong, or that nothing is any more."""
        self.ensure_one()
        try:
            code, words, _waiting = self._check()
        except Refused as error:
            code, words = error.code, error.words
        now = fields.Datetime.now()
        self.watched_at = now
        if code in UNREACHABLE:
            # it may well come back by itself
            known = self.checked_at or self.connected_at or now
            if now - known < timedelta(hours=UNREACHABLE_HOURS):
                return
        else:
            self.checked_at = now
        self._note_check(code, words)

    def _check(self):
        """Compare what the provider knows with what it should, and mend what can be.

        :returns: (code of what is wrong or empty, what the provider says of it,
            number of messages that wait there)
        :raises Refused: when it cannot be asked
        """
        if self.type == "telegram":
            found = self._telegram_check()
        else:
            found = self._instagram_check()
        if not found[0] and self._is_silent():
            return "silent", "", found[2]
        return found

    def _note_check(self, code, words):
        """Set the problem that a check has found, and take back what it has not."""
        if code:
            if self.problem in CHECKED and self.problem != code:
                self._clear_problem()
            self._set_problem(code, words)
            _logger.info("Channel %s: %s", self.id, code)
        else:
            self._clear_problem(*CHECKED)

    def _is_silent(self):
        """Whether nothing has come for unusually long (bool)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT received_at FROM mini_crm_inbox
                WHERE channel_id = %s AND kind = 'body'
                ORDER BY received_at DESC LIMIT %s""",
                self.id,
                SAMPLE,
            )
        )
        return is_silent([row[0] for row in rows], fields.Datetime.now())
