from odoo import api, models


class MiniCrmQueue(models.Model):
    """What people did to tags is logged before rules draw their consequences.

    Otherwise the rules' tags would be told as theirs.
    """

    _inherit = "mini_crm.queue"

    @api.model
    def _process_inline(self):
        self.env["res.partner"].sudo()._log_changes()  # sudo: as at the commit
        return super()._process_inline()
