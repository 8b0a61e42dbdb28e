"""How a customer could be written to in a test run, at a moment that may be to come."""

from dataclasses import replace
from typing import NamedTuple

from ...engine.send_gate import Verdict, decide
from ...engine.send_limits import TALKING, day_begin, frequency, quiet
from . import workflow_texts
from .mini_crm_workflow_run_send import Way
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
        none = self.env["mini_crm.identity"]
        found = [Way(none, *one) for one in self._found(channel, now)]
        if not found:
            return DryWay("no_channel", "", None)
        way = Way.best(found)
        kind, verdict = way.type, way.verdict
        if way.problem:
            return DryWay(way.problem, "", None)
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
        verdict = decide(self._partner._mail_facts("automated", False), now)
        return verdict if verdict.action != "send" else self._limited(verdict, now)

    def _by_chat(self, identity, now):
        facts = self.env["mini_crm.message"]._gate_facts(identity, "automated", False)
        if self._wrote_at:
            facts = replace(facts, window_opened_at=self._wrote_at)
        verdict = decide(facts, now)
        if verdict.action != "send" or self._is_talking(now):
            return verdict
        return self._limited(verdict, now)

    def _limited(self, verdict, now):
        """What the shop's limits leave of a verdict."""
        company = self._run.sudo().company_id  # sudo: the run is the machine's
        hours = self._partner._send_hours(company)
        late = quiet(now, *hours) or self._too_often(company, now, hours)
        return late or verdict

    def _is_talking(self, now):
        return bool(self._wrote_at) and now - self._wrote_at <= TALKING

    def _too_often(self, company, now, hours):
        """What the shop's limit for a day says, with what would have been sent."""
        # sudo: whoever may write to a customer need not see how the shop is set up
        most = company.sudo().mini_crm_daily_messages
        since = day_begin(now, hours[0])
        # sudo: agents may read messages of theirs only; these are counted, not told
        messages = self.env["mini_crm.message"].sudo()
        sent = messages._count_sent(self._partner, since, messages)
        sent += sum(since <= moment <= now for moment in self._sent)
        return frequency(sent, most, None, now, *hours)
