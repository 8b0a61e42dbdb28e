from odoo import api, models


class MiniCrmIndustry(models.Model):
    _inherit = "mini_crm.industry"

    @api.model
    def _rule_parts(self):
        return [*super()._rule_parts(), ("segments", "mini_crm.segment")]
