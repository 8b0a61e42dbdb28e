from odoo import api, models


class ResCompany(models.Model):
    """A new company begins with the rules that ship."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for kind in self.env["mini_crm.rule"]._kinds():
            self.env[kind]._ship(companies)
        return companies

    def write(self, vals):
        before = {company: company._days() for company in self}
        result = super().write(vals)
        moved = self.filtered(lambda company: company._days() != before[company])
        if moved:
            self.env["mini_crm.rule"]._rebuild_all(companies=moved)
        return result

    def _days(self):
        """When the shop's days begin, and in which calendar they are."""
        self.ensure_one()
        return self.mini_crm_tz, self.mini_crm_calendar
