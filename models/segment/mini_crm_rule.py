from odoo import api, models
from odoo.exceptions import ValidationError


class MiniCrmRule(models.AbstractModel):
    _inherit = "mini_crm.rule"

    @api.model
    def _kinds(self):
        return [*super()._kinds(), "mini_crm.segment"]

    @api.constrains("domain", "company_id")
    def _check_company_of_segments(self):
        """Segments that a rule asks for belong to its company."""
        segments = self.env["mini_crm.segment"]
        for rule in self:
            # sudo: only told apart by their company
            asked = segments.sudo().browse(segments._segments_named(rule.domain))
            if asked.exists().company_id - rule.company_id:
                raise ValidationError(
                    self.env._(
                        "%s asks for a segment of another company. Choose one of its"
                        " own company, or take the comparison out of the condition.",
                        rule.name,
                    )
                )
