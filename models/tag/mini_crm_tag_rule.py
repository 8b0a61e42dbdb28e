from odoo import api, fields, models


class MiniCrmTagRule(models.Model):
    """A tag that customers carry while a condition holds."""

    _name = "mini_crm.tag.rule"
    _inherit = ["mini_crm.rule"]
    _description = "Tag Rule"
    _order = "sequence, id"

    key = fields.Char(copy=False, help="Name for programs, of those that ship.")
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "res.partner.category", "Tag", required=True, ondelete="cascade"
    )
    origin_ids = fields.One2many("mini_crm.tag.origin", "rule_id", "Tagged")

    _key_uniq = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "Another tag rule has this key."
    )
    _category_idx = models.Index("(category_id)")

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.category_id and not self.name:
            self.name = self.category_id.name

    def _reason(self):
        """Why the rule tags a customer, in its owner's language: str."""
        self.ensure_one()
        lang = self.user_id.lang or self.env.lang
        return self.env["mini_crm.condition"]._sentence(self.domain, lang=lang)

    def write(self, vals):
        letting_go = self.browse()
        if vals.get("active") is False:
            letting_go = self.filtered("active")
        elif "category_id" in vals:
            letting_go = self.filtered(
                lambda rule: rule.category_id.id != vals["category_id"]
            )
        if letting_go:
            # another tag has been declined by nobody yet
            letting_go._release(
                self.env._("The rule was switched off or got another tag."),
                for_good="category_id" in vals,
            )
        return super().write(vals)

    def unlink(self):
        self._release(self.env._("The rule was deleted."), for_good=True)
        return super().unlink()
