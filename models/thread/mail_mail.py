from odoo import models
from odoo.tools import formataddr


class MailMail(models.Model):
    """E-mails that go out: told as events once a mail server has accepted them; an
    answer goes to the address that has written."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # Around the whole lot: Odoo commits each e-mail and deletes many of them, and
        # 100,000 of a mailing must not cost a statement each.
        sending = self.env["mini_crm.mail.sending"]
        noted = sending._note(self.ids)
        result = super().send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )
        if noted:
            sending._settle_quietly(self.ids)
        return result

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        addresses = self._answered_addresses()
        for email in emails:
            partner = email["partner_id"]
            address = partner and addresses.get(partner.id)
            if address:
                email["email_to"] = [formataddr((partner.name or "", address))]
                email["email_to_normalized"] = [address]
                email["email_to_raw"] = address
        return emails

    def _answered_addresses(self):
        """Where this e-mail goes to instead of contacts' own addresses: {id: str}."""
        if not self.is_notification or self.model != "res.partner":
            return {}
        # sudo: whoever sends it; the answer was checked when it was written
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .search_fetch(
                [
                    ("mail_mail_id", "=", self.id),
                    ("res_partner_id", "!=", False),
                    ("mail_email_address", "!=", False),
                ],
                ["res_partner_id", "mail_email_address"],
            )
        )
        return {one.res_partner_id.id: one.mail_email_address for one in notifications}
