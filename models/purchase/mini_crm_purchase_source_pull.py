import logging

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
)

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CHUNK = 5000  # documents of one step, one commit each
ATTEMPTS = 5  # of a step that others disturb
RECENT = 500  # documents that every pull looks for, in case they were deleted
LONGEST = SQL("interval '1 hour'")  # transaction that a pull waits for
LOOK_BACK = SQL("interval '1 day'")  # of the daily comparison
LARGE = 10_000  # rows from which a table needs an index on write_date
RESULT = ("entered", "corrected", "removed")


class MiniCrmPurchaseSource(models.Model):
    """The worker that pulls."""

    _inherit = "mini_crm.purchase.source"

    @api.model
    def _cron_pull(self):
        """Worker: bring the ledger up to the documents of every source."""
        sources = self.env["mini_crm.purchase"]._purchase_sources()
        if not sources:
            return
        self._prepare(sources)
        # Lines of an add-on that has just gone decide which invoices count.
        sources = self.env["mini_crm.purchase"]._purchase_sources()
        horizon = self._horizon()
        # The horizon holds for snapshots that are taken after it.
        self.env["ir.cron"]._commit_progress(0, remaining=1)
        for source in sources:
            if not self._pull(source, sources, horizon):
                return
        self.env["ir.cron"]._commit_progress(0, remaining=0)

    @api.model
    def _cron_compare(self):
        """Worker, once a day: look for what a pull cannot see.

        Documents that were deleted a while ago, and the changes of a transaction that
        took longer than ``LONGEST``.
        """
        sources = self.env["mini_crm.purchase"]._purchase_sources()
        if not sources:
            return
        states = self._prepare(sources)
        for source in sources:
            state = states[source.name]
            if not state._remove_gone(source, sources, SQL("TRUE")):
                return
        self.search([])._set(watermark=SQL("watermark - %s", LOOK_BACK))
        self.env["ir.cron"]._commit_progress(0, remaining=0)
        self._wake()

    @api.model
    def _horizon(self):
        """Changes that nobody sees yet have a ``write_date`` from here on (datetime).

        Odoo writes the time at which a transaction began; so does one that is still
        open when it ends. Those that take longer than ``LONGEST`` are left to the daily
        comparison.
        """
        self.env.cr.execute(
            SQL(
                """SELECT greatest(min(xact_start), now() - %s) AT TIME ZONE 'utc'
                    - interval '1 second' -- the clock may be set
                FROM pg_stat_activity WHERE datname = current_database()
                    AND backend_type = 'client backend'""",
                LONGEST,
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _pull(self, source, sources, horizon):
        """Work off what a source has to tell: False when time is up before the end."""
        state = self._by_name()[source.name]
        recent = SQL(
            """l.id IN (SELECT id FROM mini_crm_purchase
                WHERE source = %s AND document_id > 0
                ORDER BY document_id DESC LIMIT %s)""",
            source.name,
            RECENT,
        )
        if not state._remove_gone(source, sources, recent):
            return False
        if not state.counts:
            return True
        if not state.horizon:
            state._index_changes(source)
            if state.pulled_at and not state._next_documents(source, 1):
                return True  # nothing new: nothing is written
        return state._in_steps(lambda: state._advance(source, sources, horizon), CHUNK)

    def _remove_gone(self, source, sources, which):
        """Take out the lines whose documents are no more; False when time is up.

        :param SQL which: condition on ledger lines ``l``: where to look
        """
        if not self.counts:
            which = SQL("TRUE")
        return self._in_steps(lambda: self._advance_gone(source, sources, which), 1)

    def _in_steps(self, step, full):
        """Repeat a step, one commit each, until it does less than ``full``.

        :param step: function without arguments: how many documents it did
        :return: False when time is up before the end
        """
        cron = self.env["ir.cron"]
        attempts = 0
        while True:
            try:
                done = step()
                self.env.flush_all()
            except (SerializationFailure, DeadlockDetected):
                # somebody else changed the same lines: as good as not begun
                self.env.cr.rollback()
                attempts += 1
                if attempts == ATTEMPTS:
                    _logger.info("Pull of %s put off: its lines are busy", self.name)
                    return False
                continue
            attempts = 0
            time_left = not done or cron._commit_progress(done, remaining=1)
            if done < full:
                return True
            if not time_left:
                return False

    def _advance_gone(self, source, sources, which):
        """Take out a chunk of lines without a document: how many."""
        gone = SQL(
            "NOT EXISTS (SELECT FROM %s d WHERE d.id = l.document_id)",
            SQL.identifier(source.table),
        )
        self.env.cr.execute(
            SQL(
                """SELECT l.document_id FROM mini_crm_purchase l
                WHERE l.source = %s AND l.document_id > 0 AND %s AND %s LIMIT %s""",
                source.name,
                which,
                gone if self.counts else SQL("TRUE"),
                CHUNK,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if not ids:
            return 0
        self._add_result(self._follow(source, sources, ids))
        if self.counts:
            # The links of what was deleted are gone: who follows is read anew.
            followers = [s.name for s in sources if source.name in s.follows]
            states = self._by_name()
            self.browse(states[name].id for name in followers)._restart()
        return len(ids)

    def _begin(self, source, horizon):
        """Begin a pass: from the watermark, or at first over all documents."""
        total = SQL("0")
        if not self.watermark:
            total = SQL(
                "(SELECT count(*) FROM %s d WHERE %s)",
                SQL.identifier(source.table),
                source.among,
            )
        self._set(
            horizon=SQL("%s", horizon),
            cursor_date=SQL("watermark"),
            cursor_id=SQL("0"),
            total=total,
            done=SQL("0"),
            entered=SQL("0"),
            corrected=SQL("0"),
            removed=SQL("0"),
        )

    def _advance(self, source, sources, horizon):
        """Read the next documents of the pass: how many; fewer than a chunk end it.

        :param datetime horizon: of the pass, if one has to be begun
        """
        if not self.horizon:
            self._begin(source, horizon)
        rows = self._next_documents(source, CHUNK)
        # the first pass is over all that was ever bought
        way = {} if self.watermark else {"mini_crm_through": "import"}
        result = self.with_context(**way)._follow(
            source, sources, [row[0] for row in rows]
        )
        self._add_result(result, len(rows))
        if len(rows) == CHUNK:
            document_id, date = rows[-1]
            cursor = SQL("%s", date) if self.watermark else SQL("NULL")
            self._set(cursor_date=cursor, cursor_id=SQL("%s", document_id))
        else:
            self._set(
                watermark=SQL("horizon"),
                horizon=SQL("NULL"),
                cursor_date=SQL("NULL"),
                cursor_id=SQL("0"),
                pulled_at=SQL("now() AT TIME ZONE 'utc'"),
            )
        return len(rows)

    def _next_documents(self, source, limit):
        """The documents after the cursor: list of (id, write_date)."""
        self.ensure_one()
        # by SQL: the ORM's fields know no parts of a second
        self.env.cr.execute(
            SQL(
                """SELECT coalesce(cursor_date, watermark), cursor_id
                FROM mini_crm_purchase_source WHERE id = %s""",
                self.id,
            )
        )
        date, last_id = self.env.cr.fetchone()
        order = SQL("d.id")
        after = SQL("d.id > %s", last_id or 0)
        if date:
            order = SQL("d.write_date, d.id")
            after = SQL("(d.write_date, d.id) > (%s, %s)", date, last_id or 0)
        self.env.cr.execute(
            SQL(
                """SELECT d.id, d.write_date FROM %s d WHERE %s AND %s
                ORDER BY %s LIMIT %s""",
                SQL.identifier(source.table),
                after,
                source.among,
                order,
                limit,
            )
        )
        return self.env.cr.fetchall()

    def _add_result(self, result, read=0):
        """Add up what a step did."""
        self._set(
            done=SQL("coalesce(done, 0) + %s", read),
            **{
                name: SQL(
                    "coalesce(%s, 0) + %s", SQL.identifier(name), result.get(name, 0)
                )
                for name in RESULT
            },
        )

    @api.model
    def _follow(self, source, sources, ids):
        """Bring the lines of documents, and of those that follow them, up to date.

        :return: {"entered": int, "corrected": int, "removed": int}
        """
        if not ids:
            return {}
        states = self._by_name()
        ledger = self.env["mini_crm.purchase"]
        counts = states[source.name].counts
        results = [ledger._follow_documents(source, ids, counts=counts)]
        for follower in sources:
            state = states[follower.name]
            # One that has not begun its first pass reads everything anyway.
            begun = state.watermark or state.horizon
            if source.name in follower.follows and state.counts and begun:
                self.env.cr.execute(follower.follows[source.name](ids))
                theirs = sorted({row[0] for row in self.env.cr.fetchall() if row[0]})
                if theirs:
                    results.append(ledger._follow_documents(follower, theirs))
        return {name: sum(result[name] for result in results) for name in RESULT}

    def _index_changes(self, source):
        """Give a table that has become large an index to find its changes by.

        Not ``CONCURRENTLY``, which cannot be done inside a transaction: writers wait
        for a second or two, once. Who has the table locked is not waited for.
        """
        name = f"mini_crm_{source.table}_changes"
        self.env.cr.execute(
            SQL(
                """SELECT reltuples > %s AND to_regclass(%s) IS NULL FROM pg_class
                WHERE oid = to_regclass(%s)""",
                LARGE,
                name,
                source.table,
            )
        )
        if not self.env.cr.fetchone()[0]:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute("SET LOCAL lock_timeout = '2s'")
                self.env.cr.execute(
                    SQL(
                        "CREATE INDEX IF NOT EXISTS %s ON %s (write_date, id)",
                        SQL.identifier(name),
                        SQL.identifier(source.table),
                    )
                )
                self.env.cr.execute("SET LOCAL lock_timeout = DEFAULT")
            self.env["ir.cron"]._commit_progress(0, remaining=1)  # gives up the lock
        except LockNotAvailable:
            _logger.info("%s is busy: its index is made another time", source.table)
