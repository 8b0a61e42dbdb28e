from odoo import fields, models
from odoo.tools import SQL

from ...engine.send_gate import Facts, decide


class ResPartner(models.Model):
    """The gate for e-mails: the same rules, asked of what is known of e-mails."""

    _inherit = "res.partner"

    def _mail_verdict(self, address=None):
        """Whether a person may write an e-mail to this customer now.

        :param str | None address: where it goes to; default: the contact's
        :rtype: engine.send_gate.Verdict
        """
        self.ensure_one()
        address = address or self.email_normalized
        # sudo: identities are read to send by them, whatever the user may see of them
        identity = (
            self.env["mini_crm.identity"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("channel_id.type", "=", "email"),
                    ("external_id", "=", address),
                ],
                limit=1,
            )
        )
        if identity:
            return identity._gate("answer")
        return decide(self._mail_facts("answer", True), fields.Datetime.now())

    def _mail_reply_verdict(self, address=None):
        """Whether an e-mail can be answered now; see get_reply_options."""
        verdict = self._mail_verdict(address)
        allowed = verdict.action == "send"
        why = "" if allowed else verdict.reason
        return {
            "allowed": allowed,
            "later": False,
            "until": None,
            "why": self.env["mini_crm.message"]._reason_words(why),
        }

    def _mail_facts(self, purpose, by_person, identity_state="reachable", address=None):
        """What the gate judges e-mails by: :class:`Facts`.

        They go out by Odoo's mail servers, so the state of an alias is none of it.

        :param str | None address: where it goes to; default: the contact's
        """
        self.ensure_one()
        address = address or self.email_normalized
        consent, opted_out_at = self._mail_consent(address)
        opted_out = consent == "out"
        return Facts(
            purpose=purpose,
            by_person=by_person,
            channel_type="email",
            channel_state="live",
            identity_state=identity_state,
            consent=consent,
            opted_out_at=opted_out_at if opted_out else None,
            last_received_at=self._last_mail_event_date(address) if opted_out else None,
        )

    def _mail_consent(self, address):
        """What he wants at an address: (in, out or unknown; since when he is out, UTC).

        What he has said is for all his addresses, Odoo's blacklist for this one.
        """
        # sudo: whoever may write to a customer need not see who has opted out elsewhere
        said = (
            self.env["mini_crm.consent"]
            .sudo()
            .search([("partner_id", "=", self.id), ("channel", "=", "email")])
        )
        # sudo: the blacklist is Odoo's administrators'
        listed = (
            self.env["mail.blacklist"].sudo().search([("email", "=", address or "")])
        )
        if said.state == "out":
            return "out", said.date
        if listed:
            return "out", listed.write_date
        return said.state or "unknown", None

    def _last_mail_event_date(self, address):
        """When he has last written an e-mail from an address himself, UTC, or ``None``.

        What was written from another one does not take back what he said for this.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT max(e.date) FROM mini_crm_event e
                JOIN mail_message m ON m.id = e.res_id
                WHERE e.partner_id = %(partner)s AND e.type = 'message_received'
                AND e.interaction = 'in' AND e.res_model = 'mail.message'
                AND (lower(m.email_from) = %(address)s
                    OR strpos(lower(m.email_from), %(in_brackets)s) > 0)""",
                partner=self.id,
                address=address,
                in_brackets=f"<{address}>",
            )
        )
        return rows[0][0]
