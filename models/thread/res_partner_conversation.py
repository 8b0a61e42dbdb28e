from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from .mini_crm_event_said import SAID

PAGE = 50
MAX_PAGE = 200
MAX_SEARCH = 200  # characters
EVENT, MESSAGE = 0, 1  # what has the same date and sequence stands in this order
HIGHEST = 2**31 - 1


class Place(NamedTuple):
    """Where something stands in a thread; later is greater."""

    date: datetime
    sequence: int
    source: int
    id: int


class ResPartner(models.Model):
    """The Communication tab: everything said with a customer, page by page."""

    _inherit = "res.partner"

    @api.readonly
    def get_conversation(self, cursor=None, limit=PAGE, search=None):
        """One page of all that was said with this customer, newest first (agents).

        Messages of all channels, e-mails, calls and notes. Keyset pagination: a page
        stays right while messages arrive, and the last costs what the first does.

        :param list | None cursor: ``next`` of the page before; none for the newest
        :param int limit: rows a page, at most 200
        :param str | None search: only what contains this text (e-mails and notes: in
            their first words)
        :return: ``{"rows": [...], "next": cursor or None}``; a row is ``{key, source,
            id, kind, channel, channel_name, identity_id, direction (in, out, note),
            author, subject, body, state, reason (in words), deferred_until, media,
            reactions, reply_to, outcome, automated, edited, deleted, date}``, dates
            UTC in ISO 8601; what a kind has not is empty
        :rtype: dict
        """
        self.ensure_one()
        self._check_conversation("read")
        limit = max(1, min(int(limit), MAX_PAGE))
        places = self._conversation_places(
            self._conversation_cursor(cursor), limit + 1, search
        )
        page = places[:limit]
        following = _as_cursor(page[-1]) if len(places) > limit else None
        rows = self._conversation_rows(page)
        if not cursor and not search:
            rows = self._with_unsent_mails(rows, following)
        return {"rows": rows, "next": following}

    def _with_unsent_mails(self, rows, following):
        """The newest rows with the e-mails that no mail server has accepted yet."""
        mails = self._unsent_mails()
        if not mails:
            return rows
        unsent = mails._unsent_rows(self._mail_states(mails.ids))
        oldest = rows[-1]["date"] if following else ""
        unsent = [row for row in unsent if row["date"] >= oldest]
        return sorted([*unsent, *rows], key=lambda row: row["date"], reverse=True)

    def _check_conversation(self, operation):
        """Whether the user is an agent and may do this with the customer.

        :raises AccessError: when not
        """
        self.env["mini_crm.message"].check_access("read")
        self.check_access(operation)

    @api.model
    def _conversation_cursor(self, cursor):
        """A cursor as ``Place``; ``None`` for none.

        :raises UserError: when it is no cursor of ours
        """
        if not cursor:
            return None
        try:
            date, sequence, source, row_id = cursor
            date = datetime.fromisoformat(str(date))
            return Place(date, int(sequence), int(source), int(row_id))
        except (TypeError, ValueError):
            raise UserError(
                self.env._("The cursor must be the `next` of the page before.")
            ) from None

    def _conversation_places(self, before, limit, search):
        """What stands in the thread, newest first: list of ``Place``.

        Each source gives its own newest rows off an index, then both are merged.

        :param Place | None before: only what is earlier
        """
        words = (search or "").strip()[:MAX_SEARCH]
        rows = self.env.execute_query(
            SQL(
                "SELECT date, sequence, source, id FROM ((%s) UNION ALL (%s)) said"
                " ORDER BY date DESC, sequence DESC, source DESC, id DESC LIMIT %s",
                self._said_in_channels(before, limit, words),
                self._said_elsewhere(before, limit, words),
                limit,
            )
        )
        return [Place(*row) for row in rows]

    def _said_in_channels(self, before, limit, words):
        """Query of the messages; see ``_conversation_places``."""
        Message = self.env["mini_crm.message"]
        order = "date desc, sequence desc, id desc"
        query = Message._search(
            [("partner_id", "=", self.id)], order=order, limit=limit
        )
        column = _columns(query)
        if before:
            before_id = before.id if before.source == MESSAGE else 0
            query.add_where(
                SQL(
                    "(%s, %s, %s) < (%s, %s, %s)",
                    *map(column, ("date", "sequence", "id")),
                    *(before.date, before.sequence, before_id),
                )
            )
        if words:
            query.add_where(_contains(column("body"), words))
        return query.select(
            *(SQL("%s AS date, %s AS sequence", column("date"), column("sequence")),),
            *(SQL("%s AS source, %s AS id", MESSAGE, column("id")),),
        )

    def _said_elsewhere(self, before, limit, words):
        """Query of e-mails, calls, notes; see ``_conversation_places``."""
        Event = self.env["mini_crm.event"]
        query = Event._search(
            [("partner_id", "=", self.id)], order="date desc, id desc", limit=limit
        )
        query.add_where(SQL("(%s)", SQL(SAID)))
        column = _columns(query)
        if before:
            # events have the sequence 0: of the same date, they stand before messages
            same_kind = before.sequence == 0 and before.source == EVENT
            before_id = before.id if same_kind else HIGHEST
            query.add_where(
                SQL(
                    "(%s, %s) < (%s, %s)",
                    *(column("date"), column("id"), before.date, before_id),
                )
            )
        if words:
            query.add_where(_contains(column("summary"), words))
        return query.select(
            *(SQL("%s AS date, 0 AS sequence", column("date")),),
            *(SQL("%s AS source, %s AS id", EVENT, column("id")),),
        )

    @api.model
    def _conversation_rows(self, places):
        """Rows of ``get_conversation`` for places in the thread, in their order."""
        ids = {
            source: [place.id for place in places if place.source == source]
            for source in (EVENT, MESSAGE)
        }
        rows = {
            EVENT: self.env["mini_crm.event"].browse(ids[EVENT])._said_rows(),
            MESSAGE: self.env["mini_crm.message"].browse(ids[MESSAGE])._said_rows(),
        }
        return [rows[place.source][place.id] for place in places]


def _columns(query):
    """Function from a column's name to its SQL in the query."""
    return lambda name: SQL.identifier(query.table, name)


def _contains(column, words):
    """Condition: the text contains the words, in upper or lower case."""
    return SQL("%s ILIKE %s", column, f"%{escape_psql(words)}%")


def _as_cursor(place):
    return [place.date.isoformat(), place.sequence, place.source, place.id]
