from odoo import api, models


class MiniCrmIndustry(models.Model):
    _inherit = "mini_crm.industry"

    @api.model
    def _rule_parts(self):
        return [*super()._rule_parts(), ("tag_rules", "mini_crm.tag.rule")]
