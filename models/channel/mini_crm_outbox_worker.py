import logging
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from psycopg2.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from odoo import api, models
from odoo.tools import SQL

from ...engine.outbox_pace import Pace
from .attempt import carry_out
from .provider_client import Unreachable

_logger = logging.getLogger(__name__)

CALLS = 8  # of providers at once, for each worker
WORKERS = 2  # cron records: each takes its share of a provider's limit
LONGEST_CALL = 360  # seconds; 50 MB go up, and the answer comes byte by byte
RECOVERY_EVERY = 5  # seconds
STAY = 15  # seconds; for what is due by then a worker waits
SHORTEST_NAP, LONGEST_NAP = 0.05, 1.0  # seconds
TRIES = 10  # to record a result beside others who write the same chat
OTHERS_AT_IT = (SerializationFailure, DeadlockDetected, UniqueViolation)


class _Run:
    """What one worker has under way.

    :param int number: of the worker
    """

    def __init__(self, number):
        self.number = number
        self.pool = ThreadPoolExecutor(CALLS, thread_name_prefix="mini_crm_outbox")
        self.pace = Pace(WORKERS)
        self.calls = {}  # future -> (attempt, when it must have ended)
        self.abandoned = []  # futures past that time, each still in a thread
        self.time_left = True  # to begin something new
        self.is_over = False  # the job's time is over, and there may be more to do
        self.stays = False
        self.too_fast = 0.0  # seconds until the pace allows a call that is due
        self.recovers_at = 0.0

    def begin(self, attempts):
        """Carry attempts out in threads."""
        for attempt in attempts:
            future = self.pool.submit(carry_out, attempt)
            self.calls[future] = (attempt, time.monotonic() + LONGEST_CALL)

    def finished(self, seconds):
        """Pairs of (attempt, outcome) of calls that have ended within some seconds."""
        done, _running = wait(self.calls, seconds, FIRST_COMPLETED)
        ended = [(self.calls.pop(future)[0], future.result()) for future in done]
        for future, (attempt, deadline) in list(self.calls.items()):
            if time.monotonic() > deadline:
                del self.calls[future]
                # one that no thread has begun with is not called any more
                begun = not future.cancel()
                if begun:
                    self.abandoned.append(future)
                ended.append((attempt, Unreachable("timeout", sent=begun)))
        return ended

    @property
    def free(self):
        """How many calls may begin: threads that hang are none (int)."""
        self.abandoned = [each for each in self.abandoned if not each.done()]
        return CALLS - len(self.calls) - len(self.abandoned)


class MiniCrmOutbox(models.Model):
    """The worker: claims what is due, calls providers, records what they said."""

    _inherit = "mini_crm.outbox"

    @api.model
    def _cron_send(self):
        """Send what is due, until nothing is or the job's time is over.

        No transaction is open while a provider is called, and each result is committed
        by itself. Two workers may run, and a third who is called by hand.
        """
        with self._worker() as number:
            run = _Run(number)
            try:
                while self._step(run):
                    pass
            finally:
                run.pool.shutdown(wait=False, cancel_futures=True)
            due_in = self._next_due()
            # what is due later, the job finds when it runs next, within a minute
            if run.is_over and due_in is not None and due_in <= STAY:
                self._wake()
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _step(self, run):
        """Claim, call, record: whether there is more to do.

        :param _Run run: of this worker
        """
        if time.monotonic() >= run.recovers_at:
            self._again_beside_others(lambda: self._recover(run.number))
            run.recovers_at = time.monotonic() + RECOVERY_EVERY
        if run.time_left and run.free > 0:
            claimed = self._again_beside_others(lambda: self._claim(run))
            # an error: what is under way is finished, the next run tries again
            run.time_left = claimed is not None
            run.begin(claimed or [])
        if run.calls:
            # with the pace of providers: others may be due before these have ended
            for attempt, outcome in run.finished(LONGEST_NAP / 4):
                self._again_beside_others(
                    lambda attempt=attempt, outcome=outcome: self._record(
                        attempt, outcome
                    )
                )
                self._look_at_the_time(run, done=1)
            return True
        return run.time_left and self._nap(run)

    @api.model
    def _nap(self, run):
        """Wait for what is due in a moment: whether there is such a thing."""
        if run.too_fast:
            time.sleep(run.too_fast)
            self._look_at_the_time(run)
            return True
        due_in = self._next_due()
        if due_in is None or due_in > STAY:
            return False
        run.stays = run.stays or self._try_to_wait()
        self._look_at_the_time(run)
        if not run.stays:
            return False
        time.sleep(min(max(due_in, SHORTEST_NAP), LONGEST_NAP))
        self._look_at_the_time(run)
        return True

    @api.model
    def _look_at_the_time(self, run, done=0):
        """Begin nothing new when the time of the job is over."""
        if self.env["ir.cron"]._commit_progress(done) <= 0:
            run.time_left, run.is_over = False, True

    @api.model
    def _again_beside_others(self, work):
        """Do a piece of work and commit it; again when others wrote the same rows.

        A claim must stand before the provider is called, a result as soon as it is
        known.

        :param work: function without arguments
        :return: what it returned; ``None`` when it did not work out: nothing of it is
            written, and the claims of a worker that has ended become uncertain
        """
        for _try in range(TRIES):
            try:
                result = work()
                self.env.flush_all()
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except OTHERS_AT_IT:
                self.env.cr.rollback()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("The outbox could not go on with a piece of work")
                return None
        _logger.warning("The outbox gave way %s times to others, and goes on", TRIES)
        return None

    @api.model
    def _next_due(self):
        """Seconds until something may be claimed, at least 0.0; ``None``: nothing is.

        Looked at is the beginning of the queue of each account, which is enough.
        """
        self.flush_model()
        now = self._now()
        self.env.cr.execute(
            SQL(
                """SELECT min(greatest(o.due_at, i.next_send_at, c.paused_until))
                FROM mini_crm_channel c
                CROSS JOIN LATERAL (
                    SELECT o.id, o.due_at, o.identity_id FROM mini_crm_outbox o
                    WHERE o.channel_id = c.id AND o.claimed_at IS NULL
                        AND o.due_at IS NOT NULL
                    ORDER BY o.due_at, o.id LIMIT 100) o
                JOIN mini_crm_identity i ON i.id = o.identity_id
                WHERE c.state = 'live' AND c.active AND NOT EXISTS (
                    SELECT FROM mini_crm_outbox e
                    WHERE e.identity_id = o.identity_id AND e.id < o.id
                        AND NOT coalesce(e.deferred, FALSE))"""
            )
        )
        due_at = self.env.cr.fetchone()[0]
        return None if due_at is None else max(0.0, (due_at - now).total_seconds())
