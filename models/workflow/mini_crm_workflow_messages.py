from odoo import api, models


class MiniCrmWorkflow(models.Model):
    """What goes with a workflow."""

    _inherit = "mini_crm.workflow"

    @api.ondelete(at_uninstall=False)
    def _unlink_cancels_messages(self):
        """Nothing goes out any more that its runs have queued."""
        # sudo: managers have no right to write messages
        self.env["mini_crm.message"].sudo().search(
            [
                ("workflow_run_id.workflow_id", "in", self.ids),
                ("state", "=", "queued"),
            ]
        )._cancel()
