from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

PAGE = 30
MAX_PAGE = 200


class ResPartner(models.Model):
    """The Timeline tab: pages of events, newest first."""

    _inherit = "res.partner"

    @api.readonly
    def get_timeline(self, cursor=None, types=None, limit=PAGE):
        """One page of this customer's timeline (agents).

        Keyset pagination by (date, id): the page stays right while events arrive.

        :param list | None cursor: ``next`` of the page before; none for the newest
        :param list[str] | None types: only events of these types
        :param int limit: events a page, at most 200
        :return: ``{"events": [...], "next": cursor or None, "types": [...]}``; an event
            is ``{id, type, label, date (UTC, ISO 8601), author, summary, amount,
            currency, data}``; ``types`` (first page only) is ``{type, label, count}``
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        Event = self.env["mini_crm.event"]
        domain = [("partner_id", "=", self.id), ("undone_by", "=", False)]
        labels = dict(Event._fields["type"]._description_selection(self.env))
        counts = [] if cursor else Event._read_group(domain, ["type"], ["__count"])
        if types:
            domain.append(("type", "in", list(types)))
        limit = max(1, min(int(limit), MAX_PAGE))
        events = Event.browse(self._timeline_page(domain, cursor, limit + 1))
        page = events[:limit]
        last = page[-1:]
        return {
            "events": page._timeline_rows(labels),
            "next": [last.date.isoformat(), last.id] if len(events) > limit else None,
            "types": [
                {"type": kind, "label": labels[kind], "count": count}
                for kind, count in sorted(counts, key=lambda row: -row[1])
            ],
        }

    def _timeline_page(self, domain, cursor, limit):
        """Ids of the events after ``cursor``, in order."""
        Event = self.env["mini_crm.event"]
        query = Event._search(domain, order="date desc, id desc", limit=limit)
        if cursor:
            try:
                date, event_id = cursor
                date, event_id = str(date).replace("T", " "), int(event_id)
            except (TypeError, ValueError):
                raise UserError(
                    self.env._("The cursor must be the `next` of the page before.")
                ) from None
            query.add_where(
                SQL(
                    "(%s, %s) < (%s::timestamp, %s)",
                    SQL.identifier(query.table, "date"),
                    SQL.identifier(query.table, "id"),
                    date,
                    event_id,
                )
            )
        return [row[0] for row in self.env.execute_query(query.select())]
