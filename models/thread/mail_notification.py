from odoo import models


class MailNotification(models.Model):
    """An e-mail that has come back shows as such in conversations that are open."""

    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") == "bounce":
            partners = self.res_partner_id
            if partners:
                self.env["mini_crm.message"]._tell_changed(partners.ids)
        return result
