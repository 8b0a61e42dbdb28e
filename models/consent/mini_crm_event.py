from odoo import fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[("consent_changed", "Consent changed")],
        ondelete={"consent_changed": "cascade"},
    )
