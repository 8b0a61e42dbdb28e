import dataclasses
import json
import logging
import time
from datetime import datetime
from typing import NamedTuple

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    OperationalError,
    SerializationFailure,
    UniqueViolation,
)

from odoo import api, models
from odoo.tools import SQL

from ...engine import instagram, telegram
from ...engine.chat_items import Message, Poison
from .waking import QUEUE_JOB, wake

_logger = logging.getLogger(__name__)

# Somebody else has changed the same rows: as good as not begun.
CONFLICTS = (SerializationFailure, DeadlockDetected, LockNotAvailable, UniqueViolation)
MOST_CONFLICTS = 20  # of one part; more are no coincidence
# With more deliveries waiting, or parts of one, scores and what follows from them are
# brought up to date for many customers at once, by the worker of events.
BURST = 20
# In a burst the worker of events is woken after so many parts: in one process it takes
# the processor from those who answer the providers, and costs little more for all of
# these than for one.
TOGETHER = 50
WAIT_HOURS = 24  # for the message that a part belongs to
ERROR_LENGTH = 1000


@dataclasses.dataclass
class Run:
    """What one run of a worker remembers."""

    read: dict = dataclasses.field(default_factory=dict)  # see ``_work_off``
    left: int = 0  # parts left to the worker of events since that was woken


class Claim(NamedTuple):
    """A row of the inbox that this worker works off, locked until the commit."""

    row_id: int
    kind: str
    position: int
    waited: bool  # in vain, for the message that it belongs to
    delivery_id: int  # where its bytes are: itself, or the delivery that it is part of
    received_at: datetime  # UTC


class MiniCrmInbox(models.Model):
    """The worker: one transaction for each part of a delivery."""

    _inherit = "mini_crm.inbox"

    @api.model
    def _cron_process(self):
        """Worker: deal with what has been delivered, part by part.

        A part that fails becomes a dead letter, and the rest goes on. After a crash the
        next worker goes on behind the last part that was committed.
        """
        run, conflicts = Run(), 0
        while True:
            claim = None
            try:
                claim = self._next_claim()
                if not claim:
                    # what others have claimed is theirs
                    self._end(run, remaining=0)
                    return
                time_left = self._work_off(claim, run)
            except CONFLICTS as error:
                self.env.cr.rollback()
                conflicts += 1
                if conflicts < MOST_CONFLICTS:
                    time.sleep(0.01 * conflicts)
                    continue
                if not claim:
                    raise
                time_left = self._blame(claim, run.read, error)
            except OperationalError:
                raise  # the database is away: the next run goes on from the last commit
            except Exception as error:
                self.env.cr.rollback()
                time_left = self._blame(claim, run.read, error)
            conflicts = 0
            if not time_left:
                self._end(run)
                return

    @api.model
    def _end(self, run, remaining=None):
        """End a run: what it has left to the worker of events waits no longer."""
        if run.left:
            wake(self.env, QUEUE_JOB)
        self.env["ir.cron"]._commit_progress(remaining=remaining)

    @api.model
    def _work_off(self, claim, run):
        """Deal with one part, and commit that.

        :param Run run: its ``read`` holds the items of the delivery at hand, by its id
        :return: time left for this run of the worker, in seconds
        """
        read = run.read
        if claim.delivery_id not in read:
            read.clear()
            read[claim.delivery_id] = self._items(claim)
        items = read[claim.delivery_id]
        self._deal_with(claim, items)
        self.env.flush_all()
        waiting = self._waiting()
        if claim.kind == "body":
            # it counts as one already while there is any part of it left
            waiting += max(0, len(items) - claim.position - 2)
        left = run.left
        if waiting > BURST and self.env["mini_crm.queue"]._leave_to_worker():
            left += 1
        if left >= TOGETHER or (left and waiting <= BURST):
            wake(self.env, QUEUE_JOB)
            left = 0
        time_left = self.env["ir.cron"]._commit_progress(1, remaining=waiting)
        run.left = left  # now that it is committed
        return time_left

    @api.model
    def _next_claim(self):
        """The next row with work, or ``None``.

        When there is none: parts that waited for a message which has come since, and
        those that have waited long enough.
        """
        return self._claim() or (self._release_parked() and self._claim()) or None

    @api.model
    def _claim(self, condition=None):
        """Lock the first row that nobody works at: ``Claim`` or ``None``.

        Those that nobody has begun with come first: a delivery of 1,000 parts keeps
        nobody else waiting.

        :param SQL condition: only among these rows
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id, kind, position, waits_for IS NOT NULL AND received_at <
                    now() AT TIME ZONE 'utc' - make_interval(hours => %s),
                    coalesce(parent_id, id), received_at
                FROM mini_crm_inbox WHERE state = 'new' AND %s
                ORDER BY position > 0, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                WAIT_HOURS,
                condition or SQL("TRUE"),
            ),
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        return Claim(*row) if row else None

    @api.model
    def _release_parked(self):
        """Have parts taken up again whose message is there, or will not come.

        :return: number of rows
        :rtype: int
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_inbox SET state = 'new' WHERE id IN (
                    SELECT i.id FROM mini_crm_inbox i
                    WHERE i.state = 'parked' AND (i.received_at <
                        now() AT TIME ZONE 'utc' - make_interval(hours => %s)
                        OR EXISTS (SELECT FROM mini_crm_message m
                            WHERE m.channel_id = i.channel_id
                            AND m.external_id = i.waits_for)
                        OR EXISTS (SELECT FROM mini_crm_identity who
                            WHERE who.channel_id = i.channel_id
                            AND who.external_id = i.waits_for))
                    FOR UPDATE SKIP LOCKED)""",
                WAIT_HOURS,
            ),
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    @api.model
    def _waiting(self):
        """Number of rows that wait, at most 1,000."""
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_inbox
                WHERE state = 'new' LIMIT 1000) waiting"""
            )
        )
        return rows[0][0]

    # One part

    @api.model
    def _items(self, claim):
        """What stands in the delivery of a claim: list of ``engine.chat_items``."""
        delivery = self.browse(claim.delivery_id)
        body = delivery._bodies()[delivery.id]
        channel = delivery.channel_id
        if channel.type == "telegram":
            return telegram.read_body(body)
        return instagram.read_body(body, channel.account_id or "")

    @api.model
    def _deal_with(self, claim, items):
        """Act on one part of a delivery, and move on behind it."""
        if claim.position >= len(items):
            # a delivery of nothing, or of less than an older version has found in it
            self._write_row(claim, state="done")
            return
        item = items[claim.position]
        if isinstance(item, Poison):
            self._keep_part(claim, items, "dead", error=_storable(item.error))
            return
        if isinstance(item, Message) and not item.date:
            received_at = claim.received_at.replace(microsecond=0)
            item = dataclasses.replace(item, date=received_at)
        channel = self.browse(claim.row_id).channel_id
        waits_for = channel._as_worker()._receive(item, waited=claim.waited)
        if waits_for:
            self._keep_part(claim, items, "parked", waits_for=waits_for)
        else:
            self._move_on(claim, items)

    @api.model
    def _blame(self, claim, read, error):
        """Make a dead letter of a part that has failed, in a transaction of its own.

        Unless another worker is at it by now, which will have its own experience.

        :return: time left for this run of the worker, in seconds
        """
        try:
            again = self._claim(
                SQL("id = %s AND position = %s", claim.row_id, claim.position)
            )
        except CONFLICTS:
            self.env.cr.rollback()
            again = None
        if again:
            _logger.error("Delivery %s: dead", claim, exc_info=error)
            items = read.get(claim.delivery_id, [])
            reason = _storable(f"{type(error).__name__}: {error}")
            self._keep_part(claim, items, "dead", error=reason)
        return self.env["ir.cron"]._commit_progress(1, remaining=self._waiting())

    @api.model
    def _keep_part(self, claim, items, state, **values):
        """Give a part a state of its own: in a row of its own, if it has sisters.

        :param str state: dead or parked
        :param values: further columns of that row
        """
        if claim.kind == "item" or len(items) <= 1:
            self._write_row(claim, state=state, **values)
            return
        columns = {
            "parent_id": claim.row_id,
            "kind": "item",
            "position": claim.position,
            "state": state,
            "attempts": 1,
            "body": as_json(items[claim.position]),
            **values,
        }
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at, %s)
                SELECT channel_id, company_id, received_at, %s
                FROM mini_crm_inbox WHERE id = %s""",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(SQL("%s", value) for value in columns.values()),
                claim.row_id,
            )
        )
        self._move_on(claim, items)

    @api.model
    def _move_on(self, claim, items):
        """Note that a part is dealt with; with the last one, the delivery is done."""
        if claim.kind == "item":
            self._write_row(claim, state="done")
            return
        position = claim.position + 1
        state = "done" if position >= len(items) else "new"
        self._write_row(claim, position=position, state=state)

    @api.model
    def _write_row(self, claim, **values):
        columns = (
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_inbox SET attempts = attempts + 1, %s WHERE id = %s",
                SQL(", ").join(columns),
                claim.row_id,
            )
        )
        self.browse(claim.row_id).invalidate_recordset(flush=False)


def _storable(text):
    """A text of an error as the database takes it."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text.replace("\x00", "\\x00")[:ERROR_LENGTH]


def as_json(item):
    """An item for people who look into it: bytes of JSON.

    :param item: one of ``engine.chat_items``
    """
    value = item.item if isinstance(item, Poison) else vars(item)
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = repr(type(value))
    return text.encode("utf-8", "backslashreplace")
