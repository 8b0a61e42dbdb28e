from odoo import api, fields, models


class MiniCrmTagRule(models.Model):
    """What people see of a tag rule: its sentence, and whom it has tagged."""

    _inherit = "mini_crm.tag.rule"

    sentence = fields.Char(
        compute="_compute_sentence", help="The condition in plain words."
    )
    tagged_count = fields.Integer("Tagged Customers", compute="_compute_tagged_count")
    is_shipped = fields.Boolean(compute="_compute_is_shipped")

    @api.depends("domain")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = self.env["mini_crm.condition"]._sentence(rule.domain)

    def _compute_tagged_count(self):
        counts = self.env["mini_crm.tag.count"]._of(self.ids)
        for rule in self:
            rule.tagged_count = counts.get(rule._origin.id, 0)

    @api.depends("key")
    def _compute_is_shipped(self):
        keys = {entry["key"] for entry in self._shipped()}
        for rule in self:
            rule.is_shipped = rule.key in keys

    def action_open_tagged(self):
        """Open who is tagged by this rule, since when and why: an action."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_tag_origin_action"
        )
        return {**action, "name": self.name, "domain": [("rule_id", "=", self.id)]}

    def action_open_customers(self):
        """Open the customers with this rule's tag, whoever put it on: an action."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_customer_action"
        )
        return {
            **action,
            "name": self.category_id.display_name,
            "domain": [
                ("journey_stage", "!=", False),
                ("category_id", "in", self.category_id.ids),
            ],
            # An address of its own would open all customers when it is loaded again.
            "path": False,
        }
