from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.fields import SLOT_COUNTS, SLOTS, slot_type


class MiniCrmField(models.Model):
    """Which slot a definition gets, and who still needs it."""

    _inherit = "mini_crm.field"

    released = fields.Boolean(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        taken = set(self._slot_holders().mapped("slot"))
        for vals in vals_list:
            if "slot" not in vals:
                vals["slot"] = self._free_slot(vals.get("type", "text"), taken)
            taken.add(vals["slot"])
        return super().create(vals_list)

    @api.model
    def _slot_holders(self):
        return self.with_context(active_test=False).search([("slot", "!=", False)])

    @api.model
    def _free_slot(self, field_type, taken):
        for slot in SLOTS:
            if slot_type(slot) == field_type and slot not in taken:
                return slot
        raise UserError(self.env._("No slot of the type %s is left.", field_type))

    @api.model
    def slots(self):
        """How many slots there are: {type: {"all": int, "free": int, "archived": []}}.

        ``archived`` lists {id, name} of the archived fields that still hold one.
        """
        result = {
            kind: {"all": count, "free": count, "archived": []}
            for kind, count in SLOT_COUNTS.items()
        }
        for definition in self._slot_holders():
            of_type = result[definition.type]
            of_type["free"] -= 1
            if not definition.active:
                of_type["archived"].append(
                    {"id": definition.id, "name": definition.name}
                )
        return result

    def action_archive(self):
        self.write({"active": False})

    def restore(self, overflow=False):
        """Use an archived field again, with its values."""
        for definition in self:
            vals = {"active": True}
            if not definition.slot:
                taken = set(self._slot_holders().mapped("slot"))
                vals["slot"] = self._free_slot(definition.type, taken)
            definition.write(vals)

    def usages(self):
        """What uses these fields: list of {kind, name, model, id}."""
        return self._field_usages()

    def _field_usages(self):
        """Extension list of higher rooms: what uses these fields."""
        return []
