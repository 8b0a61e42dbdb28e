from odoo import fields
from odoo.tools import SQL


class SharedId(fields.Many2one):
    """Many2one to the record of the comodel that has this record's own id.

    It has no column: in SQL it *is* the id, so a side table keyed by the partner's
    id joins by primary key and no row of ``res_partner`` is ever written for it
    (docs/architecture.md, A2). Read gives the record, or nothing when the side table
    has no such row. It cannot be written: rows of the side table are made by that
    table's own room.
    """

    _column_type = column_type = None
    copy = False

    def to_sql(self, model, alias):
        return SQL.identifier(alias, "id")

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        # Told plainly, so that the planner sees through "no side row, or one with ...".
        if operator in ("in", "not in") and field_expr == self.name and not any(value):
            return SQL("FALSE" if operator == "in" else "TRUE")
        return super().condition_to_sql(
            field_expr, operator, value, model, alias, query
        )

    def create(self, record_values):  # pylint: disable=method-required-super
        """Do nothing: the value follows from the id."""

    def write(self, records, value):  # pylint: disable=method-required-super
        """Do nothing: the value follows from the id."""

    def read(self, records):  # pylint: disable=method-required-super
        # sudo: whether the side row exists is no secret to who may read the partner
        comodel = records.env[self.comodel_name].sudo()
        existing = set(comodel.browse(records.ids).exists()._ids)
        for record in records:
            self._update_cache(record, record.id if record.id in existing else None)
