import re

from odoo import models


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
        # sudo: those of others break as well
        rules = self.env[kind].sudo().with_context(active_test=False)
        words = []
        if self.slot:
            words.append(self.slot)
        if self.role == "birthday":
            words.append("birthday_period")
        found = rules.browse()
        for word in words:
            whole = re.compile(rf"\b{word}\b")
            found |= rules.search([("domain", "like", word)]).filtered(
                lambda rule, whole=whole: whole.search(rule.domain)
            )
        return found.sorted("id")

    def _rebuild_rules(self):
        """Have rules that ask for these fields looked at again: they may be broken now,
        or healed."""
        for kind in self.env["mini_crm.rule"]._kinds():
            for definition in self:
                definition._rules_asking(kind).filtered("active")._rebuild()

    def write(self, vals):
        asked = "active" in vals or "slot" in vals
        if asked:
            self._rebuild_rules()
        result = super().write(vals)
        if asked:
            self._rebuild_rules()
        return result
