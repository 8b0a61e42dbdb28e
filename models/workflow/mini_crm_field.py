from odoo import models


class MiniCrmField(models.Model):
    """Workflows that name a field are told before it is archived."""

    _inherit = "mini_crm.field"

    def _field_usages(self):
        workflows = self.env["mini_crm.workflow"]
        users = workflows._that_name("field", self.key)
        if self.slot:
            users |= workflows._that_name("column", self.slot)
        return super()._field_usages() + users._usage_rows()
