from odoo import api, models
from odoo.tools import SQL

# Types whose stored value is what the web client gets, once an empty one is replaced.
EMPTY = {"integer": 0, "float": 0.0, "boolean": False}
DIRECT = {*EMPTY, "selection", "date", "datetime"}
# What Odoo's own rules on contacts look at, record by record.
RULE_FIELDS = ("company_id", "partner_share")


class ResPartner(models.Model):
    """Figures for the web client: one query for all of them.

    As related fields each costs a computation and several checks of rights for every
    record; a page of 80 customers takes half as long without them.
    """

    _inherit = "res.partner"

    @api.model
    def search_fetch(self, domain, field_names=None, *args, **kwargs):
        """With figures come the columns of the rules: no query of their own later."""
        if field_names and not self._profile_figures().keys().isdisjoint(field_names):
            field_names = [*field_names, *RULE_FIELDS]
        return super().search_fetch(domain, field_names, *args, **kwargs)

    def web_read(self, specification):
        figures = [
            name
            for name, field in self._profile_figures().items()
            if name in specification
            and self._reads_directly(field, specification[name])
        ]
        if not figures or not self or not all(self._ids):
            return super().web_read(specification)
        for name in figures:
            self._check_field_access(self._fields[name], "read")
        # sudo: the rules are applied by what follows; without these two in memory they
        # would fetch every column of every record
        self.sudo().fetch(RULE_FIELDS)
        others = {n: value for n, value in specification.items() if n not in figures}
        if not others.keys() - {"id"}:
            self.check_access("read")  # which Odoo does not do for nothing but ids
        rows = super().web_read(others)
        values = self._figure_values(figures)
        for row in rows:
            row.update(values[row["id"]])
        for name in figures:
            if self._fields[name].type == "many2one":
                self._add_names(rows, name, specification[name])
        return rows

    def _profile_figures(self):
        """Fields that show the profile: {name: field}."""
        prefix = "mini_crm_profile_id."
        return {
            name: field
            for name, field in self._fields.items()
            if field.related and field.related.startswith(prefix)
        }

    def _reads_directly(self, field, specification):
        """Whether the client gets the stored value, at most with its name."""
        if field.type == "many2one":
            return not set(specification.get("fields", ())) - {"display_name"}
        return field.type in DIRECT

    def _figure_values(self, names):
        """Values of figures as the client gets them: {partner id: {name: value}}."""
        fields = [self._fields[name] for name in names]
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id, %s FROM unnest(%s) AS p(id)"
                " LEFT JOIN mini_crm_profile pr ON pr.id = p.id",
                SQL(", ").join(
                    SQL("pr.%s", SQL.identifier(field.related.split(".")[1]))
                    for field in fields
                ),
                list(self.ids),
            )
        )
        return {
            row[0]: {
                field.name: _as_read(field, value)
                for field, value in zip(fields, row[1:], strict=True)
            }
            for row in rows
        }

    def _add_names(self, rows, name, specification):
        """Give a relation the form that its specification asks for."""
        if "fields" not in specification:
            return
        records = self.env[self._fields[name].comodel_name].browse(
            {row[name] for row in rows if row[name]}
        )
        named = "display_name" in specification["fields"]
        values = {
            record.id: {"id": record.id, "display_name": record.display_name}
            if named
            else {"id": record.id}
            for record in records
        }
        for row in rows:
            row[name] = values.get(row[name], False)


def _as_read(field, value):
    """A column's value as ``web_read`` gives it."""
    if value is None:
        return EMPTY.get(field.type, False)
    if field.type == "datetime":
        return value.replace(microsecond=0)
    return value
