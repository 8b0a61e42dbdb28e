from odoo import api, models

ADDRESSES = "mini_crm_mail_addresses"  # context: {partner id: where it is to go to}


class MailNotification(models.Model):
    """To which address of a customer an e-mail goes; and when it has come back, the
    conversations that are open show it."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        addresses = self.env.context.get(ADDRESSES) or {}
        for vals in vals_list:
            address = addresses.get(vals.get("res_partner_id"))
            if address and vals.get("notification_type") == "email":
                vals["mail_email_address"] = address
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") == "bounce":
            partners = self.res_partner_id
            if partners:
                self.env["mini_crm.message"]._tell_changed(partners.ids)
        return result
