from odoo import api, models


class MiniCrmQueue(models.Model):
    """Answers are heard before anything is started by the same message."""

    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        listeners = super()._event_listeners()
        return [*listeners, (50, "mini_crm.workflow.run", "_on_messages")]
