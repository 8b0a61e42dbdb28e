from odoo import fields, models


class MiniCrmFieldOption(models.Model):
    """A choice of a select field: its code stays, its label may change."""

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

    def _names(self):
        """The label in every language: tuple of str."""
        self.ensure_one()
        return tuple(
            sorted(
                set(
                    (self._fields["name"]._get_stored_translations(self) or {}).values()
                )
            )
        )
