"""Makes and drops the indexes of slots while everybody goes on working."""

import logging
import threading
import time
from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable

from odoo.modules.db import FunctionStatus
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ...engine.fields import slot_type
from ...engine.slot_indexes import PREFIX, TABLE, changes, wanted_indexes

_logger = logging.getLogger(__name__)

PATIENCE = 600  # seconds that a builder waits for long transactions to end
PAUSE = 1.0  # seconds between two looks
# Shorter than deadlock_timeout (1 s): should somebody wait for us while we wait for
# him, as an upgrade does that changes the table, it is we who give up.
LOCK_TIMEOUT = "900ms"
# A number that nobody else locks, for one builder at a time in a database.
LOCK = 7_204_519_031
HAS_VALUE = "bool_or(%s IS NOT NULL)"


def letters(registry):
    """What Odoo compares with ILIKE, with ``{}`` for the column; None: no trigrams.

    :param registry: of the database
    :rtype: str or None
    """
    if not registry.has_trigram:
        return None
    if registry.has_unaccent == FunctionStatus.INDEXABLE:
        return registry.unaccent("{}")
    # one that is not immutable cannot be indexed, but Odoo compares with it
    return None if registry.has_unaccent else "{}"


def wanted(cr, letters_compared):
    """Indexes that the definitions ask for: {name: definition}.

    None for a slot that is empty for everybody: every index there is costs whoever
    reads contacts some planning, and nobody looks for what is not there.
    """
    cr.execute(
        """SELECT slot FROM mini_crm_field
        WHERE active AND show_in_filter AND slot IS NOT NULL ORDER BY slot"""
    )
    slots = filled(cr, [row[0] for row in cr.fetchall()])
    return wanted_indexes(slots, letters_compared)


def filled(cr, slots):
    """Those of these slots in which anybody has a value; "no" is none: list."""
    if not slots:
        return []
    columns = [SQL.identifier(slot) for slot in slots]
    has_one = [
        SQL("bool_or(%s)" if slot_type(slot) == "boolean" else HAS_VALUE, column)
        for slot, column in zip(slots, columns, strict=True)
    ]
    # num_nonnulls: most contacts are passed over at one glance
    cr.execute(
        SQL(
            "SELECT %s FROM %s WHERE num_nonnulls(%s) > 0",
            SQL(", ").join(has_one),
            SQL.identifier(TABLE),
            SQL(", ").join(columns),
        )
    )
    return [slot for slot, any_ in zip(slots, cr.fetchone(), strict=True) if any_]


def existing(cr):
    """Indexes of slots that there are: {name: (valid, definition)}."""
    cr.execute(
        SQL(
            """SELECT c.relname, i.indisvalid, obj_description(c.oid, 'pg_class')
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = %s::regclass AND starts_with(c.relname, %s)""",
            TABLE,
            PREFIX,
        )
    )
    return {name: (valid, definition) for name, valid, definition in cr.fetchall()}


def outstanding(cr, registry):
    """What is to be done: (names to drop, names to make)."""
    return changes(wanted(cr, letters(registry)), existing(cr))


def start(db):
    """Let a thread of its own bring the indexes of a database up to date.

    Not the job itself: Odoo holds a transaction open as long as a job runs, and
    ``CREATE INDEX CONCURRENTLY`` waits for every transaction there is.
    """
    threading.Thread(
        target=_run, args=(db,), name=f"mini_crm.slot_indexes.{db}", daemon=True
    ).start()


def _run(db):
    threading.current_thread().dbname = db  # for the log
    try:
        build(db)
    except Exception:
        # The job comes round and tries again.
        _logger.exception("Indexes of custom fields could not be brought up to date")


def build(db, patience=PATIENCE):
    """Bring the indexes of a database up to date; one builder at a time.

    A builder that is killed leaves an unfinished index, which the next one drops.

    :param str db: its name
    :param float patience: seconds to wait for others' transactions
    :return: whether everything is done; False: somebody else is at it, or long
        transactions are in the way
    """
    registry = Registry(db)
    with _autocommit(db) as cr:
        cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", LOCK))
        if not cr.fetchone()[0]:
            return False
        try:
            return _Builder(cr, registry, time.monotonic() + patience).work()
        finally:
            cr.execute(SQL("SELECT pg_advisory_unlock(%s)", LOCK))


@contextmanager
def _autocommit(db):
    """A cursor outside of transactions, as CONCURRENTLY needs it."""
    with db_connect(db).cursor() as cr:
        cr._cnx.autocommit = True
        try:
            cr.execute(
                SQL("SET statement_timeout = 0; SET lock_timeout = %s", LOCK_TIMEOUT)
            )
            yield cr
        finally:
            # the connection goes back into Odoo's pool
            cr.execute("RESET statement_timeout; RESET lock_timeout")
            cr._cnx.autocommit = False


class _Builder:
    """One pass over what is outstanding.

    :param cr: cursor outside of transactions
    :param registry: of the database
    :param float deadline: by ``time.monotonic()``: how long to wait for others
    """

    def __init__(self, cr, registry, deadline):
        self.cr = cr
        self.registry = registry
        self.deadline = deadline
        self.made = 0

    def work(self):
        """Drop and make what is outstanding: whether nothing is left.

        Looks anew after each index: the definitions may have changed meanwhile.
        """
        while True:
            drop, make = outstanding(self.cr, self.registry)
            if not drop and not make:
                break
            if not self._calm():
                return False
            try:
                self._drop(drop[0]) if drop else self._make(make[0])
            except LockNotAvailable:
                _logger.debug("%s is busy: tried again", TABLE)
        if self.made:
            # The planner knows nothing yet of the expressions that are indexed.
            self.cr.execute(SQL("ANALYZE %s", SQL.identifier(TABLE)))
        return True

    def _calm(self):
        """Wait until no transaction is open that would be waited for.

        Waiting here costs nothing; inside ``CREATE INDEX CONCURRENTLY`` it would keep
        upgrades and VACUUM from the table, and what is built be lost.

        :return: False when time is up
        """
        while True:
            self.cr.execute(
                """SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_xmin IS NOT NULL
                    AND xact_start < clock_timestamp() - interval '0.5 s'"""
            )
            if not self.cr.fetchone()[0]:
                return True
            if time.monotonic() > self.deadline:
                return False
            time.sleep(PAUSE)

    def _drop(self, name):
        self.cr.execute(
            SQL("DROP INDEX CONCURRENTLY IF EXISTS %s", SQL.identifier(name))
        )
        _logger.info("Index %s dropped", name)

    def _make(self, name):
        began = time.monotonic()
        definition = wanted(self.cr, letters(self.registry))[name]
        self.cr.execute(
            SQL(
                "CREATE INDEX CONCURRENTLY %s ON %s %s",
                SQL.identifier(name),
                SQL.identifier(TABLE),
                SQL(definition),
            ),
            log_exceptions=False,
        )
        # What it is, so that one of an older definition is recognized.
        self.cr.execute(
            SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), definition)
        )
        self.made += 1
        _logger.info("Index %s made in %.1f s", name, time.monotonic() - began)
