from odoo import api, models


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        # before everybody who looks at active customers only
        return [*super()._event_listeners(), (1, "res.partner", "_return_from_bin")]
