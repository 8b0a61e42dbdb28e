from odoo import api, models

from ...engine.fields import SLOT_SET


class ResPartner(models.Model):
    """Slots without a definition stay out of everybody's sight."""

    _inherit = "res.partner"

    @api.model
    def _hidden_slots(self):
        """Slots that no definition uses: set of field names."""
        return SLOT_SET.difference(self.env["mini_crm.field"]._active_slots())

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        result = super().fields_get(allfields, attributes)
        self.env["mini_crm.field"]._describe_slots(result, hide=not allfields)
        return result

    @api.model
    def _get_view_fields(self, view_type, models):
        models = super()._get_view_fields(view_type, models)
        if view_type == "search":
            hidden = self._hidden_slots()
            models[self._name] = [f for f in models[self._name] if f not in hidden]
        return models
