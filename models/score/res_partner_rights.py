from odoo import api, models
from odoo.tools import SQL

PROFILE = "mini_crm_profile_id."
EMPTY_LAST = ("integer", "float", "date", "datetime")


class ResPartner(models.Model):
    """Figures in searches: who may, and in which order."""

    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        # Odoo follows a related field as superuser and checks only the field at its
        # end: without this, sorting and grouping would tell portal users our figures.
        field = self._fields.get(field_expr.split(".")[0])
        if field and field.related and field.related.startswith(PROFILE):
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort figures so that empty ones are the lowest; equal ones by id.

        PostgreSQL would put those never contacted first when descending. In this form
        one index of the profile serves both directions, whatever terms follow.
        """
        field = self._fields.get(field_name)
        related = (field and field.related) or ""
        if (
            nulls.code
            or not related.startswith(PROFILE)
            or field.type not in EMPTY_LAST
        ):
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        value = self._field_to_sql(alias, field_name, query)
        _model, _field, profile = self._traverse_related_sql(alias, field, query)
        profile_id = SQL.identifier(profile, "id")
        query._order_groupby += [value, profile_id]
        order = (
            SQL("DESC NULLS LAST")
            if direction.code == "DESC"
            else SQL("ASC NULLS FIRST")
        )
        # The id is never empty: "NULLS" on it would hide the index from the planner.
        return SQL("%s %s, %s %s", value, order, profile_id, direction)
