from odoo import models

CUSTOMER_MODEL = "res.partner"


class MailActivity(models.Model):
    """A task that somebody has done for a customer is told in his timeline."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        open_tasks = self.filtered(
            lambda task: task.active and task.res_model == CUSTOMER_MODEL
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        open_tasks.exists()._log_done(feedback)
        return result

    def _log_done(self, feedback):
        """Log task_completed of the customers whose tasks these are.

        :param str | bool feedback: what was said when it was done
        """
        # sudo: who may do a task need not see the customer; the log tells the truth
        tasks = self.sudo()
        partners = self.env["res.partner"].sudo().browse(set(tasks.mapped("res_id")))
        customers = set(partners._filter_customers().ids)
        for task in tasks.filtered(lambda task: task.res_id in customers):
            partners.browse(task.res_id)._log(
                "task_completed",
                summary=task.summary or task.activity_type_id.name or None,
                data=task._done_data(feedback),
                record=task,
            )

    def _done_data(self, feedback):
        """What the event of a task that was done tells: dict."""
        kind = self.activity_type_id
        data = {
            "activity_id": self.id,
            "activity_type_id": kind.id,
            "activity_type": kind.name,
            "user_id": self.user_id.id,
            "feedback": feedback,
        }
        return {name: value for name, value in data.items() if value}
