from odoo import api, models

from ..timeline.mini_crm_queue import Listener
from .mini_crm_workflow_run_answer import EVENTS


class MiniCrmQueue(models.Model):
    """Answers are heard before anything is started by the same message."""

    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        answers = Listener(50, "mini_crm.workflow.run", "_on_messages", EVENTS)
        return [*super()._event_listeners(), answers]
