from odoo import models

from .mini_crm_batch import MANAGER


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Whether the example shop is there, or may be offered: for managers only."""
        info = super().session_info()
        if self.env.user.has_group(MANAGER):
            info["mini_crm_example"] = self.env["mini_crm.batch"]._example_state()
        return info
