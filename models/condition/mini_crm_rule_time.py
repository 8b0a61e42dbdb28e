from datetime import date, datetime, timedelta

from psycopg2.errors import QueryCanceled

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.birthdays import birthday_moves
from ...engine.calendars import as_utc
from ...engine.conditions import ConditionProblem, parse, time_edges, write
from ...engine.fields import SLOT_SET
from .res_partner import in_ranges

# From here on it is quicker to compare everybody in ranges.
MOST_CANDIDATES = 50_000
# Whoever was compared longer ago is compared with everybody else: so many edges have
# passed that little would be spared.
MOST_DAYS = 31
# So old the moment may be from which kept conditions of a minute count.
KEPT_SECONDS = 60


class MiniCrmRule(models.AbstractModel):
    """Time moves customers in and out: only those whom it can have moved are looked at.

    A relative date is an edge that moves forward. The rule was right as of where its
    edges stood at the last comparison, and whoever was looked at since, because of an
    event, was compared with edges between those and the ones of now. So only who has
    a date between both can be wrong now.
    """

    _inherit = "mini_crm.rule"

    def _next_edge(self, moment):
        """When time alone may next change the answer (naive, UTC), or ``False``."""
        if not self.timing:
            return False
        if self.timing == "hour":
            hour = moment.replace(minute=0, second=0, microsecond=0)
            return hour + timedelta(hours=1)
        local = self._local(moment)
        return as_utc(local.date() + timedelta(days=1), local.tzinfo)

    def _edges_now(self):
        """Where the edges of the condition stand now.

        :return: ``[[field, value, day or moment (UTC) as text], ...]``, in the order of
            ``engine.conditions.time_edges``; ``False``: everybody has to be compared,
            because one may move back, or none moves
        :rtype: list | bool
        """
        self.ensure_one()
        edges = self._time_edges()
        if not edges or not all(edge.forward for edge in edges):
            return False
        partners = self._own_partners()
        return [
            [edge.field, edge.value, _place(partners, edge).isoformat()]
            for edge in edges
        ]

    def _time_edges(self):
        """The edges of the condition: list of ``TimeEdge``; archived, it has none."""
        try:
            return time_edges(parse(self.domain)) if self.timing and self.active else []
        except ConditionProblem:
            return []  # told when the condition is compiled

    def _own_partners(self):
        """The model of contacts as the owner sees it in the rule's company."""
        conditions = self.env["mini_crm.condition"]
        return conditions._partners_of(self.user_id, self.company_id)

    def _follow_time(self):
        """Compare those whom time may have moved since the last comparison.

        :return: how many they are; ``None``: everybody has to be compared
        """
        if not self.active or self.status != "ready" or self.next_id or not self.edges:
            return None
        begun = self._begun()
        self.env.flush_all()
        try:
            # a new point to go back to: a timeout ends this way only
            with self.env.cr.savepoint():
                with self._within_limits():
                    ids = self._candidates(begun["edges"])
                if ids is None:
                    return None
                if ids:
                    # no events have caused it; nor is the rule being built
                    self._compare(lambda column: SQL("%s = ANY(%s)", column, ids), {})
        except QueryCanceled:
            return None
        self.write(
            {
                "edges": begun["edges"],
                "due_at": self._next_edge(begun["build_began_at"]),
            }
        )
        return len(ids)

    def _candidates(self, now):
        """Customers whom time may have moved since the rule's ``edges``.

        :param now: as of ``_edges_now``
        :return: ids; ``None``: too many, or too much has changed
        :rtype: list[int] | None
        """
        edges = self._time_edges()
        before, now = (
            [(field, value, _read(place)) for field, value, place in places or ()]
            for places in (self.edges, now)
        )
        named = [(edge.field, edge.value) for edge in edges]
        if any([one[:2] for one in places] != named for places in (before, now)):
            return None
        partners, selects = self._own_partners(), []
        for edge, (*_name, was), (*_name, place) in zip(
            edges, before, now, strict=True
        ):
            if abs(place - was) > timedelta(days=MOST_DAYS):
                return None
            low, high = min(was, place), max(was, place)
            if not edge.daily:
                low -= timedelta(seconds=KEPT_SECONDS)
            selects.append(_passed(partners, edge, low, high))
        self.env.cr.execute(
            SQL(
                "SELECT id FROM (%s) found (id) WHERE id IS NOT NULL LIMIT %s",
                SQL(" UNION ").join(selects),
                MOST_CANDIDATES + 1,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        return ids if len(ids) <= MOST_CANDIDATES else None


def _dates(partners, edge):
    """The model and the column that hold the dates of an edge."""
    if edge.kind == "rows":
        rows = partners._fields[edge.field].comodel_name
        return partners.env[rows], edge.column
    if edge.field in SLOT_SET:
        return partners, edge.field
    column = partners._fields[edge.field].related.split(".")[-1]
    return partners.env["mini_crm.profile"], column


def _place(partners, edge):
    """Where an edge stands: a day for a date, a moment (naive, UTC) for a time."""
    if edge.kind == "birthday":
        return partners.env.company._today()
    model, column = _dates(partners, edge)
    # as the query of the condition has it
    return Domain(column, ">=", edge.value).optimize_full(model).value


def _read(text):
    """A day or moment from its text."""
    return (datetime if "T" in text else date).fromisoformat(text)


def _passed(partners, edge, low, high):
    """Select of the ids of those whose dates an edge has passed.

    :param low, high: where it stood, and stands; both included. A moment stands for its
        whole second.
    """
    if edge.kind == "birthday":
        return _birthdays_passed(partners, edge, low, high)
    model, column = _dates(partners, edge)
    if isinstance(high, datetime):
        high += timedelta(seconds=1)
    if edge.kind == "rows":
        query = model._search(
            Domain(write(edge.filter))
            & Domain(column, ">=", low)
            & Domain(column, "<=", high)
        )
        inverse = partners._fields[edge.field].inverse_name
        return query.select(SQL.identifier(query.table, inverse))
    return SQL(
        "SELECT id FROM %(table)s WHERE %(column)s BETWEEN %(low)s AND %(high)s",
        table=SQL.identifier(model._table),
        column=SQL.identifier(column),
        low=low,
        high=high,
    )


def _birthdays_passed(partners, edge, low, high):
    slot = partners.env["mini_crm.condition"]._birthday_slot()
    calendar = partners.env.company._birthday_calendar()
    ranges = birthday_moves(edge.value, low, high, calendar) if slot else []
    if not ranges:
        return SQL("SELECT NULL::int")
    # sudo: who may be wrong; the owner's rights decide who is right
    everybody = partners.sudo().with_context(active_test=False)
    return everybody._search(in_ranges(slot, ranges)).select()
