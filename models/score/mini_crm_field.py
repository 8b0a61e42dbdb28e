from odoo import api, models


class MiniCrmField(models.Model):
    """Which custom fields there are decides how complete a customer is."""

    _inherit = "mini_crm.field"

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(vals_list)
        self._have_details_counted()
        return definitions

    def write(self, vals):
        result = super().write(vals)
        if not {"slot", "type", "active"}.isdisjoint(vals):
            self._have_details_counted()
        return result

    def unlink(self):
        result = super().unlink()
        self._have_details_counted()
        return result

    @api.model
    def _have_details_counted(self):
        """Count anew how complete everybody is; not while there is nobody."""
        # sudo: as for the run itself
        if self.env["mini_crm.profile"].sudo().search_count([], limit=1):
            self.env["mini_crm.score.run"]._start("details")
