from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...engine.send_gate import Verdict, decide
from ...engine.workflow import Answered
from ...engine.workflow_questions import laid_out
from .mini_crm_workflow_run_send import Way


class MiniCrmWorkflowRun(models.Model):
    """E-mails of runs: they go by Odoo's own sending, from the shop's address."""

    _inherit = "mini_crm.workflow.run"

    def _way_by_mail(self):
        """The way to the customer's e-mail address.

        E-mails go out by Odoo's mail servers, so the state of an alias is none of it.
        """
        partner, identity = self._customer(), self._mail_identity()
        if not partner.email_normalized:
            return Way(identity, "email", Verdict("drop", "no_channel"))
        state = identity.state or "reachable"
        facts = partner._mail_facts("automated", False, state)
        verdict = decide(facts, fields.Datetime.now())
        messages = self.env["mini_crm.message"]
        for _order, model, method in sorted(
            messages._gate_checks() if identity else ()
        ):
            if verdict.action != "send":
                break
            check = getattr(self.env[model], method)
            verdict = check(identity, "automated", messages) or verdict
        return Way(identity, "email", verdict)

    def _mail(self, way, text, subject, buttons, key):
        """Send a text as an e-mail: code of why not, or empty.

        A colleague has not written it, so it answers nobody and counts for nobody.
        """
        until = way.verdict.until
        if way.verdict.action == "defer" and not until:
            return way.verdict.reason
        text, _none = laid_out(
            text, self._worded(buttons), most=0, label=0, contact=False
        )
        partner = self._customer()
        message_id = partner._mail_reply_id(key)
        if not partner._is_posted(message_id):
            company = self.sudo().company_id
            partner.message_post(
                body=plaintext2html(text),
                subject=self._filled(subject) or company.name,
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
                author_id=company.partner_id.id,
                email_from=company.email_formatted or None,
                partner_ids=partner.ids,
                message_id=message_id,
                **({"scheduled_date": until} if until else {}),
            )
        self._note(text=text, channel="email")
        return ""

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

    # What comes back

    @api.model
    def _hear_mail(self, mail, partner_id):
        """Take an e-mail of a customer as the answer to the question by e-mail."""
        run = self.search(
            [
                ("partner_id", "=", partner_id),
                ("question", "=", "open"),
                ("identity_id.channel_id.type", "=", "email"),
            ],
            limit=1,
        )
        written = mail.model == "res.partner" and mail.date >= (
            run.asked_at or mail.date
        )
        if not run or not written:
            return
        place = run._place()
        moved = run._advance(Answered(text=mail._own_words(), at=mail.date))
        identity = run.identity_id
        if moved and run._left(place).edge != "timeout" and identity.waiting_since:
            # nobody else has to answer what the workflow has taken
            waits_for_it = identity.waiting_since >= mail.date
            identity.waiting_since = not waits_for_it and identity.waiting_since
            self.env["mini_crm.message"]._tell_changed([partner_id])
