from odoo import models
from odoo.tools import email_normalize


class MailThread(models.AbstractModel):
    """E-mail from an address that a merged customer had is the survivor's."""

    _inherit = "mail.thread"

    def _mail_find_partner_from_emails(
        self, emails, records=None, force_create=False, extra_domain=False
    ):
        found = super()._mail_find_partner_from_emails(
            emails,
            records=records,
            force_create=force_create,
            extra_domain=extra_domain,
        )
        missing = {
            normal
            for email, partner in zip(emails, found, strict=False)
            if not partner and (normal := email_normalize(email))
        }
        if not missing:
            return found
        survivors = self.env["res.partner"]._survivors_by_email(missing)
        return [
            partner or survivors.get(email_normalize(email)) or partner
            for email, partner in zip(emails, found, strict=False)
        ]
