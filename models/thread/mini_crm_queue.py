from odoo import api, models

from ..timeline.mini_crm_queue import Listener
from .mini_crm_event_said import HEARD


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        listeners = super()._event_listeners()
        return [*listeners, Listener(90, "mini_crm.event", "_tell_owners", HEARD)]
