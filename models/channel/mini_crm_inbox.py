import hashlib

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .waking import INBOX_JOB, SECOND_INBOX_JOB, wake

MAX_BODY = 1_000_000  # bytes of a delivery


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
                    self._insert_sql(channel, body), log_exceptions=False
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
    def _insert_sql(self, channel, body):
        return SQL(
            """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at, kind,
                body, digest, state, position, attempts)
            VALUES (%s, %s, now() AT TIME ZONE 'utc', 'body', %s, %s, 'new', 0, 0)
            ON CONFLICT (channel_id, digest) WHERE digest IS NOT NULL DO NOTHING""",
            channel.id,
            channel.company_id.id,
            body,
            hashlib.sha256(body).hexdigest(),
        )


def readable(body):
    """Bytes of a delivery for people to read, whatever they are.

    :rtype: str
    """
    text = body.decode("utf-8", "backslashreplace")
    return text.replace("\x00", "\\x00")
