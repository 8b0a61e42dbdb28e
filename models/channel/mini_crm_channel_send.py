from odoo import models
from odoo.tools import SQL


class MiniCrmChannel(models.Model):
    """What waits while an account is not connected."""

    _inherit = "mini_crm.channel"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "live" or vals.get("active"):
            self._reconsider()
        return result

    def _reconsider(self):
        """Look again at what waits for these accounts: they are connected again."""
        # sudo: nobody reads the outbox but this room
        outbox = self.env["mini_crm.outbox"].sudo()
        if self.ids:
            outbox._reconsider(SQL("o.channel_id = ANY(%s)", list(self.ids)))
            outbox._wake()
