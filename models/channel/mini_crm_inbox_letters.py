from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

ADMIN = "mini_crm.mini_crm_group_admin"
KEEP_DAYS = 30
KEEP = "mini_crm.keep_deliveries_days"
STEP = 5_000  # rows deleted in one transaction


class MiniCrmInbox(models.Model):
    """Dead letters: what people do with them; and how long deliveries are kept."""

    _inherit = "mini_crm.inbox"

    def action_retry(self):
        """Have these dead letters read again (administrators), e.g. after an update.

        :return: client action that says so
        """
        self._change_dead("new", error=None)
        self._wake_workers()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("They are being read again."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_discard(self):
        """Leave these dead letters unread (administrators)."""
        self._change_dead("discarded")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _change_dead(self, state, **values):
        if not (self.env.su or self.env.user.has_group(ADMIN)):
            raise AccessError(
                self.env._("Only administrators may deal with dead letters.")
            )
        self.check_access("read")
        # sudo: nobody may write deliveries but this code
        dead = self.sudo().filtered(lambda row: row.state == "dead")
        if not dead:
            raise UserError(
                self.env._("None of these is a dead letter: reload the list.")
            )
        dead.write({"state": state, **values})

    @api.autovacuum
    def _gc_deliveries(self):
        """Forget deliveries that have been dealt with, after a while.

        :return: number of rows deleted, and of those known to be left
        :rtype: tuple[int, int]
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_inbox WHERE id IN (
                    SELECT i.id FROM mini_crm_inbox i
                    WHERE i.state IN ('done', 'discarded') AND i.received_at <
                        now() AT TIME ZONE 'utc' - make_interval(days => %s)
                    AND NOT EXISTS (SELECT FROM mini_crm_inbox part
                        WHERE part.parent_id = i.id
                        AND part.state NOT IN ('done', 'discarded'))
                    ORDER BY i.id LIMIT %s)""",
                self._keep_days(),
                STEP,
            )
        )
        deleted = self.env.cr.rowcount
        return deleted, int(deleted == STEP)

    @api.model
    def _keep_days(self):
        """How long a delivery is kept after it has been dealt with, in days."""
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(KEEP)
        return int(value) if value and value.isdecimal() and int(value) else KEEP_DAYS
