from odoo import api, models
from odoo.exceptions import ValidationError

CUSTOMER_RULE = "mini_crm.customer_rule"
ADVOCACY = ("mini_crm.advocacy_score", "mini_crm.advocacy_purchases")


class IrConfigParameter(models.Model):
    """Settings of the score room take effect when they change."""

    _inherit = "ir.config_parameter"

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        parameters._check_mini_crm()
        self._apply_mini_crm(parameters.mapped("key"))
        return parameters

    def write(self, vals):
        before = {parameter: parameter.value for parameter in self}
        result = super().write(vals)
        self._check_mini_crm()
        changed = self.filtered(lambda p: p.value != before[p])
        self._apply_mini_crm(changed.mapped("key"))
        return result

    def unlink(self):
        keys = self.mapped("key")
        result = super().unlink()
        self._apply_mini_crm(keys)
        return result

    def _check_mini_crm(self):
        """:raises ValidationError: on a value that no score could be computed with"""
        for parameter in self:
            if parameter.key in ADVOCACY and not parameter.value.isdecimal():
                raise ValidationError(
                    self.env._(
                        "%(key)s must be a whole number such as 5, not %(value)s.",
                        key=parameter.key,
                        value=parameter.value,
                    )
                )

    @api.model
    def _apply_mini_crm(self, keys):
        """Do what follows from a change of these settings."""
        if CUSTOMER_RULE in keys:
            self.env["mini_crm.profile"]._apply_customer_rule()
        if not set(ADVOCACY).isdisjoint(keys):
            self.env["mini_crm.score.run"]._start("age")
