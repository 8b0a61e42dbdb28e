from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    event_ids = fields.One2many(
        "mini_crm.event", "partner_id", "Events", groups="base.group_user"
    )

    @api.model
    def _customer_evidence(self, alias):
        return [
            *super()._customer_evidence(alias),
            SQL(
                """EXISTS (SELECT FROM mini_crm_event e WHERE e.partner_id = %s
                AND e.interaction IS NOT NULL)""",
                SQL.identifier(alias, "id"),
            ),
        ]
