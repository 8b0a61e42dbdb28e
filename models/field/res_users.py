from odoo import api, models


class ResUsers(models.Model):
    """Users carry their partner's slots too: those without a definition are hidden."""

    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        result = super().fields_get(allfields, attributes)
        self.env["mini_crm.field"]._describe_slots(result, hide=not allfields)
        return result

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env["mini_crm.version"]._current())

    @api.model
    def _get_view_fields(self, view_type, models):
        models = super()._get_view_fields(view_type, models)
        if view_type == "search":
            hidden = self.env["res.partner"]._hidden_slots()
            models[self._name] = [f for f in models[self._name] if f not in hidden]
        return models
