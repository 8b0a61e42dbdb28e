from odoo import api, models


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        return [*super()._event_listeners(), (20, "mini_crm.profile", "_on_events")]
