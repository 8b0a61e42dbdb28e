from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _set_consent(self, channel_type, state, *, source, proof="", date=None):
        changed = super()._set_consent(
            channel_type, state, source=source, proof=proof, date=date
        )
        if changed:
            # sudo: the chats of the customer, whoever may see them
            self.env["mini_crm.identity"].sudo().search(
                [
                    ("partner_id", "in", changed.ids),
                    ("channel_id.type", "=", channel_type),
                ]
            )._reconsider()
        return changed
