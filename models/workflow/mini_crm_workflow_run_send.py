from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.message_template import fill, variables
from ...engine.send_gate import Verdict
from ...engine.workflow import Performed
from ...engine.workflow_questions import Place, laid_out
from ..channel.sending import LIMITS
from .question_texts import button_text

ANSWER = "answer:"  # {answer:n1} in a text: what was answered to the question n1


class Way(NamedTuple):
    """How a customer is written to.

    :param identity: ``mini_crm.identity``; empty: nowhere, or an address for e-mail
        that is no identity
    :param type: of the channel
    :param verdict: of the gate; its reason says why nothing can be sent
    """

    identity: models.BaseModel
    type: str
    verdict: Verdict

    @property
    def problem(self):
        """Code of why nothing can be sent by this way, or empty (str).

        What is deferred counts as sent, but not until the customer writes: nobody knows
        whether he will.
        """
        closed = self.verdict.reason == "window_closed"
        return self.verdict.reason if self.verdict.action == "drop" or closed else ""

    @classmethod
    def best(cls, ways):
        """The way to take of several, the preferred first (at least one).

        Those by which it goes now, or at a known time, come before those that wait for
        somebody: a channel that is broken may stay so for days. Where nothing can be
        sent by any, the first says why.

        :param list[Way] ways: in the order of preference
        :rtype: Way
        """
        possible = [way for way in ways if not way.problem]
        held_up = ("defer", None)
        for way in possible:
            if (way.verdict.action, way.verdict.until) != held_up:
                return way
        return (possible or ways)[0]


class MiniCrmWorkflowRun(models.Model):
    """What a run says to its customer: where, in which words, through the gate."""

    _inherit = "mini_crm.workflow.run"

    def _do_send(self, command):
        """Send a message: edge ``not_sent`` with the reason, else the usual one."""
        way = self._way(command.channel)
        reason = way.problem
        if not reason:
            text = self._filled(command.text)
            reason = self._deliver(way, text, subject=command.subject)
        if not reason:
            return Performed()
        self._note(not_sent=reason)
        return Performed("not_sent", reason)

    # Where

    def _customer(self):
        """The customer, as the current user sees him and in his own language.

        :raises AccessError: the user may not see him
        """
        partner = self.env["res.partner"].browse(self.sudo().partner_id.id)
        # the cache is everybody's: what was read before would be told without asking
        partner.check_access("read")
        lang = partner.lang or self.sudo().company_id.partner_id.lang or self.env.lang
        return partner.with_context(lang=lang)

    def _way(self, channel):
        """How the customer is written to: :class:`Way`.

        The chat in which he wrote last comes first; one in which nothing can be sent
        now is passed over, and one that is not connected if there is another.

        :param str channel: type of the channel; empty: where he wrote
        """
        if channel == "email":
            return self._way_by_mail()
        ways = [self._way_by(identity) for identity in self._conversations(channel)]
        if not ways:
            return Way(self.env["mini_crm.identity"], "", Verdict("drop", "no_channel"))
        return Way.best(ways)

    def _way_by(self, identity):
        """The way by one identity."""
        if identity.type == "email":
            return self._way_by_mail()
        return Way(identity, identity.type, identity._gate("automated"))

    def _conversations(self, channel):
        """The customer's identities in the company, where he wrote last first."""
        run = self.sudo()  # sudo: where a run stands is the machine's
        types = [channel] if channel else [*LIMITS, "email"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id FROM mini_crm_identity i
                JOIN mini_crm_channel c ON c.id = i.channel_id
                LEFT JOIN LATERAL (
                    SELECT date FROM mini_crm_message m
                    WHERE m.identity_id = i.id AND m.direction = 'in'
                    ORDER BY date DESC LIMIT 1) wrote ON TRUE
                WHERE i.partner_id = %s AND i.company_id = %s AND c.type = ANY(%s)
                ORDER BY i.state <> 'reachable', coalesce(wrote.date,
                    CASE c.type WHEN 'email' THEN i.last_message_at END)
                    DESC NULLS LAST, i.id""",
                run.partner_id.id,
                run.company_id.id,
                types,
            )
        )
        return self.env["mini_crm.identity"].browse(row[0] for row in rows)

    # In which words

    def _filled(self, template, customer=None):
        """A text with the customer's values and his answers, filled in once (str).

        Its variables are those of quick replies, and ``{answer:<node>}``; what is
        missing is empty.

        :param customer: in whose language and rights; default: his own
        """
        names = set(variables(template))
        answers = self._state().answers
        said = {
            f"{ANSWER}{node}": answer.get("text") or ""
            for node, answer in answers.items()
        }
        asked_for = {name for name in names if not name.startswith(ANSWER)}
        values = (customer or self._customer())._template_values(asked_for)
        return fill(template, {**said, **values})[0].strip()

    def _worded(self, buttons):
        """Buttons with the labels that the engine leaves to us (list of dict)."""
        env = self._customer().env
        return [
            {**one, "label": one.get("label") or button_text(env, one)}
            for one in buttons
        ]

    # Through the gate

    def _place(self):
        """The node at which this run stands: ``engine.workflow_questions.Place``."""
        state = self._state()
        return Place(self.id, state.node, state.visit)

    def _deliver(self, way, text, *, subject="", buttons=(), suffix=""):
        """Send a text by a way; the same key again sends nothing.

        :param str suffix: of the key, of further messages of one visit
        :return: code of why it was not sent, or empty
        :rtype: str
        """
        if not text:
            return "empty"
        key = f"{self._place().key}{suffix}"
        if way.type == "email":
            return self._mail(way, text, subject, buttons, key)
        text, buttons = self._on_buttons(way.identity, text, buttons)
        try:
            messages = way.identity._send(
                text, purpose="automated", buttons=buttons, key=key
            )
        except UserError as error:  # too long for this channel, even in parts
            self._note(refused=str(error))
            return "refused"
        # sudo: nobody writes messages but the rooms
        messages.sudo().write({"workflow_run_id": self.id})
        last = messages[-1:]
        self._note(text=text, channel=way.type, message_id=last.id)
        return last.reason if last.state == "failed" else ""

    def _on_buttons(self, identity, text, buttons):
        """A text with buttons as the channel of an identity shows them."""
        limits, place = LIMITS[identity.type], self._place()
        text, shown = laid_out(
            text,
            self._worded(buttons),
            most=limits.buttons,
            label=limits.label,
            contact=identity.type == "telegram",
        )
        return text, [
            {**one, "value": one.get("payload", ""), "payload": place.payload(number)}
            for number, one in enumerate(shown, 1)
        ]
