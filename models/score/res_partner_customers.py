from odoo import api, models
from odoo.tools import SQL

from .chosen import Chosen

# What decides who is a customer, and in which currency his figures are.
RULE_FIELDS = {
    "active",
    "type",
    "parent_id",
    "is_company",
    "supplier_rank",
    "customer_rank",
}


class ResPartner(models.Model):
    """Contacts become customers, and stop being some, as they are made and changed."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if partners and not self.env.context.get("mini_crm_no_customer"):
            self._profiles()._apply_customer_rule_to(
                partners.ids, log=self._logs_events()
            )
        referrers = partners.sudo().referred_by_id  # sudo: as in write()
        if referrers:
            self._profiles()._refresh(Chosen.among(referrers.ids), details=False)
        return partners

    def write(self, vals):
        # sudo: a referrer counts also when the writer may not read him
        referrers = self.sudo().referred_by_id if "referred_by_id" in vals else None
        result = super().write(vals)
        if self.ids and not RULE_FIELDS.isdisjoint(vals):
            self._profiles()._apply_customer_rule_to(self.ids, log=self._logs_events())
        recount = self.ids if "company_id" in vals else []
        if referrers is not None:
            recount += (referrers | self.sudo().referred_by_id).ids
        if recount:
            self._profiles()._refresh(Chosen.among(recount), details=False)
        return result

    @api.model
    def _profiles(self):
        """Model of the profiles; works by SQL for everybody who may edit a contact."""
        return self.env["mini_crm.profile"]

    @api.model
    def _logs_events(self):
        """Whether what happens to customers here is told in their timelines."""
        return not self.env.context.get("mini_crm_no_events")

    @api.model
    def _customer_filter(self, alias):
        return SQL(
            "EXISTS (SELECT FROM mini_crm_profile cf WHERE cf.id = %s)",
            SQL.identifier(alias, "id"),
        )
