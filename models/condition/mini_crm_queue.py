from odoo import api, models


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        return [*super()._event_listeners(), (30, "mini_crm.rule", "_on_events")]
