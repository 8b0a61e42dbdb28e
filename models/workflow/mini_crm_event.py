from odoo import api, fields, models


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    type = fields.Selection(
        selection_add=[("task_completed", "Task done")],
        ondelete={"task_completed": "cascade"},
    )

    @api.model
    def _named_records(self):
        return {
            **super()._named_records(),
            (("task_completed",), "activity_type_id"): (
                "mail.activity.type",
                "activity_type",
            ),
        }
