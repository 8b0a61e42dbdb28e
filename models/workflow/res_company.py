from odoo import api, models
from odoo.fields import Command


class ResCompany(models.Model):
    """Workflows act in every company, so their user is let into each new one."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        actor = self.env.ref("mini_crm.user_workflow", raise_if_not_found=False)
        if actor:  # not while the add-on is being installed
            # sudo: whoever may make a company need not manage users
            actor.sudo().company_ids = [
                Command.link(company.id) for company in companies
            ]
        return companies
