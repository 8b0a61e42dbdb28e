from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.fields import SLOTS, slot_type


class MiniCrmField(models.Model):
    """Definition of a custom field: which slot of the customer means what."""

    _name = "mini_crm.field"
    _description = "Custom Field"
    _order = "sequence, id"

    name = fields.Char("Label", required=True, translate=True)
    key = fields.Char(required=True, help="Name of the field for programs.")
    type = fields.Selection(
        [
            ("text", "Text"),
            ("number", "Number"),
            ("date", "Date"),
            ("boolean", "Yes or no"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("url", "Link"),
            ("select", "Choice"),
        ],
        required=True,
        default="text",
    )
    slot = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex(
        "(key) WHERE active IS TRUE", "Another field uses this key already."
    )
    _slot_uniq = models.UniqueIndex(
        "(slot) WHERE active IS TRUE", "Another field uses this slot already."
    )

    @api.constrains("slot", "type")
    def _check_slot(self):
        for definition in self:
            slot = definition.slot
            if slot not in SLOTS or slot_type(slot) != definition.type:
                raise ValidationError(
                    self.env._(
                        "%(slot)s is not a slot of the type %(type)s.",
                        slot=slot,
                        type=definition.type,
                    )
                )

    @api.model
    def _active_slots(self):
        """Columns that have a definition in use, in display order: list of str."""
        # sudo: which slots are in use is needed to render any partner view
        return self.sudo().search([]).mapped("slot")
