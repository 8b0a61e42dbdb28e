from odoo import models


class ResPartner(models.Model):
    """Ways between the customer form and Odoo's own contact form."""

    _inherit = "res.partner"

    def action_open_customer(self):
        """Open this contact as a customer: an action dict."""
        return self._open_form("mini_crm.mini_crm_customer_view_form")

    def action_open_contact(self):
        """Open this customer as Odoo's contact, with everything we do not show."""
        return self._open_form("base.view_partner_form")

    def _open_form(self, view):
        """Action that opens this partner in the form ``view`` (external id)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(self.env.ref(view).id, "form")],
        }
