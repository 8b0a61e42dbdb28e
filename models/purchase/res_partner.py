from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    purchase_ids = fields.One2many(
        "mini_crm.purchase", "partner_id", "Ledger", groups="base.group_user"
    )

    @api.model
    def _customer_evidence(self, alias):
        return [
            *super()._customer_evidence(alias),
            SQL(
                "EXISTS (SELECT FROM mini_crm_purchase e WHERE e.partner_id = %s)",
                SQL.identifier(alias, "id"),
            ),
        ]
