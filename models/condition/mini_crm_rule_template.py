from odoo import api, models


class MiniCrmRule(models.AbstractModel):
    """What a kind of rules tells the templates of industries."""

    _inherit = "mini_crm.rule"

    @api.model
    def _template_values(self, entry):
        """Values for ``create`` that an entry of a template brings besides the name and
        the condition; kinds add what they need: dict."""
        return {}

    def _template_state(self):
        """What people can change of a rule besides those: list of plain values."""
        return []

    def _drop_from_template(self):
        """Delete a rule that a template had brought."""
        self.unlink()

    def _usages(self):
        """Extension list: what uses this rule: list of ``{kind, name, model, id}``."""
        return []
