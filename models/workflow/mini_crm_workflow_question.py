from odoo import models


class MiniCrmWorkflow(models.Model):
    """A workflow that goes leaves no question behind that others queue for."""

    _inherit = "mini_crm.workflow"

    def unlink(self):
        # sudo: whoever may delete a workflow; its runs go with it
        runs = self.env["mini_crm.workflow.run"].sudo()
        asking = runs.search(
            [("workflow_id", "in", self.ids), ("question", "=", "open")]
        )
        identities = asking.identity_id
        asking.write({"question": False})
        for run in asking:
            run._unsent_of_question()._cancel()
        result = super().unlink()
        for identity in identities:
            runs._ask_next(identity)
        return result
