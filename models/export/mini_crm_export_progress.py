from odoo import models
from odoo.exceptions import UserError


class MiniCrmExportLog(models.Model):
    """An export in the background, for the screen that waits for it."""

    _inherit = "mini_crm.export.log"

    def _start_batch(self):
        """Have the worker make the file."""
        # sudo: who may export need not be allowed to run other batches
        batch = self.env["mini_crm.batch"].sudo()
        batch = batch.create(
            {
                "kind": "export",
                "name": self.env._("Export: %s", self.about),
                "total": self.count,
            }
        )
        self.batch_id = batch
        batch._set_running()

    def progress(self):
        """How far this export is (its owner, administrators).

        - ``id``, ``state``, ``name``, ``count`` (number of customers), ``error``
        - ``percent``, 0 to 100, while it runs
        - ``url``: where the file is fetched

        :rtype: dict
        """
        self.ensure_one()
        self._check_allowed()
        self.check_access("read")
        # sudo: who may export need not be allowed to see batches
        batch = self.sudo().batch_id
        made = batch._rows_made() if self.state == "running" else 0
        return {
            "id": self.id,
            "state": self.state,
            "name": self.file_name,
            "count": self.count,
            "percent": min(99, 100 * made // (self.count or 1)),
            "error": batch.error or "",
            "url": self._url() if self.can_download else "",
        }

    def action_cancel(self):
        """Stop making the file (its owner, administrators)."""
        self.ensure_one()
        self._check_allowed()
        self.check_access("read")
        if self.state != "running":
            raise UserError(self.env._("This export has ended already."))
        # sudo: who may export need not be allowed to run batches
        batch = self.sudo().batch_id
        self.env["mini_crm.batch.cancel"].sudo().create({"batch_id": batch.id})
        batch._wake_worker()
        batch._stop_making()

    def action_again(self):
        """Make the file anew after an error (its owner, administrators)."""
        self.ensure_one()
        self._check_allowed()
        self.check_access("read")
        if self.state != "failed":
            raise UserError(self.env._("This export has not failed."))
        # sudo: see above
        self.sudo().batch_id._set_running()
        return self.progress()
