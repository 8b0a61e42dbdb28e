from odoo import models


class ResUsers(models.Model):
    """Rules hold what their owner may see: without him they pause."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            rule = self.env["mini_crm.rule"]
            for kind in rule._kinds():
                # sudo: whoever archives a colleague need not see all of his rules
                owned = self.env[kind].sudo().with_context(active_test=False)
                owned.search([("user_id", "in", self.ids)])._follow_owner()
        return result
