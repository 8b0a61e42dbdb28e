import hashlib

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .waking import (
    INBOX_JOB,
    SECOND_INBOX_JOB,
    WAITING,
    job_id,
    notify_after_commit,
    wake,
)

MAX_BODY = 1_000_000  # bytes of a delivery
TRIES = 5  # of storing, while others change the same rows


class MiniCrmInbox(models.Model):
    """What providers have delivered, raw; stored before it is answered.

    A row of kind ``body`` is one request of a provider. An item of it that cannot be
    handled becomes a row of kind ``item``, dead or parked, and the rest goes on.
    """

    _name = "mini_crm.inbox"
    _description = "Received from Providers"
    _order = "id desc"
    _log_access = False

    channel_id = fields.Many2one("mini_crm.channel", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    received_at = fields.Datetime(required=True, help="UTC.")
    kind = fields.Selection(
        [("body", "Delivery"), ("item", "Part of a delivery")],
        required=True,
        default="body",
    )
    parent_id = fields.Many2one(
        "mini_crm.inbox", ondelete="cascade", index="btree_not_null"
    )
    # Bytes as they came, written and read by SQL: the ORM would take them for base64.
    body = fields.Binary(attachment=False)
    digest = fields.Char(help="SHA-256 of the body: the same delivery is stored once.")
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("done", "Done"),
            ("parked", "Waits for its message"),
            ("dead", "Cannot be read"),
            ("discarded", "Discarded"),
        ],
        string="Status",
        required=True,
        default="new",
    )
    waits_for = fields.Char(help="External id of the message that it belongs to.")
    position = fields.Integer(
        default=0,
        help="Of a delivery: how many of its parts are dealt with. "
        "Of a part: its place in the delivery, from 0.",
    )
    attempts = fields.Integer(default=0)
    error = fields.Char()
    content = fields.Text("What Came", compute="_compute_content")

    _digest_uniq = models.UniqueIndex("(channel_id, digest) WHERE digest IS NOT NULL")
    _new_idx = models.Index("((position > 0), id) WHERE state = 'new'")
    _dead_idx = models.Index("(company_id, id) WHERE state = 'dead'")
    _parked_idx = models.Index("(channel_id, waits_for) WHERE state = 'parked'")
    _received_idx = models.Index("(channel_id, received_at)")

    @api.depends("body")
    def _compute_content(self):
        bodies = self._bodies()
        for row in self:
            row.content = readable(bodies.get(row.id, b""))

    def _bodies(self):
        """The bytes of these rows: {id: bytes}."""
        rows = self.env.execute_query(
            SQL("SELECT id, body FROM mini_crm_inbox WHERE id = ANY(%s)", self.ids)
        )
        return {row_id: bytes(body or b"") for row_id, body in rows}

    @api.model
    def _store(self, channel, body):
        """Keep what a provider has delivered; the worker reads it after the commit.

        :param channel: one channel, which the delivery has proved to be for
        :param bytes body: as it came
        :return: whether it is new: the same bytes are stored once
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    self._insert_sql([(channel.id, channel.company_id.id)], body),
                    log_exceptions=False,
                )
                new = bool(self.env.cr.rowcount)
        except SerializationFailure:
            # somebody has committed the same bytes since this transaction began
            return False
        if new:
            self._wake_workers()
        return new

    @api.model
    def _wake_workers(self):
        """Have what waits be read after the commit; by both workers, if it is much.

        The first may be busy with a large delivery.
        """
        self.flush_model(["state"])
        wake(self.env, INBOX_JOB)
        several = SQL("SELECT FROM mini_crm_inbox WHERE state = 'new' LIMIT 2")
        self.env.cr.execute(several)
        if self.env.cr.rowcount > 1:
            wake(self.env, SECOND_INBOX_JOB)

    @api.model
    def _store_alone(self, receivers, body):
        """As ``_store``, by one statement, in a transaction that has changed nothing.

        A provider waits for it. Where somebody else has changed the same rows since the
        transaction began, it is rolled back and begins anew.

        :param receivers: list of (channel id, company id), by id: the same delivery may
            come twice at once
        :param bytes body: as it came
        :raises SerializationFailure: when others were quicker ``TRIES`` times
        """
        statement = SQL(
            """WITH stored AS (%(insert)s RETURNING id), needed AS MATERIALIZED (
                SELECT job FROM unnest(%(jobs)s) WITH ORDINALITY AS jobs (job, place)
                WHERE EXISTS (SELECT FROM stored) AND (place = 1
                    OR (SELECT count(*) FROM stored) > 1
                    OR EXISTS (SELECT FROM mini_crm_inbox WHERE state = 'new'))
            ), waiting AS MATERIALIZED (
                SELECT job FROM needed CROSS JOIN LATERAL (%(waiting)s) AS found
            )
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT job, date_trunc('second', now() AT TIME ZONE 'utc') FROM needed
            WHERE job NOT IN (SELECT job FROM waiting)""",
            insert=self._insert_sql(receivers, body),
            jobs=[job_id(self.env, job) for job in (INBOX_JOB, SECOND_INBOX_JOB)],
            waiting=SQL(WAITING, SQL("job")),
        )
        for number in range(1, TRIES + 1):
            try:
                self.env.cr.execute(statement, log_exceptions=False)
                break
            except SerializationFailure:
                if number == TRIES:
                    raise
                self.env.cr.rollback()
        if self.env.cr.rowcount:
            notify_after_commit(self.env)

    @api.model
    def _insert_sql(self, receivers, body):
        """The statement that stores a body for each (channel id, company id)."""
        digest = hashlib.sha256(body).hexdigest()
        return SQL(
            """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at, kind,
                body, digest, state, position, attempts)
            SELECT channel_id, company_id, now() AT TIME ZONE 'utc', 'body', %s, %s,
                'new', 0, 0
            FROM (VALUES %s) AS receivers (channel_id, company_id)
            ON CONFLICT (channel_id, digest) WHERE digest IS NOT NULL DO NOTHING""",
            body,
            digest,
            SQL(", ").join(SQL("(%s, %s)", *receiver) for receiver in receivers),
        )


def readable(body):
    """Bytes of a delivery for people to read, whatever they are.

    :rtype: str
    """
    text = body.decode("utf-8", "backslashreplace")
    return text.replace("\x00", "\\x00")
