from odoo import api, models


class MiniCrmRule(models.AbstractModel):
    _inherit = "mini_crm.rule"

    @api.model
    def _kinds(self):
        return [*super()._kinds(), "mini_crm.segment"]
