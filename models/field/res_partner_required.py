from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .filled_sql import EXTRA, fillable, filled

OPERATORS = {
    operator: SQL(operator) for operator in ("=", "!=", "<", "<=", ">", ">=")
} | {"in": SQL("IN"), "not in": SQL("NOT IN")}


class ResPartner(models.Model):
    """Required custom fields that are empty: told and found, but nothing is blocked.

    The form asks people for them. A program that writes something else, or does not
    know of a field, goes on working.
    """

    _inherit = "res.partner"

    missing_required = fields.Integer(
        "Required Fields Missing",
        compute="_compute_missing_required",
        search="_search_missing_required",
        groups="base.group_user",
        exportable=False,
    )
    missing_required_names = fields.Char(
        "Names of Missing Fields",
        compute="_compute_missing_required",
        groups="base.group_user",
        exportable=False,
    )

    def _compute_missing_required(self):
        rules = self._required_rules()
        label = self.env["mini_crm.field"]._label
        labels = {rule.key: label(rule.key) for rule in rules}
        names = [rule.slot for rule in rules if rule.slot]
        if rules and self.ids:
            self.browse(self.ids).fetch([*names, EXTRA])
        for partner in self:
            missing = [r for r in rules if not partner._custom_value(r)]
            partner.missing_required = len(missing)
            partner.missing_required_names = ", ".join(
                labels[rule.key] for rule in missing
            )

    @api.model
    def _required_rules(self):
        """Rules of the required fields that can be empty: list of ``FieldRule``."""
        rules = self.env["mini_crm.field"]._rules().values()
        return [rule for rule in fillable(rules) if rule.required]

    @api.model
    def _search_missing_required(self, operator, value):
        self._check_field_access(self._fields["missing_required"], "read")
        if operator not in OPERATORS:
            return NotImplemented
        if operator in ("in", "not in"):
            value = tuple(int(number) for number in value)
        rules = self._required_rules()

        def to_sql(model, alias, query):
            missing = [SQL("(NOT (%s))::int", filled(rule, alias)) for rule in rules]
            total = SQL(" + ").join(missing) if missing else SQL("0")
            return SQL("(%s) %s %s", total, OPERATORS[operator], value)

        # what is still to be written
        self.flush_model([*(rule.slot for rule in rules if rule.slot), EXTRA])
        return Domain.custom(to_sql=to_sql)
