from odoo import fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[
            ("score_changed", "Score changed"),
            ("health_changed", "Health changed"),
            ("stage_changed", "Stage changed"),
        ],
        ondelete={
            "score_changed": "cascade",
            "health_changed": "cascade",
            "stage_changed": "cascade",
        },
    )
