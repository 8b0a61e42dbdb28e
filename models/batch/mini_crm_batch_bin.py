from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .res_partner_bin import DELETED_AT_ONCE

ADMIN = "mini_crm.mini_crm_group_admin"


class MiniCrmBatch(models.Model):
    """Emptying the bin now, for good: the one batch that nothing brings back."""

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("empty_bin", "Emptying of the bin")],
        ondelete={"empty_bin": "cascade"},
    )

    @api.model
    def start_empty_bin(self):
        """Delete for good whoever is in the bin now (administrators).

        Those to whom other records refer stay archived, and say so.

        :return: id of the batch
        :rtype: int
        """
        if not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._("Only administrators may empty the bin."))
        partners = self.env["res.partner"].with_context(active_test=False)
        inside = [("binned_at", "!=", False), ("bin_note", "=", False)]
        total = partners.search_count(inside)
        name = self.env._("Emptying of the bin")
        return self._start("empty_bin", name=name, total=total).id

    @api.model
    def action_empty_bin(self):
        """Empty the bin and show how far it is (administrators)."""
        return self.browse(self.start_empty_bin()).action_follow()

    def _step_empty_bin(self, limit):
        """The next ones of those who were in the bin when this began."""
        # as the user: his rules and rights hold for who is deleted
        partners = self.env["res.partner"].sudo(False).with_context(active_test=False)
        mine = partners._search(
            [("binned_at", "<=", self.started_at), ("active", "=", False)]
        )
        condition = SQL("res_partner.id IN (%s)", mine.select())
        found = partners._binned(condition, self.cursor, min(limit, DELETED_AT_ONCE))
        if not found:
            self.total = self.done
            self._set_done()
            return 1
        last_id, count = found[-1].id, len(found)
        kept = found._delete_binned()
        self.write(
            {
                "cursor": last_id,
                "done": self.done + count,
                "updated": self.updated + count - len(kept),
                "skipped": self.skipped + len(kept),
            }
        )
        return count
