from odoo import fields, models

PORTION = 1_000  # customers judged at once, in one transaction


class MiniCrmBatch(models.Model):
    """Large selections enter a workflow as a batch: in portions, each its own commit.

    ``created`` counts who has entered, ``skipped`` whom the workflow did not let in.
    """

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("workflow_start", "Start of a workflow")],
        ondelete={"workflow_start": "cascade"},
    )

    def _step_workflow_start(self, limit):
        """Have the next portion of the chosen customers enter."""
        workflow = self.env["mini_crm.workflow"].browse(self.settings["workflow_id"])
        if not workflow.exists() or not workflow._is_going():
            self._set_failed(
                self.env._("The workflow does not run now. Resume it, then go on here.")
            )
            return 1
        ids = self.settings["ids"][self.cursor : self.cursor + min(limit, PORTION)]
        # what follows is no bulk change: somebody has chosen these customers
        starting = workflow.with_context(mini_crm_batch_id=None, tracking_disable=None)
        entered = len(starting._start(self.env["res.partner"].browse(ids)))
        self.write(
            {
                "cursor": self.cursor + len(ids),
                "done": self.done + len(ids),
                "created": self.created + entered,
                "skipped": self.skipped + len(ids) - entered,
            }
        )
        if self.cursor >= self.total:
            self.settings = {"workflow_id": workflow.id}
            self._set_done()
        return max(1, len(ids))
