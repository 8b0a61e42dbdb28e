import random
from datetime import timedelta

from odoo import api, models

from ...engine.outbox_pace import (
    GAPS,
    LONGEST_ACCOUNT_PAUSE,
    MAX_ATTEMPTS,
    back_off,
)
from ...engine.send_gate import WINDOW
from .provider_client import Unreachable

AUTOMATED = ("automated", "campaign")  # purposes that no echo has
# What engines say is wrong with an account -> code of the channel's problem.
PROBLEMS = {"token": "token_invalid", "not_provider": "no_provider"}


class MiniCrmOutbox(models.Model):
    """Recording: what came of an attempt, one transaction for each."""

    _inherit = "mini_crm.outbox"

    @api.model
    def _record(self, attempt, outcome):
        """Record the outcome of an attempt; the row goes, or is due again.

        :param Attempt attempt: that this worker has claimed and made
        :param outcome: ``engine.provider_answers.Outcome`` or ``Unreachable``
        """
        row = self.browse(attempt.outbox_id).exists()
        if not row:
            return  # the customer or the account was deleted meanwhile
        if isinstance(outcome, Unreachable):
            if outcome.sent:
                row._end_uncertain(outcome.why)
            else:
                row._end_unreachable(outcome.why)
            return
        getattr(row, f"_end_{outcome.kind}")(outcome)

    def _end_accepted(self, outcome):
        """The provider has it. Its echo may have come before this answer."""
        message, now = self.message_id, self._now()
        sequence = outcome.sequence or now.microsecond // 1000
        gap = GAPS.get(self.channel_id.type, 0.0)
        if gap:
            self.identity_id.next_send_at = now + timedelta(seconds=gap)
        message._advance(
            "sent",
            external_id=self._take_over_echo(outcome.external_id),
            date=outcome.date or now.replace(microsecond=0),
            sequence=sequence,
        )
        self.unlink()

    def _take_over_echo(self, external_id):
        """Who has this id by an echo gives it to this message.

        What the inbox took for a message of another program goes, its event stays. One
        of ours with the same text was not the one: nobody knows of it again. A
        customer's message is no echo: it stays, with its id.

        :param str external_id: may be empty
        :return: the id for this message, or ``None``
        :rtype: str | None
        """
        message = self.message_id
        if not external_id:
            return None
        echo = message.search(
            [
                ("channel_id", "=", self.channel_id.id),
                ("external_id", "=", external_id),
                ("id", "!=", message.id),
            ]
        )
        if echo.direction == "in":
            return None
        if echo.author_id or echo.idempotency_key or echo.purpose in AUTOMATED:
            echo.write(
                {"external_id": False, "state": "uncertain", "reason": "uncertain"}
            )
            echo.flush_recordset()  # the id is unique
            echo._tell_changed(echo.partner_id.ids)
        elif echo:
            message.event_id = echo.event_id
            echo.unlink()
        return external_id

    def _end_wait(self, outcome):
        """The provider asks to wait: no failed attempt, and the order is kept."""
        until = self._now() + timedelta(seconds=outcome.seconds)
        if outcome.scope == "chat":
            self.identity_id.next_send_at = until
        else:
            self._pause_account(until)
        self._due_again(until, reason="paused", counts=False)

    def _end_unreachable_person(self, outcome):
        """Nothing reaches the customer by this channel any more."""
        self.identity_id.state = outcome.reason
        self._end_refused(outcome)

    def _end_window_closed(self, outcome):
        """Instagram takes nothing until the customer writes again.

        By its clock the window has ended, so ours is set back to that: people may still
        answer for some days. If he has written since the claim, it is open anew.
        """
        identity, now = self.identity_id, self._now()
        if identity.window_opened_at and identity.window_opened_at > self.claimed_at:
            self._due_again(now)
            return
        ended = now - WINDOW
        if identity.window_opened_at:
            identity.window_opened_at = min(identity.window_opened_at, ended)
        by_human = self.message_id._gate_again().action == "send"
        if by_human and self.attempts < MAX_ATTEMPTS:
            self._due_again(now)
        else:
            self._defer("window_closed")

    def _end_refused(self, outcome):
        """This message is not taken, whatever we do."""
        if outcome.reason == "human_agent" and self.channel_id.human_agent:
            # Meta has not approved it: nobody's answer is to fail for it again
            self.channel_id.human_agent = False
            self.channel_id._set_problem("human_agent", outcome.detail)
        self.message_id._fail(outcome.reason or "refused", outcome.detail)
        self.unlink()

    def _end_account_broken(self, outcome):
        """Nothing of this account is taken: all waits until somebody mends it.

        A message that is refused so each time would break it for ever, so it counts.
        """
        channel = self.channel_id
        if self.attempts >= MAX_ATTEMPTS:
            self.message_id._fail("gave_up", outcome.detail)
            self.unlink()
        else:
            self._due_again(self._now(), reason="channel_broken")
        reason = PROBLEMS.get(outcome.reason, outcome.reason)
        channel._set_problem(reason, outcome.detail)

    def _end_retry_plain(self, outcome):
        """The provider cannot read what goes with the text: once without."""
        if self.plain:
            self._end_refused(outcome)
            return
        self.plain = True
        self._due_again(self._now())

    def _end_moved(self, outcome):
        """The chat has another id: once more, there."""
        identity = self.identity_id
        taken = identity.search_count(
            [
                ("channel_id", "=", identity.channel_id.id),
                ("external_id", "=", outcome.chat_id),
            ],
            limit=1,
        )
        if self.moved or taken:
            identity.state = "invalid"
            self._end_refused(outcome)
            return
        self.moved = True
        identity.external_id = outcome.chat_id
        self._due_again(self._now())

    def _end_uncertain(self, outcome):
        """It may have arrived: people see that, and decide; it is not sent again.

        :param outcome: of the provider, or a code of why nothing is known
        """
        detail = outcome if isinstance(outcome, str) else outcome.detail
        # an echo, or that it was read, may have told already that it has arrived
        for message in self.message_id.filtered(lambda m: m.state == "sending"):
            message.write(
                {"state": "uncertain", "reason": "uncertain", "detail": detail}
            )
        self.message_id._tell_changed(self.message_id.partner_id.ids)
        self.unlink()

    def _end_unreachable(self, why):
        """There was no connection: surely not accepted, so tried again."""
        now = self._now()
        if self.attempts >= MAX_ATTEMPTS:
            self.message_id._fail("gave_up", why)
            self.unlink()
            return
        seconds = back_off(self.attempts, random.random())
        self._pause_account(
            now + timedelta(seconds=min(seconds, LONGEST_ACCOUNT_PAUSE))
        )
        self._due_again(now + timedelta(seconds=seconds), reason="no_connection")

    def _pause_account(self, until):
        """Have the whole account wait, if it does not wait longer already."""
        channel = self.channel_id
        if not channel.paused_until or channel.paused_until < until:
            channel.paused_until = until

    def _due_again(self, due_at, *, reason=False, counts=True):
        """Give the claim back: the message is queued again, in its old place.

        :param bool counts: whether the attempt was one
        """
        self.write(
            {
                "due_at": due_at,
                "claimed_at": False,
                "claimed_by": False,
                "attempts": self.attempts - (not counts),
            }
        )
        # an echo may have told that it has arrived: then there is nothing to do
        if self.message_id.state != "sending":
            self.unlink()
            return
        self.message_id.write(
            {"state": "queued", "reason": reason, "deferred_until": reason and due_at}
        )
        self.message_id._tell_changed(self.message_id.partner_id.ids)
