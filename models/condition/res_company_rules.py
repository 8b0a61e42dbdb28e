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
