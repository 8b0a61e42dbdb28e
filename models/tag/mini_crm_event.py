from odoo import api, models

OF_TAGS = ("tag_added", "tag_removed")


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    @api.model
    def _named_records(self):
        return {
            **super()._named_records(),
            (OF_TAGS, "tag_id"): ("res.partner.category", "tag"),
            (OF_TAGS, "rule_id"): ("mini_crm.tag.rule", "rule"),
        }
