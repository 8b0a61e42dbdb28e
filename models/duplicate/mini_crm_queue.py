from odoo import api, models


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        listeners = super()._event_listeners()
        return [*listeners, (90, "mini_crm.duplicate.mark", "_on_events")]
