from odoo import api, models


class ResPartner(models.Model):
    """Whoever is archived leaves the workflows that he is in.

    Whoever moves to another company leaves those of the old one.
    """

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        leaves = vals.get("active") is False or vals.get("company_id")
        if leaves and self.ids:
            self._active_runs()._recheck()
        return result

    @api.model
    def _own_tables(self):
        return super()._own_tables() | {
            "mini_crm_workflow_run",
            "mini_crm_workflow_start",
        }

    def _archived_together(self):  # pylint: disable=missing-return
        super()._archived_together()
        self._active_runs()._recheck()

    def _active_runs(self):
        """Runs of these contacts that are under way, of all companies."""
        # sudo: whoever archives or merges contacts, no run is left behind
        runs = self.env["mini_crm.workflow.run"].sudo()
        return runs.search(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", ("running", "waiting")),
            ],
            order="id",
        )
