from odoo import models

# What decides what a user may see.
RIGHTS = {"group_ids", "company_ids"}


class ResUsers(models.Model):
    """Rules hold what their owner may see: without him they pause."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            for rules in self._owned_rules():
                rules._follow_owner()
        if not RIGHTS.isdisjoint(vals):
            for rules in self._owned_rules():
                rules.filtered("active")._rebuild()
        return result

    def unlink(self):
        owned = self._owned_rules()
        result = super().unlink()
        for rules in owned:
            rules.invalidate_recordset(["user_id"])
            rules._follow_owner()
        return result

    def _owned_rules(self):
        """Rules of these users that are in use: one recordset for each kind.

        Of archived ones nobody need hear; they follow their owner when they come back.
        """
        # sudo: whoever archives a colleague need not see all of his rules
        kinds = [
            self.env[kind].sudo().with_context(active_test=True)
            for kind in self.env["mini_crm.rule"]._kinds()
        ]
        return [rules.search([("user_id", "in", self.ids)]) for rules in kinds]
