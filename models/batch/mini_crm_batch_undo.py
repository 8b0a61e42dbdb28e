from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mini_crm_batch import KEEP_DAYS

EVENTS = 5_000  # events of one step


class MiniCrmBatch(models.Model):
    """Undo of batches: the values before come back, portion by portion.

    A kind of batch can be undone when it has a method ``_undo_step_<kind>(limit)``. It
    puts the next portion back, without a commit, and returns how many rows it has dealt
    with; 0: there is none left. It keeps its place in ``undo_cursor`` and counts in
    ``restored`` and ``kept``. A row that somebody has changed since is left as it is,
    its line in state ``kept`` with a message (``_keep``). Events that it logs are tied
    to the batch and undone themselves, like those of the batch afterwards: so the
    pipeline follows them, and nobody sees or counts either.
    """

    _inherit = "mini_crm.batch"

    can_undo = fields.Boolean(compute="_compute_can_undo", compute_sudo=True)
    undo_until = fields.Datetime(compute="_compute_can_undo", compute_sudo=True)
    undone_at = fields.Datetime("Undone", readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    undo_cursor = fields.Integer(
        default=0, readonly=True, help="Last row or id that the undo has dealt with."
    )
    undo_event_cursor = fields.Integer(
        default=0, readonly=True, help="Last event that the undo has taken back."
    )
    restored = fields.Integer("Put Back", default=0, readonly=True)
    kept = fields.Integer(
        "Left as They Are",
        default=0,
        readonly=True,
        help="Rows that somebody has changed since: undoing has not touched them.",
    )

    @api.depends("state", "kind", "finished_at", "started_at", "undone_by_id")
    def _compute_can_undo(self):
        now = fields.Datetime.now()
        for batch in self:
            ended = batch.state in ("done", "cancelled", "failed")
            begun = batch.started_at and batch.finished_at and ended
            undoable = begun and not batch.undone_by_id and batch._has_undo()
            until = undoable and batch.finished_at + timedelta(days=KEEP_DAYS)
            batch.undo_until = until
            batch.can_undo = bool(until) and until > now

    def _has_undo(self):
        """Whether batches of this kind can be undone; kinds may ask for more.

        :rtype: bool
        """
        self.ensure_one()
        return hasattr(self, f"_undo_step_{self.kind}")

    def undo(self):
        """Take back what these batches have done (managers, within 30 days).

        The worker does it in portions. What somebody has changed since stays as it is
        and is listed; nothing is sent, and nothing that was sent is called back.

        :raises AccessError: for everybody below manager, and in other companies
        :raises UserError: if a batch cannot be undone, or not any more
        """
        self._check_manager()
        self.check_access("read")
        for batch in self:
            batch._check_undo()
            # sudo: nobody may write batches but this code
            batch.sudo()._set_undoing(undone_by_id=self.env.uid)
        return True

    def action_undo(self):
        """Take this batch back and show how far it is (managers)."""
        self.ensure_one()
        self.undo()
        return self.action_follow()

    def _check_undo(self):
        """:raises UserError: says why this batch cannot be undone"""
        if self.can_undo:
            self._check_undoer()
            return
        if self.state in ("undoing", "undone") or self.undone_by_id:
            raise UserError(self.env._("“%s” has been undone already.", self.name))
        if self.state in ("checking", "running"):
            raise UserError(
                self.env._(
                    "“%s” is still running. Cancel it first, then undo it.", self.name
                )
            )
        if self.undo_until:
            raise UserError(
                self.env._(
                    "“%(name)s” ended more than %(days)s days ago. What was there"
                    " before is kept no longer.",
                    name=self.name,
                    days=KEEP_DAYS,
                )
            )
        raise UserError(self.env._("There is nothing to undo in “%s”.", self.name))

    def _check_undoer(self):
        """Extension: the user may undo this batch as a whole.

        :raises UserError: says what he lacks
        """

    # States

    def _set_undoing(self, **values):
        self._move("undoing", error=False, **values)
        self._wake_worker()

    def _set_undone(self):
        self._move("undone", undone_at=fields.Datetime.now())

    def _set_going(self):  # pylint: disable=missing-return
        if self.undone_by_id:
            self._check_undoer()
            self._set_undoing(undone_by_id=self.env.uid)
        else:
            super()._set_going()

    @api.model
    def _still_wanted(self, alias):
        """An undo that an error has stopped goes on from its rows, for 30 days."""
        return SQL(
            """%(wanted)s OR %(batch)s.state = 'failed'
            AND %(batch)s.undone_by_id IS NOT NULL AND %(batch)s.write_date >=
                now() AT TIME ZONE 'utc' - make_interval(days => %(days)s)""",
            wanted=super()._still_wanted(alias),
            batch=SQL.identifier(alias),
            days=KEEP_DAYS,
        )

    # The worker

    def _acting_user(self):
        return self.undone_by_id if self.state == "undoing" else super()._acting_user()

    def _as_user(self):
        batch = super()._as_user()
        if batch.state != "undoing":
            return batch
        return batch.with_context(mini_crm_undo_id=batch.id)

    def _step(self, limit):
        if self.state != "undoing":
            return super()._step(limit)
        worked = getattr(self, f"_undo_step_{self.kind}")(limit)
        return worked or self._undo_events(min(limit, EVENTS))

    def _blame(self, error):  # pylint: disable=missing-return
        if self.state != "undoing" or not self._undo_blame(error):
            super()._blame(error)

    def _undo_blame(self, error):
        """Extension: a step of one row cannot be undone: leave that row, and say so.

        :return: whether there was such a row; else the undo stops with the error
        :rtype: bool
        """
        return False

    def _undo_events(self, limit):
        """Hide the next events of this batch; at the end it is undone."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """WITH next AS MATERIALIZED (
                    SELECT id, partner_id FROM mini_crm_event
                    WHERE batch_id = %(batch)s AND id > %(cursor)s
                    ORDER BY id LIMIT %(limit)s
                ), hidden AS (
                    UPDATE mini_crm_event e SET undone_by = %(batch)s
                    FROM next WHERE e.id = next.id AND e.undone_by IS NULL
                        AND %(which)s)
                SELECT max(id), count(*) FROM next""",
                batch=self.id,
                cursor=self.undo_event_cursor,
                limit=limit,
                which=self._undone_events("e"),
            )
        )
        last_id, count = self.env.cr.fetchone()
        self.env["mini_crm.event"].invalidate_model(["undone_by"])
        if count:
            self.undo_event_cursor = last_id
        else:
            self._set_undone()
        return max(1, count)

    def _undone_events(self, alias):
        """Which events of this batch did not happen after its undo.

        Here: those of customers none of whose rows (``res_id`` of the line) was kept.

        :param str alias: of ``mini_crm_event``
        :rtype: SQL
        """
        return SQL(
            """%s NOT IN (
                SELECT l.res_id FROM mini_crm_batch_line l
                WHERE l.batch_id = %s AND l.message IS NOT NULL AND l.state = 'kept'
                    AND l.res_id IS NOT NULL)""",
            SQL.identifier(alias, "partner_id"),
            self.id,
        )

    def _keep(self, lines, message):
        """Note that rows were changed since and are left as they are.

        :param SQL lines: condition over the row ``l`` of ``mini_crm_batch_line``
        :param SQL | str message: why, in words; an expression over ``l`` or a text
        :return: number of rows
        :rtype: int
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_batch_line l SET state = 'kept', message = %s
                WHERE l.batch_id = %s AND %s""",
                message,
                self.id,
                lines,
            )
        )
        self.env["mini_crm.batch.line"].invalidate_model()
        return self.env.cr.rowcount
