from odoo import api, models

# What decides whether a user is one of the shop's own people.
WATCHED = {"group_ids", "share", "partner_id"}


class ResUsers(models.Model):
    """The shop's own people are no customers; portal users may be."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super(ResUsers, self.with_context(mini_crm_no_customer=True)).create(
            vals_list
        )
        users = users.with_env(self.env)
        users._recheck_customers()
        return users

    def write(self, vals):
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._recheck_customers()
        return result

    def _recheck_customers(self):
        """Apply the rule of who is a customer to the partners of these users."""
        # sudo: who may manage users need not be allowed to read every contact
        partner_ids = self.sudo().partner_id.ids
        if partner_ids:
            self.env["mini_crm.profile"].sudo()._apply_customer_rule_to(partner_ids)
