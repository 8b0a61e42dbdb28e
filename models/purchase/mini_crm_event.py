from odoo import fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[
            ("purchase_made", "Purchase"),
            ("purchase_refunded", "Refund"),
            ("purchase_changed", "Purchase corrected"),
        ],
        ondelete={
            "purchase_made": "cascade",
            "purchase_refunded": "cascade",
            "purchase_changed": "cascade",
        },
    )
