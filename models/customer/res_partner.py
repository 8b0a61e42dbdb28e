from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    source_id = fields.Many2one(
        "utm.source",
        ondelete="set null",
        index="btree_not_null",
        prefetch=False,  # Odoo's other screens read as many columns as without us
        groups="base.group_user",
        help="Where this customer came from first, e.g. Instagram.",
    )
    referred_by_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        index="btree_not_null",
        prefetch=False,
        groups="base.group_user",
    )

    # Who is a customer

    @api.model
    def _customer_condition(self, alias):
        """SQL condition: the partner of the row ``alias`` is a customer.

        The rule is the setting ``mini_crm.customer_rule`` (docs/architecture.md 4).

        :param str alias: alias of ``res_partner`` in the surrounding statement
        :rtype: SQL
        """
        partner = SQL.identifier(alias)
        evidence = self._customer_evidence_condition(alias)
        # sudo: the setting is the same for everybody
        rule = (
            self.env["ir.config_parameter"].sudo().get_param("mini_crm.customer_rule")
        )
        chosen = {
            "all": SQL("TRUE"),
            "active": evidence,
        }.get(rule, SQL("(%s.parent_id IS NULL OR %s)", partner, evidence))
        return SQL("(%s AND %s)", self._customer_eligible_condition(alias), chosen)

    @api.model
    def _customer_eligible_condition(self, alias):
        """SQL condition: the partner could be a customer at all, whatever the setting.

        Active, a contact rather than an address, nobody of the own staff, not the
        partner of an own company, and not somebody the shop only buys from.
        """
        partner = SQL.identifier(alias)
        condition = SQL(
            """(%(p)s.active AND %(p)s.type = 'contact'
            AND NOT EXISTS (SELECT FROM res_users u
                            WHERE u.partner_id = %(p)s.id AND u.share IS NOT TRUE)
            AND NOT EXISTS (SELECT FROM res_company c
                            WHERE c.partner_id = %(p)s.id))""",
            p=partner,
        )
        if "supplier_rank" in self._fields and "customer_rank" in self._fields:
            condition = SQL(
                "(%s AND (coalesce(%s.supplier_rank, 0) = 0 OR %s.customer_rank > 0))",
                condition,
                partner,
                partner,
            )
        return condition

    @api.model
    def _customer_evidence_condition(self, alias):
        """SQL condition: the partner has had dealings of his own with the shop."""
        evidence = self._customer_evidence(alias)
        return SQL("(%s)", SQL(" OR ").join(evidence)) if evidence else SQL("FALSE")

    @api.model
    def _customer_evidence(self, alias):
        """Extension list: SQL conditions of which any proves own dealings.

        Higher rooms append ``EXISTS (...)`` conditions on ``alias``.

        :rtype: list[SQL]
        """
        return []
