from odoo import fields, models

FUNCTION = "mini_crm_count_tagged"


class MiniCrmTagCount(models.Model):
    """How many customers tag rules have tagged, see ``mini_crm.rule.count``."""

    _name = "mini_crm.tag.count"
    _inherit = ["mini_crm.rule.count"]
    _description = "Differences of Tagged Customers"
    _log_access = False
    _rule_field = "rule_id"
    _function = FUNCTION
    _counted = "NOT declined"

    rule_id = fields.Many2one("mini_crm.tag.rule", required=True, ondelete="cascade")

    _rule_idx = models.Index("(rule_id)")
