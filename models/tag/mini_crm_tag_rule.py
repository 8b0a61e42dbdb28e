from odoo import fields, models


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
    tagged_count = fields.Integer(readonly=True, copy=False)

    _key_uniq = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "Another tag rule has this key."
    )
    # A change of the generation is one of a key: see ``mini_crm.rule._concerned``.
    _generation_uniq = models.UniqueIndex("(id, generation)")
