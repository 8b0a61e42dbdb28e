from odoo import models


class MailMail(models.Model):
    """E-mails that go out: told as events once a mail server has accepted them."""

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
