import logging
import time

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    OperationalError,
    SerializationFailure,
)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CONFLICTS = (SerializationFailure, DeadlockDetected, LockNotAvailable)
CHUNK_ROWS = 5_000  # rows of one transaction
SMALLER = 8  # a chunk that fails is tried again with this part of its size
KEEP_DAYS = 30  # files and rows of a finished batch
MANAGER = "mini_crm.mini_crm_group_manager"

# Which state may follow which.
MOVES = {
    "draft": {"checking", "running", "cancelled"},
    "checking": {"checking", "ready", "failed", "cancelled"},
    "ready": {"checking", "running", "cancelled"},
    "running": {"done", "failed", "cancelled"},
    "failed": {"checking", "running", "undoing"},
    "done": {"undoing"},
    "cancelled": {"undoing"},
    "undoing": {"undone", "failed"},
    "undone": set(),
}
ENDED = ("done", "cancelled", "failed", "undoing", "undone")  # nothing to cancel


class MiniCrmBatch(models.Model):
    """Work on many records: counted, resumable, reported row by row (A12).

    A worker claims a batch by locking its row, does one step and commits; whatever
    happens, the next step goes on after the last one that was committed.
    """

    _name = "mini_crm.batch"
    _description = "Batch"
    _order = "id desc"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("import_customers", "Import of customers"),
            ("import_purchases", "Import of purchases"),
            ("recalculate", "Recalculation of scores"),
            ("example", "Example shop"),
        ],
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    line_ids = fields.One2many("mini_crm.batch.line", "batch_id", "Rows")
    settings = fields.Json(
        help="How the work is to be done; for an import see staging."
    )

    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("checking", "Being checked"),
            ("ready", "Checked"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Stopped by an error"),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        index="btree",
    )
    total = fields.Integer("Rows in All", default=0, readonly=True)
    done = fields.Integer(
        "Rows Done", default=0, readonly=True, help="All but the failed ones."
    )
    failed = fields.Integer("Rows with a Problem", default=0, readonly=True)
    created = fields.Integer("New", default=0, readonly=True)
    updated = fields.Integer(default=0, readonly=True)
    unchanged = fields.Integer(default=0, readonly=True)
    skipped = fields.Integer(default=0, readonly=True)
    cursor = fields.Integer(
        default=0, readonly=True, help="Last row or id that is dealt with."
    )
    started_at = fields.Datetime("Started", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)
    error = fields.Char(readonly=True, help="Why the batch has stopped.")

    # Starting, cancelling

    @api.model
    def _check_manager(self):
        """Refuse who may not run batches.

        :raises AccessError: for everybody below manager
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers may import or change in bulk."))

    @api.model
    def _start(self, kind, **values):
        """A new batch that runs as the current user as soon as this is committed.

        :param str kind: a value of ``kind``
        :param values: further values of the batch; ``name`` is needed
        """
        self._check_manager()
        # sudo: nobody may write batches but this code
        batch = self.sudo().create({"kind": kind, **values})
        batch._set_running()
        return batch

    def action_cancel(self):
        """Stop these batches after the part they are at (managers).

        What has been done by then stays done.
        """
        self._check_manager()
        self.check_access("read")
        for batch in self:
            if batch.state in ENDED:
                raise UserError(self.env._("This batch has ended already."))
            # sudo: nobody may write batches but this code. A running batch's row is
            # locked by its worker: the request stands in a table of its own.
            self.env["mini_crm.batch.cancel"].sudo().create({"batch_id": batch.id})
        self._wake_worker()

    def action_resume(self):
        """Go on with batches that an error has stopped (managers)."""
        self._check_manager()
        self.check_access("read")
        for batch in self.filtered(lambda batch: batch.state == "failed"):
            # sudo: nobody may write batches but this code
            batch.sudo()._set_going()

    # States: one setter for each

    def _move(self, state, **values):
        for batch in self:
            if state not in MOVES[batch.state]:
                raise UserError(
                    self.env._(
                        "Batch “%(name)s” cannot go from %(old)s to %(new)s.",
                        name=batch.name,
                        old=batch.state,
                        new=state,
                    )
                )
        self.write({"state": state, **values})

    def _set_checking(self):
        self._move("checking", error=False, cursor=0)
        self._wake_worker()

    def _set_ready(self):
        self._move("ready", cursor=0)

    def _set_running(self):
        started = self.started_at or fields.Datetime.now()
        self._move("running", error=False, started_at=started, finished_at=False)
        self._wake_worker()

    def _set_going(self):
        """Go on with what an error has stopped."""
        self._set_running()

    def _set_done(self):
        self._move("done", finished_at=fields.Datetime.now())

    def _set_cancelled(self):
        self._move("cancelled", finished_at=fields.Datetime.now())

    def _set_failed(self, message):
        # an undo that stops does not lengthen the time in which it may be asked for
        ended = self.finished_at or fields.Datetime.now()
        self._move("failed", error=message, finished_at=ended)

    # The worker

    @api.model
    def _wake_worker(self):
        """Have the worker look for batches as soon as this transaction commits."""
        # sudo: whoever starts a batch need not see scheduled actions
        self.env.ref("mini_crm.ir_cron_mini_crm_batch").sudo()._trigger()

    @api.model
    def _claim(self):
        """The next batch with work, locked until the commit; empty when there is none.

        Checks and undos go first: somebody sits and waits for them. Batches that
        another worker has are passed over.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT id FROM mini_crm_batch b
            WHERE state IN ('checking', 'running', 'undoing')
                OR (state IN ('draft', 'ready') AND EXISTS (
                    SELECT FROM mini_crm_batch_cancel c WHERE c.batch_id = b.id))
            ORDER BY state = 'running', id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED"""
        )
        row = self.env.cr.fetchone()
        return self.browse(row)

    @api.model
    def _cron_process(self):
        """Worker: one step and one commit at a time, as long as there is work and time.

        A step that fails is tried again with fewer rows, down to the one row that is to
        blame: that one is reported as failed and the others go on.
        """
        cron = self.env["ir.cron"]
        limit, conflicts = CHUNK_ROWS, 0
        while batch := self._claim():
            try:
                worked = batch._as_user()._step(limit)
                self.env.flush_all()
            except CONFLICTS:
                # somebody else changed the same records: as good as not begun
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > 10:
                    raise
                time.sleep(0.05 * conflicts)
                continue
            except OperationalError:
                raise  # the database is away: the next run goes on from the last commit
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Batch %s, at most %s rows", batch.id, limit)
                if limit == 1 or not batch._as_user()._divisible():
                    batch._as_user()._blame(error)
                    cron._commit_progress(1, remaining=1)
                limit = max(1, limit // SMALLER)
                continue
            conflicts, limit = 0, min(CHUNK_ROWS, limit * SMALLER)
            if not cron._commit_progress(worked, remaining=self._waiting()):
                break

    @api.model
    def _waiting(self):
        """Number of rows that batches have still to do; at least 1 for each batch."""
        self.env.cr.execute(
            """SELECT coalesce(sum(greatest(1, total - done - failed)), 0)
            FROM mini_crm_batch WHERE state IN ('checking', 'running', 'undoing')"""
        )
        return self.env.cr.fetchone()[0]

    def _as_user(self):
        """This batch in the environment of who started it: company, language, zone.

        Superuser mode stays, as the rows of a batch are written by SQL anyway; writes
        of contacts through the ORM drop it again.
        """
        self.ensure_one()
        user = self._acting_user()
        return (
            self.with_user(user)
            .sudo()
            .with_context(
                lang=user.lang,
                tz=user.tz,
                allowed_company_ids=self.company_id.ids,
                mini_crm_batch_id=self.id,
                tracking_disable=True,
            )
        )

    def _acting_user(self):
        """Who has asked for what is being done: a record of ``res.users``."""
        return self.user_id

    def _step(self, limit):
        """Do the next part of the work, without a commit.

        :param int limit: at most so many rows
        :return: number of rows dealt with
        :rtype: int
        """
        self.ensure_one()
        if self.env["mini_crm.batch.cancel"].search_count([("batch_id", "=", self.id)]):
            self._set_cancelled()
            return 1
        return getattr(self, f"_step_{self.kind}")(limit)

    def _divisible(self):
        """Whether a step that failed may succeed with fewer rows."""
        return True

    def _blame(self, error):
        """A step failed that cannot be smaller: the batch stops, with the reason."""
        self._set_failed(f"{type(error).__name__}: {error}"[:1000])

    # Keeping

    @api.autovacuum
    def _gc_batches(self):
        """Forget files and rows: prepared ones after a day, others after 30 days.

        The counts of what ran stay. Personal data may not lie about for ever. Those of
        the example shop are what removes it, whenever that is.
        """
        self.env.cr.execute(
            SQL(
                """SELECT id, started_at IS NULL FROM mini_crm_batch b
                WHERE (started_at IS NULL AND state <> 'checking'
                    AND write_date < now() AT TIME ZONE 'utc' - interval '1 day')
                OR (finished_at < now() AT TIME ZONE 'utc' - make_interval(days => %s)
                    AND state NOT IN ('running', 'undoing') AND kind <> 'example'
                    AND NOT (%s) AND EXISTS (
                        SELECT FROM mini_crm_batch_line l WHERE l.batch_id = b.id))
                LIMIT 100""",
                KEEP_DAYS,
                self._still_wanted("b"),
            )
        )
        found = self.env.cr.fetchall()
        ids = [batch_id for batch_id, _never in found]
        self._drop_rows(ids)
        self.browse(batch_id for batch_id, never in found if never).unlink()
        self._forget_files(batch_id for batch_id, never in found if not never)
        return len(found), 0

    @api.model
    def _still_wanted(self, alias):
        """Extension: condition under which rows are kept for longer than 30 days.

        :param str alias: of ``mini_crm_batch``
        :rtype: SQL
        """
        return SQL("FALSE")

    @api.model
    def _forget_files(self, ids):
        """Extension: drop what finished batches keep besides their rows."""

    @api.model
    def _drop_rows(self, ids):
        """Delete the rows of batches."""
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_batch_line WHERE batch_id = ANY(%s)", ids)
        )
        self.env["mini_crm.batch.line"].invalidate_model()
        self.invalidate_model(["line_ids"])
