from odoo import api, models


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        """Workflows start after scores, segments and tags are right, and answered
        questions are taken."""
        listeners = super()._event_listeners()
        return [*listeners, (60, "mini_crm.workflow", "_on_events")]
