from odoo import api, models

from ..timeline.mini_crm_queue import Listener


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        rules = Listener(30, "mini_crm.rule", "_on_events")
        return [*super()._event_listeners(), rules]
