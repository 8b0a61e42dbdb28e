from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from ...engine.score_settings import MOST
from ...engine.scoring import FACTORS, FULL_COUNTS

RECENCY = "engagement.recency"  # the one whose value halves with time
COUNTS = ("weight", "full_marks", "half_life_days")


class MiniCrmScoreFactor(models.Model):
    """A factor of the score, or a part of one (docs/architecture.md): its settings.

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
    full_marks = fields.Integer(
        help="How many earn full marks: interactions, purchases, days as a customer, or"
        " purchases after the first."
    )
    half_life_days = fields.Integer(
        "Half-Life in Days", help="So many days after the last contact it counts half."
    )
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

    @api.constrains("full_marks", "half_life_days")
    def _check_numbers(self):
        """What the formula divides by is a number from 1 on."""
        for factor in self:
            asked = [
                (factor.key in FULL_COUNTS, factor.full_marks, MOST["full_counts"]),
                (factor.key == RECENCY, factor.half_life_days, MOST["half_life"]),
            ]
            for counts, value, most in asked:
                if counts and not 1 <= value <= most:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: enter a number from %(least)s to %(most)s.",
                            name=factor.name,
                            least=1,
                            most=most,
                        )
                    )

    def write(self, vals):
        result = super().write(vals)
        if any(name in vals for name in COUNTS):
            self.env["mini_crm.score.run"]._start("age")
        return result

    @api.ondelete(at_uninstall=False)
    def _keep_factors(self):
        known = {*FACTORS, *(f"{f}.{p}" for f, parts in FACTORS.items() for p in parts)}
        if known & set(self.mapped("key")):
            raise ValidationError(
                self.env._("A factor cannot be deleted. Give it the weight 0 instead.")
            )
