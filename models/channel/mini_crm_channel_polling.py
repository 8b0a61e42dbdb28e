import json
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.channel_setup import provider_words, telegram_problem
from ...engine.channel_watch import TELEGRAM_UPDATES
from .mini_crm_channel_watch import HOPELESS
from .provider_client import Unreachable

RUN_SECONDS = 50  # of one run of the job, which begins anew each minute
LONG_POLL = 20  # seconds that Telegram may wait for something to tell
SHORTEST_ROUND = 0.5  # seconds, should an answer come at once
AT_ONCE = 100  # updates of one answer
# Asking on would be asking in a loop: only people can mend these.
STOPPED_BY = (*HOPELESS, "conflict")


class MiniCrmChannel(models.Model):
    """Asking Telegram for what is new: where it cannot call us."""

    _inherit = "mini_crm.channel"

    poll_offset = fields.Char(
        readonly=True,
        copy=False,
        groups="mini_crm.mini_crm_group_admin",
        help="Next update that Telegram is asked for; it forgets all before it.",
    )

    @api.model
    def _cron_poll(self):
        """Worker: ask for all channels that poll, again and again, for a minute.

        Nothing is open in the database while Telegram waits. It forgets updates when
        it is asked for later ones, that is after they are committed here.
        """
        cron, until = self.env["ir.cron"], time.monotonic() + RUN_SECONDS
        while (began := time.monotonic()) < until:
            channels = self._polling()
            patience = LONG_POLL // len(channels) if channels else 0
            asked = [channel._poll(patience) for channel in channels]
            if not any(asked):
                break  # nobody to ask, or nobody who can be asked now
            time.sleep(max(0, began + SHORTEST_ROUND - time.monotonic()))
        cron._commit_progress(remaining=0)

    @api.model
    def _polling(self):
        """The channels that Telegram is asked for."""
        return self.search(
            [
                ("type", "=", "telegram"),
                ("receive", "=", "polling"),
                ("state", "in", ("live", "broken")),
                "|",
                ("problem", "=", False),
                ("problem", "not in", STOPPED_BY),
            ]
        )

    def _poll(self, patience):
        """Ask once, store and commit: whether it makes sense to ask again soon.

        :param int patience: seconds that Telegram may wait for something to tell
        """
        self.ensure_one()
        try:
            client = self._client()
        except UserError:
            return False
        question = {
            "timeout": patience,
            "limit": AT_ONCE,
            "allowed_updates": list(TELEGRAM_UPDATES),
        }
        if self.poll_offset:
            question["offset"] = int(self.poll_offset)
        self.env["ir.cron"]._commit_progress()
        try:
            answer = client.call("POST", "getUpdates", json=question)
        except Unreachable:
            return False
        updates = (answer.body or {}).get("result")
        if answer.status == 200 and isinstance(updates, list):
            self._keep_updates(updates)
        else:
            code = telegram_problem(answer.status, answer.body)
            if code in STOPPED_BY:
                self._set_problem(code, provider_words(answer.body))
        self.env["ir.cron"]._commit_progress(1, remaining=1)
        return answer.status == 200

    def _keep_updates(self, updates):
        """Store updates, each by itself, and ask for those behind them from now on.

        Without any, all before are confirmed: the next question names no number, as
        Telegram may begin anew with any after a quiet week.
        """
        inbox = self.env["mini_crm.inbox"]
        for update in updates:
            body = json.dumps(update, ensure_ascii=False)
            inbox._store(self, body.encode("utf-8", "backslashreplace"))
        ids = [u["update_id"] for u in updates if _has_number(u)]
        offset = str(max(ids) + 1) if ids else False
        if self.poll_offset != offset:
            self.poll_offset = offset


def _has_number(update):
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)
