from odoo import api, models


class MiniCrmMessage(models.Model):
    """The gate knows e-mails from their events: they are no rows of this table."""

    _inherit = "mini_crm.message"

    @api.model
    def _gate_facts(self, identity, purpose, by_person):
        if identity.sudo().channel_id.type != "email":
            return super()._gate_facts(identity, purpose, by_person)
        return identity.partner_id._mail_facts(
            purpose, by_person, identity.state, identity.external_id
        )
