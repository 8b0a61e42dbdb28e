import logging
from datetime import timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .chosen import Chosen

_logger = logging.getLogger(__name__)

RANGE = 10_000  # customers of one step, one commit each
ATTEMPTS = 5  # of a step that others disturb
AGAIN = timedelta(minutes=1)  # then it is tried again
DAYS_KEPT = 30


class MiniCrmScoreRun(models.Model):
    """Work on the scores of all customers, in steps; goes on after a restart."""

    _name = "mini_crm.score.run"
    _description = "Recalculation of All Scores"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("age", "Scores"),
            ("details", "Filled details and scores"),
            ("recount", "Everything from the events"),
        ],
        required=True,
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")],
        string="Status",
        default="running",
        required=True,
    )
    day = fields.Date(required=True, default=fields.Date.today, help="When it began.")
    next_id = fields.Integer(help="Customers before this id are done.")
    done = fields.Integer()
    total = fields.Integer()

    _state_idx = models.Index("(id) WHERE state = 'running'")

    @api.model
    def _start(self, kind):
        """Have all customers recalculated as soon as possible.

        A running one of the same kind begins anew.

        :param str kind: "age" (scores only), "details" (and filled details), "recount"
            (and all counters from the events)
        :return: the run
        """
        # sudo: whoever may change what scores depend on has them recalculated
        runs = self.sudo()
        run = runs.search([("kind", "=", kind), ("state", "=", "running")], limit=1)
        total = self.env["mini_crm.profile"].sudo().search_count([])
        if run:
            run.write({"next_id": 0, "done": 0, "total": total})
        else:
            run = runs.create({"kind": kind, "total": total})
        self._wake_worker()
        return run

    @api.model
    def _wake_worker(self, moment=None):
        """Have open runs worked on: now, or at a moment (naive, UTC)."""
        cron = self.env.ref(
            "mini_crm.ir_cron_mini_crm_score_daily", raise_if_not_found=False
        )
        if cron:  # not while the add-on is being installed
            cron.sudo()._trigger(moment)

    @api.model
    def _work(self):
        """Do steps of the runs that are open, one commit each, until time is up."""
        cron = self.env["ir.cron"]
        attempts = 0
        while run := self.search([("state", "=", "running")], order="id", limit=1):
            try:
                done = run._step()
                self.env.flush_all()
            except (SerializationFailure, DeadlockDetected):
                # somebody else changed the same customers: as good as not begun
                self.env.cr.rollback()
                attempts += 1
                if attempts == ATTEMPTS:
                    _logger.info("Recalculation of scores put off: customers are busy")
                    self._wake_worker(fields.Datetime.now() + AGAIN)
                    break
                continue
            attempts = 0
            if not cron._commit_progress(done, remaining=self._remaining()):
                break

    def _step(self):
        """Do the next range of customers: how many they were."""
        self.ensure_one()
        ids = SQL(
            "SELECT id FROM mini_crm_profile WHERE id >= %s ORDER BY id LIMIT %s",
            self.next_id,
            RANGE,
        )
        self.env.cr.execute(SQL("SELECT max(id), count(*) FROM (%s) step", ids))
        last_id, count = self.env.cr.fetchone()
        if not count:
            self.state = "done"
            return 0
        self._recalculate(Chosen.between(self.next_id, last_id))
        self.write({"next_id": last_id + 1, "done": self.done + count})
        return count

    def _recalculate(self, chosen):
        """What this kind of run does to chosen customers."""
        profile = self.env["mini_crm.profile"]
        if self.kind == "recount":
            profile._refresh(chosen, quiet=True)
            return
        if self.kind == "details":
            profile._recount_details(chosen)
        profile._rescore(chosen.on(SQL("pr.id")), quiet=True)

    @api.model
    def _remaining(self):
        """Customers that the open runs have still to do, and one for each run's end."""
        runs = self.search([("state", "=", "running")])
        return sum(max(run.total - run.done, 0) + 1 for run in runs)

    @api.autovacuum
    def _gc_runs(self):
        """Forget runs that were done a month ago."""
        limit = fields.Date.subtract(fields.Date.today(), days=DAYS_KEPT)
        self.search([("state", "=", "done"), ("day", "<", limit)]).unlink()
