from odoo import api, models

from ...engine.send_gate import Facts, decide


class MiniCrmMessage(models.Model):
    """The gate: what everything passes that is sent, before it is queued and again
    when it is claimed."""

    _inherit = "mini_crm.message"

    @api.model
    def _gate_checks(self):
        """Who may object to a message: list of (order, model, method).

        Higher rooms append to it (quiet hours, how often one may be written to). A
        method gets the identity, the purpose and the message (an empty record before it
        is queued) and returns an ``engine.send_gate.Verdict``, or ``None`` when it has
        nothing to object. The first that does not say "send" is the verdict.
        """
        return []

    @api.model
    def _judge(self, identity, purpose, by_person, message=None):
        """Whether a message to this identity may go out now.

        :param identity: one ``mini_crm.identity``
        :param str purpose: answer, automated or campaign
        :param bool by_person: a person has written it
        :param message: the one that is about to be sent, if it is queued already
        :rtype: engine.send_gate.Verdict
        """
        now = self.env["mini_crm.outbox"]._now()
        verdict = decide(self._gate_facts(identity, purpose, by_person), now)
        for _order, model, method in sorted(self._gate_checks()):
            if verdict.action != "send":
                break
            check = getattr(self.env[model], method)
            objection = check(identity, purpose, message or self.browse())
            if objection and objection.action != "send":
                verdict = objection
        return verdict

    @api.model
    def _gate_facts(self, identity, purpose, by_person):
        """What ``engine.send_gate`` judges by."""
        identity.ensure_one()
        # sudo: whoever may write to a customer need not see how the account is set up
        identity = identity.sudo()
        channel, partner = identity.channel_id, identity.partner_id
        consents = self.env["mini_crm.consent"].sudo()
        consent = consents._states(partner.ids, channel.type)[partner.id]
        last_received_at = opted_out_at = None
        if consent == "out":
            row = consents.search(
                [("partner_id", "=", partner.id), ("channel", "=", channel.type)]
            )
            opted_out_at = row.date if row.state == "out" else None
            last_received_at = (
                self.sudo()
                .search_fetch(
                    [("identity_id", "=", identity.id), ("direction", "=", "in")],
                    ["date"],
                    order="date desc",
                    limit=1,
                )
                .date
            )
        return Facts(
            purpose=purpose,
            by_person=by_person,
            channel_type=channel.type,
            channel_state=channel.state if channel.active else "off",
            identity_state=identity.state,
            consent=consent,
            opted_out_at=opted_out_at or None,
            last_received_at=last_received_at or None,
            window_opened_at=identity.window_opened_at or None,
            human_agent=channel.human_agent,
            paused_until=channel.paused_until or None,
        )

    def _gate_again(self):
        """The verdict on this queued message now.

        :rtype: engine.send_gate.Verdict
        """
        self.ensure_one()
        by_person = self.purpose == "answer"
        return self._judge(self.identity_id, self.purpose, by_person, self)
