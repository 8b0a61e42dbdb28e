from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.field_keys import code_of
from .filled_sql import EXTRA


class MiniCrmFieldOption(models.Model):
    """A choice of a select field: its code is stored for good, its label may change."""

    _name = "mini_crm.field.option"
    _inherit = ["mini_crm.versioned"]
    _description = "Choice of a Custom Field"
    _order = "sequence, id"

    field_id = fields.Many2one(
        "mini_crm.field", required=True, ondelete="cascade", index=True
    )
    name = fields.Char("Label", required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(field_id, code)", "Another choice of this field has this code already."
    )

    @api.constrains("name", "code", "active")
    def _check_rules(self):
        self.field_id._check_rules()

    @api.model_create_multi
    def create(self, vals_list):
        """Make choices; without ``code`` each gets one made of its label."""
        everything = self.with_context(active_test=False)
        owners = [vals["field_id"] for vals in vals_list if vals.get("field_id")]
        taken = {}
        for option in everything.search([("field_id", "in", owners)]):
            taken.setdefault(option.field_id.id, set()).add(option.code)
        complete = []
        for vals in vals_list:
            codes = taken.setdefault(vals.get("field_id"), set())
            code = vals.get("code") or code_of(str(vals.get("name") or ""), codes)
            codes.add(code)
            complete.append({**vals, "code": code})
        return super().create(complete)

    def write(self, vals):
        for option in self:
            if vals.get("code", option.code) != option.code or (
                vals.get("field_id", option.field_id.id) != option.field_id.id
            ):
                raise UserError(
                    self.env._(
                        "%s: the code of a choice never changes, as customers have it."
                        " Change its label, or make a new choice and archive this one.",
                        option.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_chosen(self):
        for option in self:
            if option._is_chosen():
                raise UserError(
                    self.env._(
                        "%s: customers have this choice. Archive it: they keep it, and"
                        " it can no longer be chosen.",
                        option.name,
                    )
                )

    def _is_chosen(self):
        """Whether any customer has this choice, in an archive of values too."""
        definition = self.field_id
        if definition.released:
            rows = self.env["mini_crm.field.value"].sudo()  # sudo: nobody reads them
            kept = SQL("to_jsonb(%s::text)", self.code)
            source = SQL(
                "%s WHERE field_id = %s AND value = %s",
                SQL.identifier(rows._table),
                definition.id,
                kept,
            )
        else:
            self.env["res.partner"].flush_model([definition.slot or EXTRA])
            value = (
                SQL.identifier(definition.slot)
                if definition.slot
                else SQL("%s ->> %s", SQL.identifier(EXTRA), definition.key)
            )
            source = SQL("res_partner WHERE %s = %s", value, self.code)
        return bool(self.env.execute_query(SQL("SELECT FROM %s LIMIT 1", source)))

    def _names(self):
        """The label in every language: tuple of str."""
        self.ensure_one()
        stored = self._fields["name"]._get_stored_translations(self) or {}
        return tuple(sorted(set(stored.values())))
