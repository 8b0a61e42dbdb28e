import logging
import time
from operator import itemgetter
from typing import NamedTuple

import psycopg2
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

INLINE_CUSTOMERS = 100
INLINE_BUDGET = 0.2  # seconds
CLAIM_SIZE = 5000  # events of one worker step
SMALLER = 8  # a claim that fails is tried again with this part of its size
KEY = "mini_crm.queue"


class Listener(NamedTuple):
    """Who draws consequences from events: ``method`` of ``model``, by ``order``.

    :param frozenset[str] types: in the queue, of what it hears; empty: everything
    """

    order: int
    model: str
    method: str
    types: frozenset = frozenset()


class MiniCrmQueue(models.Model):
    """Events whose consequences are still to be drawn (docs/architecture.md, A6)."""

    _name = "mini_crm.queue"
    _description = "Events to Process"
    _log_access = False
    _order = "id"

    event_id = fields.Integer(required=True, help="0: no event tells of it.")
    partner_id = fields.Integer(required=True)
    type = fields.Char(required=True)
    error = fields.Char(help="Why the event could not be followed up; set aside.")

    @api.model
    def _event_listeners(self):
        """Who draws consequences from events: list of ``Listener``.

        Higher rooms append to it. A method is called with one argument, an SQL relation
        ``claimed`` of (event_id, partner_id, type), and handles all its rows at once,
        whether they are of its types or not; without a row of these it is not called.
        """
        return [Listener(0, "mini_crm.search", "_add_missing")]

    @api.model
    def _add_untold(self, partner_ids, kind):
        """Queue customers of whom a listener should know although no event tells.

        Listeners find no event of theirs; who knows the type does what it asks for.

        :param list[int] partner_ids: some thousands at most
        :param str kind: no type of an event
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_queue (event_id, partner_id, type)
                SELECT 0, customer.id, %s FROM unnest(%s::int[]) AS customer (id)
                RETURNING id""",
                kind,
                list(partner_ids),
            )
        )
        rows = self.env.cr.fetchmany(INLINE_CUSTOMERS + 1)
        if rows:
            self._schedule([row[0] for row in rows])

    @api.model
    def _schedule(self, queue_ids):
        """Bring the customers of these queue rows up to date before the commit.

        :param list[int] queue_ids: ids of new rows, at most ``INLINE_CUSTOMERS + 1``
        """
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            precommit.data[KEY] = []
            precommit.add(self._process_inline)
        precommit.data[KEY].extend(queue_ids)

    @api.model
    def _leave_to_worker(self):
        """Do not bring this transaction's customers up to date before its commit.

        For one of many transactions in a row: together it costs a fraction. Whoever
        calls wakes the worker, once for all of them.

        :return: whether there are rows for the worker
        :rtype: bool
        """
        return bool(self.env.cr.precommit.data.pop(KEY, None))

    @api.model
    def _process_inline(self):
        """Process this transaction's queue rows; never raise into the caller.

        More than ``INLINE_CUSTOMERS``, an error, or over ``INLINE_BUDGET`` seconds: the
        rows stay queued and the worker is woken.
        """
        queue_ids = self.env.cr.precommit.data.pop(KEY, [])
        if not queue_ids:
            return
        if len(queue_ids) > INLINE_CUSTOMERS or not self._try_inline(queue_ids):
            self._wake_worker()

    @api.model
    def _try_inline(self, queue_ids):
        """Process queue rows inside a savepoint: whether it worked."""
        self.env.flush_all()
        deadline = time.monotonic() + INLINE_BUDGET
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL("SET LOCAL statement_timeout = %s", int(INLINE_BUDGET * 1000))
                )
                self._run_listeners(
                    SQL("id = ANY(%s)", list(queue_ids)), deadline=deadline
                )
                self.env.flush_all()
                self.env.cr.execute("SET LOCAL statement_timeout = DEFAULT")
        except TimeoutError:
            _logger.info(
                "Events of %s rows left to the worker: over budget", len(queue_ids)
            )
        except psycopg2.Error as error:
            _logger.info("Events left to the worker: %s", error)
        except Exception:
            _logger.exception("Events left to the worker")
        else:
            return True
        self.env.transaction.clear()  # what was not flushed yet is undone as well
        return False

    @api.model
    def _run_listeners(self, condition, *, limit=CLAIM_SIZE, deadline=None):
        """Claim queue rows and let every listener handle them, in order.

        :param SQL condition: which rows; those set aside with an error never
        :param int limit: claim at most so many
        :param float deadline: monotonic time after which ``TimeoutError`` is raised
        :return: number of rows claimed
        """
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mini_crm_queue WHERE error IS NULL AND %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                condition,
                limit,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        # Not in one statement: statistics of a table that is empty most of the time say
        # that it is, and the planner would run the subquery once for each row.
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_queue WHERE id = ANY(%s)
                RETURNING event_id, partner_id, type""",
                ids,
            )
        )
        rows = self.env.cr.fetchall()
        if rows:
            events, partners, types = (
                list(column) for column in zip(*rows, strict=True)
            )
            claimed = SQL(
                "(SELECT * FROM unnest(%s::int[], %s::int[], %s::varchar[])"
                " AS c(event_id, partner_id, type))",
                events,
                partners,
                types,
            )
            for listener in sorted(self._event_listeners(), key=itemgetter(0, 1, 2)):
                if deadline and time.monotonic() > deadline:
                    raise TimeoutError
                if listener.types and listener.types.isdisjoint(types):
                    continue
                getattr(self.env[listener.model], listener.method)(claimed)
        return len(rows)

    @api.model
    def _wake_worker(self):
        """Have the worker look at the queue as soon as this transaction commits."""
        self.env.ref("mini_crm.ir_cron_mini_crm_queue")._trigger()

    @api.model
    def _cron_process(self):
        """Worker: process the queue in claims of ``CLAIM_SIZE``, one commit each.

        A claim that fails is tried again in smaller parts, down to the one row that is
        to blame; that row is set aside with its error, so it never blocks the others.
        """
        cron = self.env["ir.cron"]
        limit = CLAIM_SIZE
        while True:
            try:
                # alone with the row to blame: by its id, as another worker may have
                # claimed the first one meanwhile
                row_id = self._first_waiting() if limit == 1 else None
                condition = SQL("id = %s", row_id) if row_id else SQL("TRUE")
                done = self._run_listeners(condition, limit=limit)
                self.env.flush_all()
            except (SerializationFailure, DeadlockDetected):
                # somebody else changed the same customers: as good as not begun
                self.env.cr.rollback()
                continue
            except Exception as error:
                self.env.cr.rollback()
                if limit == 1:
                    self._set_aside(row_id, error)
                    cron._commit_progress(1)
                limit = max(1, limit // SMALLER)
                continue
            if not done or not cron._commit_progress(done, remaining=self._waiting()):
                break
            limit = min(CLAIM_SIZE, limit * SMALLER)

    @api.model
    def _waiting(self):
        """Number of rows that wait, at most ten claims' worth."""
        return self.search_count([("error", "=", False)], limit=CLAIM_SIZE * 10)

    @api.model
    def _first_waiting(self):
        """Id of the first row that waits, or ``None``."""
        return self.search([("error", "=", False)], order="id", limit=1).id or None

    @api.model
    def _set_aside(self, row_id, error):
        """Keep a row out of further claims, with its error."""
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_queue SET error = %s WHERE id = %s RETURNING event_id",
                f"{type(error).__name__}: {error}"[:1000],
                row_id,
            )
        )
        rows = self.env.cr.fetchall()
        _logger.error("Event %s set aside: %s", rows, error, exc_info=error)
