from odoo import api, models
from odoo.exceptions import UserError

from ...engine.fields import SLOTS, slot_type


class MiniCrmField(models.Model):
    """Stand-in for the allocation of slots: to be replaced by the real one."""

    _inherit = "mini_crm.field"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "slot" not in vals:
                taken = self.with_context(active_test=False).search([]).mapped("slot")
                free = [
                    slot
                    for slot in SLOTS
                    if slot_type(slot) == vals.get("type") and slot not in taken
                ]
                if not free:
                    raise UserError(self.env._("No slot of this type is free."))
                vals["slot"] = free[0]
        return super().create(vals_list)

    def slots(self):
        taken = self.with_context(active_test=False).search([])
        result = {}
        for slot in SLOTS:
            one = result.setdefault(
                slot_type(slot), {"all": 0, "free": 0, "archived": []}
            )
            one["all"] += 1
            holder = taken.filtered(lambda d, slot=slot: d.slot == slot)
            one["free"] += not holder
            if holder and not holder.active:
                one["archived"].append({"id": holder.id, "name": holder.name})
        return result

    def usages(self):
        return []

    def action_archive(self):
        self.active = False

    def restore(self):
        self.active = True

    def release_slot(self):
        self.slot = False


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _custom_problems(self, values_by_key, extra=False):
        rules = self.env["mini_crm.field"]._rules()
        vals = {rules[key].slot: value for key, value in values_by_key.items()}
        problems = [
            {"key": key, "code": "too_long", "message": "Too long"}
            for key, value in values_by_key.items()
            if rules[key].max_length and len(value) > rules[key].max_length
        ]
        return vals, problems
