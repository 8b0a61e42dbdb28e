from odoo import models


class ResCompany(models.Model):
    """Where the shop's days begin anew, so do the workflows that count them."""

    _inherit = "res.company"

    def write(self, vals):
        before = {company: company._days() for company in self}
        result = super().write(vals)
        moved = self.filtered(lambda company: company._days() != before[company])
        if moved:
            # sudo: workflows of a company are its machine's
            workflows = self.env["mini_crm.workflow"].sudo()
            workflows.search(
                [("company_id", "in", moved.ids), ("state", "=", "live")]
            )._plan_time()
        return result
