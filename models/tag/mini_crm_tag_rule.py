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
    # A change of the generation is one of a key: see ``mini_crm.rule._concerned``.
    _generation_uniq = models.UniqueIndex("(id, generation)")

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.category_id and not self.name:
            self.name = self.category_id.name

    def write(self, vals):
        tags = {rule: rule.category_id for rule in self}
        result = super().write(vals)
        for rule, tag in tags.items():
            if rule.category_id != tag:
                rule._restart()
        return result

    def unlink(self):
        self._release(self.env._("The rule was deleted."))
        return super().unlink()
