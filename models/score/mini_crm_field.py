from odoo import api, models


class MiniCrmField(models.Model):
    """Which custom fields there are decides how complete a customer is."""

    _inherit = "mini_crm.field"

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(vals_list)
        self.env["mini_crm.score.run"]._start("details")
        return definitions

    def write(self, vals):
        result = super().write(vals)
        if not {"slot", "type", "active"}.isdisjoint(vals):
            self.env["mini_crm.score.run"]._start("details")
        return result

    def unlink(self):
        result = super().unlink()
        self.env["mini_crm.score.run"]._start("details")
        return result
