from odoo import fields, models
from odoo.tools import plaintext2html

from ...engine.send_gate import Verdict, decide
from ...engine.workflow_questions import laid_out
from .mini_crm_workflow_run_send import Way


class MiniCrmWorkflowRun(models.Model):
    """E-mails of runs: they go by Odoo's own sending, from the shop's address."""

    _inherit = "mini_crm.workflow.run"

    def _way_by_mail(self, written=None):
        """The way to the customer's e-mail address.

        E-mails go out by Odoo's mail servers, so the state of an alias is none of it.
        The shop's limits hold for them also where the shop has no channel for e-mail.

        :param datetime | None written: when the e-mail was to go out first, UTC;
            ``None``: now
        """
        partner, identity = self._customer(), self._mail_identity()
        if not partner.email_normalized:
            return Way(identity, "email", Verdict("drop", "no_channel"))
        state = identity.state or "reachable"
        facts = partner._mail_facts("automated", False, state)
        verdict = decide(facts, fields.Datetime.now())
        if verdict.action == "send":
            # sudo: counting needs no right to read what is counted
            messages = self.env["mini_crm.message"].sudo()
            company = self.sudo().company_id
            verdict = messages._limits_of(partner, company, written) or verdict
        return Way(identity, "email", verdict)

    def _mail(self, way, text, subject, buttons, key):
        """Send a text as an e-mail, or keep it until the gate lets it out.

        :return: code of why not, or empty
        :rtype: str
        """
        until = way.verdict.until
        if way.verdict.action == "defer" and not until:
            return way.verdict.reason
        text, _none = laid_out(
            text, self._worded(buttons), most=0, label=0, contact=False
        )
        subject = self._filled(subject) or self.sudo().company_id.name
        if until:
            # sudo: what waits is the machine's
            waiting = self.env["mini_crm.workflow.mail"].sudo()
            waiting._keep(self, key, subject, text, until)
        else:
            self._note_mail(self._post_mail(key, subject, text))
        self._note(text=text, channel="email")
        return ""

    def _post_mail(self, key, subject, text):
        """The e-mail to the customer with a key, posted now unless it was before.

        A colleague has not written it, so it answers nobody and counts for nobody; and
        whoever follows the contact gets no copy.

        :param str text: plain
        :rtype: mail.message
        """
        partner, company = self._customer(), self.sudo().company_id
        message_id = partner._mail_reply_id(key)
        # sudo: whoever has the key has sent it
        known = self.env["mail.message"].sudo()
        return known.search(
            [("message_id", "=", message_id)], limit=1
        ) or partner.message_post(
            body=plaintext2html(text),
            subject=subject,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            author_id=company.partner_id.id,
            email_from=company.email_formatted or None,
            partner_ids=partner.ids,
            notify_skip_followers=True,
            message_id=message_id,
        )

    def _unasked_by_mail(self):
        """Code of why the question by e-mail did not go out after all, or empty."""
        dropped = (self.notes or {}).get("not_sent") or ""
        return dropped if self.identity_id.type == "email" else ""

    def _note_mail(self, posted):
        """Note the first e-mail of the node at which this run stands: the question."""
        notes = self.sudo().notes or {}  # sudo: the log is the machine's
        self._note(mail_id=notes.get("mail_id") or posted.id)

    def _mail_identity(self):
        """The customer's identity by which he answers e-mails; empty: none can be."""
        partner = self._customer()
        company = self.sudo().company_id
        # sudo: whoever runs it need not see how channels are set up, nor writes
        # identities
        channel = self.env["mini_crm.channel"].sudo()._mail_channel(company)
        identities = self.env["mini_crm.identity"].sudo()
        if channel and partner.email_normalized:
            partner.sudo()._mail_identity_row(channel)
        return identities.search(
            [
                ("channel_id", "=", channel.id),
                ("partner_id", "=", partner.id),
                ("external_id", "=", partner.email_normalized),
            ],
            limit=1,
        ).with_env(self.env)
