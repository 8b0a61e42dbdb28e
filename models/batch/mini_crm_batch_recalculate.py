from odoo import api, models
from odoo.tools import SQL

RANGE = 10_000  # customers of one step


class MiniCrmBatch(models.Model):
    """Recalculation of everybody's score as a batch: seen, counted, cancelled."""

    _inherit = "mini_crm.batch"

    @api.model
    def start_recalculation(self):
        """Count and score every customer anew (managers).

        :return: id of the batch
        :rtype: int
        """
        self._check_manager()
        # sudo: every profile counts, also of companies that the manager does not see
        total = self.env["mini_crm.profile"].sudo().search_count([])
        name = self.env._("Recalculation of scores")
        return self._start("recalculate", name=name, total=total).id

    @api.model
    def action_recalculate_all(self):
        """Count and score every customer anew and show how far it is (managers)."""
        return self.browse(self.start_recalculation()).action_follow()

    def _step_recalculate(self, limit):
        """The next range of customers, at the time at which the batch started."""
        self.env.cr.execute(
            SQL(
                """SELECT min(id), max(id), count(*) FROM (
                    SELECT id FROM mini_crm_profile WHERE id > %s
                    ORDER BY id LIMIT %s) step""",
                self.cursor,
                min(RANGE, limit * 2),
            )
        )
        first_id, last_id, count = self.env.cr.fetchone()
        if not count:
            self.total = self.done
            self._set_done()
            return 1
        self.env["mini_crm.profile"]._recalculate_range(
            first_id, last_id, self.started_at
        )
        self.write({"cursor": last_id, "done": self.done + count})
        return count

    def _move(self, state, **values):  # pylint: disable=missing-return
        super()._move(state, **values)
        ended = state in ("done", "failed", "cancelled")
        if ended and "recalculate" in self.mapped("kind"):
            # once, not after each step: rules are compared with everybody
            self.env["mini_crm.profile"]._untold(None)
