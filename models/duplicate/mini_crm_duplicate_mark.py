import math
import time

from odoo import api, fields, models
from odoo.tools import SQL

from ..batch.mini_crm_batch import CONFLICTS

TYPES = frozenset({"customer_created", "field_updated", "customers_merged"})
STEP = 500  # customers of one transaction
PORTION = 50  # of them compared at a time
SECONDS = 10  # after which a step ends: who is not compared by then stays marked
ATTEMPTS = 5  # of a step that others disturb


class MiniCrmDuplicateMark(models.Model):
    """Customers who have changed and are still to be compared.

    Only ever added to and taken away: two that change the same customer side by side
    never wait for each other here.
    """

    _name = "mini_crm.duplicate.mark"
    _description = "Customer to Compare"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Integer(required=True)

    @api.model
    def _on_events(self, claimed):
        """Listener: mark the customers of these events."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate_mark (partner_id)
                SELECT DISTINCT c.partner_id FROM %s c WHERE c.type = ANY(%s)""",
                claimed,
                list(TYPES),
            )
        )

    @api.model
    def _cron_compare(self):
        """Worker: compare marked customers, one commit for each step.

        While everybody is compared marks wait: they tell of changes since.
        """
        cron, attempts = self.env["ir.cron"], 0
        while not self.env["mini_crm.batch"]._duplicate_run():
            try:
                done = self._step()
                self.env.flush_all()
            except CONFLICTS:
                # somebody decides about the same pairs: as good as not begun
                self.env.cr.rollback()
                attempts += 1
                if attempts > ATTEMPTS:
                    raise
                time.sleep(0.05 * attempts)
                continue
            attempts = 0
            if not done or not cron._commit_progress(done, remaining=self._waiting()):
                break

    @api.model
    def _waiting(self):
        """Number of marks."""
        return self.env.execute_query(
            SQL("SELECT count(*) FROM mini_crm_duplicate_mark")
        )[0][0]

    @api.model
    def _step(self):
        """Compare the next marked customers: how many marks that were.

        It ends in time however much there is to compare; what is done is kept.
        """
        until = time.monotonic() + SECONDS
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_duplicate_mark WHERE id IN (
                    SELECT id FROM mini_crm_duplicate_mark ORDER BY id LIMIT %s
                    FOR UPDATE SKIP LOCKED) RETURNING partner_id""",
                STEP,
            )
        )
        marked = [row[0] for row in self.env.cr.fetchall()]
        if not marked:
            return 0
        left = self._compare(sorted(set(marked)), until)
        self._mark(left)
        return len(marked) - len(left)

    def _compare(self, partner_ids, until=math.inf):
        """Read customers anew and compare them with everybody.

        :param list[int] partner_ids: some hundreds at most
        :param float until: when to stop, by ``time.monotonic``
        :return: ids of those who were not compared by then; not all of them
        :rtype: list[int]
        """
        figures, left = self._read(partner_ids), list(partner_ids)
        while left:
            portion, left = left[:PORTION], left[PORTION:]
            self.env["mini_crm.duplicate"]._compare_customers(portion, figures)
            if time.monotonic() >= until:
                break
        return left

    def _mark(self, partner_ids):
        """Mark customers: they are still to be compared."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate_mark (partner_id)
                SELECT unnest(%s::int[])""",
                partner_ids,
            )
        )

    def _read(self, partner_ids):
        """Read customers anew, and what is common since: ``Figures``."""
        traits, words = (
            self.env[f"mini_crm.duplicate.{name}"] for name in ("trait", "word")
        )
        self.env.cr.execute(
            SQL(
                "SELECT id FROM mini_crm_duplicate_trait WHERE id = ANY(%s)",
                partner_ids,
            )
        )
        known = {row[0] for row in self.env.cr.fetchall()}
        figures = words._figures()
        read = traits._renew(SQL("p.id = ANY(%s)", partner_ids), figures)
        traits._drop_others(SQL("t.id = ANY(%s)", partner_ids))
        new = [one for partner_id, one in read if partner_id not in known]
        if new:
            words._count(new)
        words._find_crowds(partner_ids)
        return words._figures()
