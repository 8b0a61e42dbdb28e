import re

from odoo import api, models
from odoo.exceptions import UserError


class MiniCrmField(models.Model):
    """Custom fields that stored conditions ask for."""

    _inherit = "mini_crm.field"

    def _field_usages(self):
        found = super()._field_usages()
        for kind in self.env["mini_crm.rule"]._kinds():
            name = self.env["ir.model"]._get(kind).name
            found += self._used_by(name, self._rules_asking(kind))
        return found

    def _rules_asking(self, kind):
        """Rules of a kind whose condition asks for this field, archived ones too."""
        rules = self.env[kind].browse()
        if self.slot:
            rules |= self._rules_naming(kind, self.slot)
        if self.role == "birthday":
            rules |= self._rules_naming(kind, "birthday_period")
        return rules.sorted("id")

    def _rules_naming(self, kind, name):
        """Rules of a kind whose condition names a field of the contact."""
        # sudo: those of others break as well
        rules = self.env[kind].sudo().with_context(active_test=False)
        whole = re.compile(rf"\b{name}\b")
        candidates = rules.search([("domain", "like", name)])
        return candidates.filtered(lambda rule: whole.search(rule.domain))

    def _rebuild_rules(self):
        """Have rules that ask for these fields looked at again: they may be broken now,
        or healed."""
        for kind in self.env["mini_crm.rule"]._kinds():
            for definition in self:
                definition._rules_asking(kind).filtered("active")._rebuild()

    def release_slot(self):
        self._check_slot_not_asked_for()
        return super().release_slot()

    @api.ondelete(at_uninstall=False)
    def _check_slot_not_asked_for(self):
        """Refuse to free a slot that a condition names: it would then ask for whatever
        field gets the slot next.

        :raises UserError: with the rules to change first
        """
        for definition in self.filtered("slot"):
            for kind in self.env["mini_crm.rule"]._kinds():
                asking = definition._rules_naming(kind, definition.slot)
                if asking:
                    raise UserError(
                        self.env._(
                            "These ask for the field %(field)s: %(rules)s. Change their"
                            " conditions or delete them first.",
                            field=definition.name,
                            rules=", ".join(asking.mapped("name")),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(vals_list)
        # who asks for birthdays is broken until there is a field for them
        definitions.filtered("role")._rebuild_rules()
        return definitions

    def write(self, vals):
        asked = not {"active", "slot", "role"}.isdisjoint(vals)
        if asked:
            self._rebuild_rules()
        result = super().write(vals)
        if asked:
            self._rebuild_rules()
        return result
