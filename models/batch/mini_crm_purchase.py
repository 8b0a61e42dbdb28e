from odoo import fields, models


class MiniCrmPurchase(models.Model):
    _inherit = "mini_crm.purchase"

    source = fields.Selection(
        selection_add=[("import", "Import"), ("example", "Example shop")],
        ondelete={"import": "set default", "example": "set default"},
    )
