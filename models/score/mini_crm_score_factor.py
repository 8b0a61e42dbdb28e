from odoo import fields, models


class MiniCrmScoreFactor(models.Model):
    """Weight of a factor, or of a part of one, in the score (docs/architecture.md 9)."""

    _name = "mini_crm.score.factor"
    _description = "Score Factor"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True)
    parent_key = fields.Char(help="Key of the factor this one is a part of.")
    weight = fields.Float(required=True)
    sequence = fields.Integer(default=10)

    _key_uniq = models.Constraint("UNIQUE(key)", "Another factor has this key.")
