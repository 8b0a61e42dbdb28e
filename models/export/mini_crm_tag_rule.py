from odoo import models


class MiniCrmTagRule(models.Model):
    _inherit = "mini_crm.tag.rule"

    def action_export(self):
        """Choose how the customers with this tag are to be exported."""
        self.ensure_one()
        return self.env["mini_crm.export.log"]._action_choose(
            [("category_id", "in", self.category_id.ids)], self.category_id.name
        )
