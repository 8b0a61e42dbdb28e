from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    purchase_ids = fields.One2many(
        "mini_crm.purchase",
        "partner_id",
        "Ledger",
        groups="mini_crm.mini_crm_group_agent",
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

    def _ledger_customer(self):
        """The partner whose purchase this one's is: itself, or its company if it is an
        address or otherwise no customer of its own."""
        self.ensure_one()
        eligible = self.env.execute_query(
            SQL(
                "SELECT %s FROM res_partner p WHERE p.id = %s",
                self._customer_eligible_condition("p"),
                self.id,
            )
        )
        return self if eligible[0][0] else self.commercial_partner_id
