import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.workflow import Started, TimerDue, Unsent
from .mini_crm_workflow_run_question import FORGOTTEN
from .races import is_race

_logger = logging.getLogger(__name__)

CLAIM = 100  # runs of one commit
CRONS = ("ir_cron_mini_crm_workflow", "ir_cron_mini_crm_workflow_2")
TRIES = 5  # of a claim that others disturb
LATER = timedelta(minutes=2)  # for a run that others go on disturbing


class MiniCrmWorkflowRun(models.Model):
    """The door "timer": whatever is due goes on, also what somebody left half-way."""

    _inherit = "mini_crm.workflow.run"

    @api.model
    def _wake(self):
        """Have the workers look for what is due when this transaction has committed."""
        for name in CRONS:
            # sudo: whatever starts a run
            self.env.ref(f"mini_crm.{name}").sudo()._trigger()

    @api.model
    def _cron_due(self):
        """Worker: have runs that are due go on: claims of ``CLAIM``, one commit each.

        A run that fails is set aside by itself. A claim that meets others who change
        the same customers, or cannot be finished for whatever reason, is done again in
        smaller parts, down to the one run, which comes later if it goes on so.
        """
        self._ask_all_forgotten()
        limit, tries = CLAIM, 0
        while True:
            try:
                done, going_on = self._one_commit(limit, tries)
            except Exception as error:
                self.env.cr.rollback()
                if not is_race(error):
                    _logger.exception("A claim of %s workflow runs has failed", limit)
                if tries > TRIES:  # not even the first run can be put off
                    raise
                limit, tries = max(1, limit // 4), tries + 1
                continue
            if not done or not going_on:
                break
            limit, tries = min(CLAIM, limit * 4), 0

    @api.model
    def _one_commit(self, limit, tries):
        """Do a part of what there is to do, and commit it.

        :return: number of runs that were dealt with, and whether there is time for more
        :rtype: tuple[int, bool]
        """
        ended = self._end_some()
        done = self._work_off(limit) if tries < TRIES else self._postpone()
        self._leave_events_to_worker()
        # when none could be ended, others hold them: not at once again
        left = self._due_count() + (self._ending_count() if ended else 0)
        cron = self.env["ir.cron"]
        going_on = cron._commit_progress(done + ended, remaining=left)
        return done + ended, bool(going_on)

    @api.model
    def _ask_all_forgotten(self):
        """Have all questions go out that nothing keeps waiting; see ``_ask_forgotten``.

        Each run does it once, not each claim: there are hardly ever any.
        """
        cron = self.env["ir.cron"]
        while asked := self._ask_forgotten():
            self._leave_events_to_worker()
            if not cron._commit_progress(asked) or asked < FORGOTTEN:
                break

    @api.model
    def _leave_events_to_worker(self):
        """Have what follows from a claim be drawn by the worker, all at once."""
        self.env.flush_all()
        queue = self.env["mini_crm.queue"]
        if queue._leave_to_worker():
            queue._wake_worker()

    @api.model
    def _postpone(self):
        """Have the first run that is due come later: how many there were."""
        runs = self.sudo()._claim(1)  # sudo: the worker's
        runs.due_at = fields.Datetime.now() + LATER
        return len(runs)

    @api.model
    def _work_off(self, limit=CLAIM):
        """Claim runs that are due and have each go on: how many were claimed."""
        runs = self.sudo()._claim(limit)  # sudo: the worker's
        for run in runs:
            run._advance()
        runs._put_off_unmoved()
        return len(runs)

    def _due_event(self):
        """What happens to a run whose time has come: an event of the engine."""
        if not self.node:
            return self._first_event()
        waits = self.question == "open" and self._question_waits_to_be_sent()
        return Unsent() if waits else TimerDue()

    def _put_off_unmoved(self):
        """Have those of these runs come later that are due as before.

        None should be. One that was would come first in each claim, and hundred of them
        would let nobody else go on.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_workflow_run r SET due_at = %s
                WHERE r.id = ANY(%s) AND %s RETURNING r.id""",
                fields.Datetime.now() + LATER,
                list(self.ids),
                self._due_sql(),
            )
        )
        if rows:
            _logger.error("Workflow runs that are due and do not move: %s", rows)
            self.invalidate_recordset(["due_at"], flush=False)

    def _first_event(self):
        """``Started``, with the text of the message that has started this run."""
        run = self.sudo()  # sudo: runs and what caused them are the machine's
        definition = run.version_id.definition
        if definition["trigger"]["kind"] != "message_received" or not run.event_id:
            return Started()
        event = self.env["mini_crm.event"].sudo().browse(run.event_id).exists()
        if event.res_model == "mini_crm.message":
            message = self.env["mini_crm.message"].sudo().browse(event.res_id).exists()
            return Started(text=message.body or "")
        return Started(text=event.summary or "")

    @api.model
    def _claim(self, limit):
        """Lock runs that are due, the oldest first; those that others hold are theirs.

        Runs of a paused workflow wait until it goes on.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM mini_crm_workflow_run r
                WHERE %s ORDER BY r.due_at, r.id LIMIT %s
                FOR NO KEY UPDATE OF r SKIP LOCKED""",
                self._due_sql(),
                limit,
            )
        )
        runs = self.browse(row[0] for row in rows)
        runs.invalidate_recordset(flush=False)
        return runs

    @api.model
    def _due_count(self):
        """Number of runs that are due, at most ten claims' worth."""
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_workflow_run r
                WHERE %s LIMIT %s) due""",
                self._due_sql(),
                10 * CLAIM,
            )
        )
        return rows[0][0]

    @api.model
    def _due_sql(self):
        """SQL condition on a run ``r``: it is due, and its workflow goes on."""
        return SQL(
            """r.state IN ('running', 'waiting') AND r.due_at <= %s AND EXISTS (
                SELECT FROM mini_crm_workflow w
                WHERE w.id = r.workflow_id AND w.state = 'live' AND w.active)""",
            fields.Datetime.now(),
        )
