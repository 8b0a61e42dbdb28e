from odoo import api, models

from ...engine.conditions import ConditionField, topic


class MiniCrmCondition(models.AbstractModel):
    """Conditions may ask for segments."""

    _inherit = "mini_crm.condition"

    @api.model
    def _condition_fields(self):
        return {
            **super()._condition_fields(),
            "segment_ids": ConditionField(
                kind="records",
                topic=topic("segment_ids"),
                label=self.env._("Segments"),
                model="mini_crm.segment",
                group="groups",
            ),
        }
