from odoo import api, models

from ..timeline.mini_crm_queue import Listener
from .res_partner_bin import RETURNS


class MiniCrmQueue(models.Model):
    _inherit = "mini_crm.queue"

    @api.model
    def _event_listeners(self):
        # before everybody who looks at active customers only
        returns = Listener(1, "res.partner", "_return_from_bin", RETURNS)
        return [*super()._event_listeners(), returns]
