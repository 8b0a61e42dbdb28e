from odoo import api, models

from ..timeline.mini_crm_queue import Listener


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        """Workflows start after scores, segments and tags are right, and answered
        questions are taken."""
        triggers = Listener(60, "mini_crm.workflow", "_on_events")
        return [*super()._event_listeners(), triggers]
