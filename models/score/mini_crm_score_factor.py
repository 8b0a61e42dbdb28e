from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from ...engine.scoring import FACTORS


class MiniCrmScoreFactor(models.Model):
    """Weight of a factor, or of a part of one, in the score (docs/architecture.md).

    Weights count in proportion to those of their sisters.
    """

    _name = "mini_crm.score.factor"
    _description = "Score Factor"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True, readonly=True)
    parent_key = fields.Char(
        readonly=True, help="Key of the factor this one is a part of."
    )
    weight = fields.Float(required=True)
    sequence = fields.Integer(default=10)

    _key_uniq = models.Constraint("UNIQUE(key)", "Another factor has this key.")
    _weight_check = models.Constraint(
        "CHECK (weight >= 0)",
        "A weight cannot be less than 0. Use 0 to ignore the factor.",
    )

    @api.constrains("weight", "parent_key")
    def _check_sum(self):
        for parent in {factor.parent_key for factor in self}:
            sisters = self.search([("parent_key", "=", parent)])
            if not any(sisters.mapped("weight")):
                raise ValidationError(
                    self.env._(
                        "All of %(names)s weigh 0. Give at least one of them a weight.",
                        names=format_list(self.env, sisters.mapped("name")),
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "weight" in vals:
            self.env["mini_crm.score.run"]._start("age")
        return result

    @api.ondelete(at_uninstall=False)
    def _keep_factors(self):
        known = {*FACTORS, *(f"{f}.{p}" for f, parts in FACTORS.items() for p in parts)}
        if known & set(self.mapped("key")):
            raise ValidationError(
                self.env._("A factor cannot be deleted. Give it the weight 0 instead.")
            )
