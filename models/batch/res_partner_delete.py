from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Deleting by hand, from a form or a list: into the bin, with an undo.

    ``unlink()`` stays what Odoo does: other add-ons and the end of the bin need it.
    """

    _inherit = "res.partner"

    def delete_into_bin(self):
        """Put these contacts into the bin, at once (whoever may delete them).

        :return: ``{"batch_id": id for ``undo_delete``, or False, "count": number of
            contacts that are in the bin by now and were not before}``
        :rtype: dict
        :raises AccessError: if the user may not delete one of them
        :raises UserError: if Odoo, or another add-on, does not let one be deleted;
            nobody is deleted then
        """
        partners = self.exists()
        partners.check_access("unlink")
        for check in partners._ondelete_methods:
            check(partners)
        if not partners:
            return {"batch_id": False, "count": 0}
        batch = self.env["mini_crm.batch"]._delete_now(partners)
        return {"batch_id": batch.id, "count": batch.updated}

    @api.model
    def undo_delete(self, batch_id):
        """Take back a deletion by ``delete_into_bin`` (managers; others: their own).

        :param int batch_id: as it was told there
        :return: number of contacts that stay as they are, changed since
        :rtype: int
        :raises UserError: says why it cannot be taken back
        """
        # sudo: agents may not read batches; whose it is is checked here
        batch = self.env["mini_crm.batch"].sudo().browse(int(batch_id)).exists()
        if batch.kind != "bulk" or batch.settings.get("action") != "delete":
            raise UserError(self.env._("This deletion does not exist any more."))
        if batch.user_id != self.env.user or not self.has_access("unlink"):
            batch.sudo(False)._check_manager()
            batch.sudo(False).check_access("read")
        batch._check_undo()
        batch._set_undoing(undone_by_id=self.env.uid)
        while batch.state == "undoing":
            batch._as_user()._step(batch.total)
        return batch.kept
