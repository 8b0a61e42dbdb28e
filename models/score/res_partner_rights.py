from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        # Odoo follows a related field as superuser and checks only the field at its
        # end: without this, sorting and grouping would tell portal users our figures.
        field = self._fields.get(field_expr.split(".")[0])
        if field and field.related and field.related.startswith("mini_crm_profile_id."):
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)
