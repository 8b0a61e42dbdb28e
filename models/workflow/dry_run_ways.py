"""How a customer could be written to in a test run, at a moment that may be to come."""

from dataclasses import replace
from typing import NamedTuple

from ...engine.send_gate import Verdict, decide
from ...engine.send_limits import TALKING, day_begin, frequency, quiet
from . import workflow_texts
from .workflow_setting_words import channel_words


class DryWay(NamedTuple):
    """A way that a message would go.

    :param problem: code of why it would not go, or empty
    :param words: by what, and what it would wait for
    :param until: UTC, when it would go; ``None``: at once
    """

    problem: str
    words: str
    until: object


class DryWays:
    """The ways to the customer of a run; asking for one reads, and writes nothing.

    :param run: one ``mini_crm.workflow.run``, which may be in memory only
    """

    def __init__(self, run):
        self.env = run.env
        self._run = run
        self._partner = run._customer()
        self._wrote_at = None
        self._sent = []  # moments of what would have been sent

    def has_written(self, at):
        """The customer has written: he is in the conversation then."""
        self._wrote_at = at

    def way(self, channel, now):
        """The way that ``_way`` of a run would find: :class:`DryWay`.

        :param str channel: type, or empty: where he wrote last
        """
        found = list(self._found(channel, now))
        if not found:
            return DryWay("no_channel", "", None)
        kind, verdict = next((one for one in found if not _problem(one[1])), found[0])
        problem = _problem(verdict)
        if problem:
            return DryWay(problem, "", None)
        self._sent.append(verdict.until or now)
        words = self.env._("By %s.", channel_words(self.env)[kind])
        if verdict.action == "defer":
            words += " " + workflow_texts.reason_text(self.env, verdict.reason)
        return DryWay("", words, verdict.until)

    def _found(self, channel, now):
        """(type, verdict) of each way, where he wrote last first."""
        if channel == "email":
            yield "email", self._by_mail(now)
            return
        for identity in self._run._conversations(channel):
            if identity.type == "email":
                yield "email", self._by_mail(now)
            else:
                yield identity.type, self._by_chat(identity, now)

    def _by_mail(self, now):
        if not self._partner.email_normalized:
            return Verdict("drop", "no_channel")
        return decide(self._partner._mail_facts("automated", False), now)

    def _by_chat(self, identity, now):
        facts = self.env["mini_crm.message"]._gate_facts(identity, "automated", False)
        if self._wrote_at:
            facts = replace(facts, window_opened_at=self._wrote_at)
        verdict = decide(facts, now)
        if verdict.action != "send" or self._is_talking(now):
            return verdict
        zone, begin, end = identity._send_hours()
        return (
            quiet(now, zone, begin, end)
            or self._too_often(identity, now, zone, begin, end)
            or verdict
        )

    def _is_talking(self, now):
        return bool(self._wrote_at) and now - self._wrote_at <= TALKING

    def _too_often(self, identity, now, zone, begin, end):
        """What the shop's limit for a day says, with what would have been sent."""
        # sudo: whoever may write to a customer need not see how the shop is set up
        most = identity.sudo().company_id.mini_crm_daily_messages
        since = day_begin(now, zone)
        # sudo: agents may read messages of theirs only; these are counted, not told
        messages = self.env["mini_crm.message"].sudo()
        sent = messages._count_sent(identity.partner_id, since, messages)
        sent += sum(since <= moment <= now for moment in self._sent)
        return frequency(sent, most, None, now, zone, begin, end)


def _problem(verdict):
    """Code of why nothing would go, or empty; see ``Way.problem`` of runs."""
    closed = verdict.reason == "window_closed"
    return verdict.reason if verdict.action == "drop" or closed else ""
