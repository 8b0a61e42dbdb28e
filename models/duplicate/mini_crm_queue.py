from odoo import api, models

from ..timeline.mini_crm_queue import Listener
from .mini_crm_duplicate_mark import TYPES


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        marks = Listener(90, "mini_crm.duplicate.mark", "_on_events", TYPES)
        return [*super()._event_listeners(), marks]
