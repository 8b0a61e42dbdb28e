from odoo import fields, models

from ...engine.send_gate import Facts, decide


class ResPartner(models.Model):
    """The gate for e-mails: the same rules, asked of what is known of e-mails."""

    _inherit = "res.partner"

    def _mail_verdict(self):
        """Whether a person may write an e-mail to this customer now.

        :rtype: engine.send_gate.Verdict
        """
        self.ensure_one()
        # sudo: identities are read to send by them, whatever the user may see of them
        identity = (
            self.env["mini_crm.identity"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("channel_id.type", "=", "email"),
                    ("external_id", "=", self.email_normalized),
                ],
                limit=1,
            )
        )
        if identity:
            return identity._gate("answer")
        return decide(self._mail_facts("answer", True), fields.Datetime.now())

    def _mail_reply_verdict(self):
        """Whether an e-mail can be answered now; see get_reply_options."""
        verdict = self._mail_verdict()
        allowed = verdict.action == "send"
        why = "" if allowed else verdict.reason
        return {
            "allowed": allowed,
            "later": False,
            "until": None,
            "why": self.env["mini_crm.message"]._reason_words(why),
        }

    def _mail_facts(self, purpose, by_person, identity_state="reachable"):
        """What the gate judges e-mails by: :class:`Facts`.

        They go out by Odoo's mail servers, so the state of an alias is none of it.
        """
        self.ensure_one()
        # sudo: whoever may write to a customer need not see who has opted out elsewhere
        consents = self.env["mini_crm.consent"].sudo()
        consent = consents._states(self.ids, "email")[self.id]
        opted_out = consent == "out"
        return Facts(
            purpose=purpose,
            by_person=by_person,
            channel_type="email",
            channel_state="live",
            identity_state=identity_state,
            consent=consent,
            opted_out_at=self._mail_opted_out_at() if opted_out else None,
            last_received_at=self._last_mail_event_date() if opted_out else None,
        )

    def _mail_opted_out_at(self):
        """Since when he wants no e-mails, by us or by Odoo's blacklist, UTC."""
        # sudo: as above; the blacklist is Odoo's administrators'
        said = (
            self.env["mini_crm.consent"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("channel", "=", "email"),
                    ("state", "=", "out"),
                ]
            )
        )
        listed = (
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "=", self.email_normalized)])
        )
        return said.date or listed.write_date or None

    def _last_mail_event_date(self):
        """When he has last written an e-mail himself, UTC, or ``None``."""
        # sudo: the date alone decides, whichever company he wrote to
        events = self.env["mini_crm.event"].sudo()
        return (
            events.search_fetch(
                [
                    ("partner_id", "=", self.id),
                    ("type", "=", "message_received"),
                    ("interaction", "=", "in"),
                    ("res_model", "=", "mail.message"),
                ],
                ["date"],
                order="date desc, id desc",
                limit=1,
            ).date
            or None
        )
