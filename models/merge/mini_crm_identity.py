from odoo import models


class MiniCrmIdentity(models.Model):
    """Whoever has the number or address of a merged customer is the survivor."""

    _inherit = "mini_crm.identity"

    # A merge looks through the few identities that were ever dismissed.
    _dismissed_idx = models.Index("(id) WHERE dismissed_partner_ids IS NOT NULL")

    def _customers_with(self, column, values):
        found = super()._customers_with(column, values)
        if found:
            return found
        # sudo: where an old address leads to, as for all customers of the company
        redirects = self.env["mini_crm.redirect"].sudo()
        ids = set(redirects._survivors_with(column, values).values())
        survivors = found.browse(sorted(ids - {self.partner_id.id}))
        company = self.company_id
        return survivors.filtered(
            lambda partner: not partner.company_id or partner.company_id == company
        )[:2]
