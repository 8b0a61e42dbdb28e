import json

from odoo import api, models

from ...engine.conditions import parse, problems, write_text

CUSTOM = "custom:"  # in front of the key of a custom field, where others have no column


class MiniCrmCondition(models.AbstractModel):
    """Conditions of templates, which know custom fields by their key."""

    _inherit = "mini_crm.condition"

    @api.model
    def _from_template(self, given):
        """A condition of a template with this shop's columns.

        :param str given: JSON of a list with ``custom:<key>`` for a column, e.g.
            ``[["custom:is_vip", "=", true]]``, ``custom:birth_date.month_number``
        :return: the text to store; None where a field is missing here, or has no column
        :rtype: str | None
        :raises ConditionProblem: the template itself is wrong
        """
        rules = self.env["mini_crm.field"]._rules()
        slots = {key: rule.slot for key, rule in rules.items()}
        missing = []

        def column(item):
            if not isinstance(item, list | tuple) or len(item) != 3:
                return item
            name, operator, value = item
            if isinstance(name, str) and name.startswith(CUSTOM):
                key, dot, part = name.removeprefix(CUSTOM).partition(".")
                name = f"{slots.get(key)}{dot}{part}"
                if not slots.get(key):
                    missing.append(key)
            return (name, operator, value)

        tree = parse([column(item) for item in json.loads(given)])
        if missing:
            return None
        found = problems(tree, self._known_fields())
        if any(problem.code == "field_gone" for problem in found):
            return None
        if found:
            raise found[0]
        return write_text(tree)
