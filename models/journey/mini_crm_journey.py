from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import journey
from .scope import CUSTOMERS, LIVE_CUSTOMERS, Scope

CHOICES = 80  # sources and owners that are offered as filters


class MiniCrmJourney(models.AbstractModel):
    """The journey map: funnel, conversion, time in stage and drop-off.

    What the numbers mean stands in docs/journey.md.
    """

    _name = "mini_crm.journey"
    _description = "Journey Map"

    @api.model
    @api.readonly
    def get_map(self, period="90", source_id=False, user_id=False):
        """The journey of all customers that the user may see; for agents.

        :param str period: one of ``engine.journey.PERIODS``: days up to now, or "all"
        :param int | bool source_id: only customers of this source
        :param int | bool user_id: only customers of this owner
        :return: ``{period, total, stages: [{stage, label, customers, stays, forward,
            back, silent, conversion, drop_off, median_days, domains: {customers,
            forward, back, silent}}], moves: [{from, to, moves, domain}], facts_of (ISO
            date of the last daily figures, when times and silence are theirs, else
            False), facts_known (whether there are any: silent, drop_off and
            median_days are None else), filters: {sources, owners: [{id, name}]}}``;
            shares are in 0..1, domains are of contacts
        :rtype: dict
        :raises AccessError: when the user is no agent
        :raises UserError: on an unknown period
        """
        self.env["mini_crm.journey.day"].check_access("read")
        self._check_period(period)
        chosen = Domain.AND(
            Domain(name, "=", number)
            for name, number in (("source_id", source_id), ("user_id", user_id))
            if number
        )
        now = fields.Datetime.now()
        start = self._period_start(period, now)
        scope = Scope.seen(self.env, chosen)
        customers = dict(
            self.env["res.partner"]._read_group(
                CUSTOMERS & chosen, ["journey_stage"], ["__count"]
            )
        )
        moves = self._moves(scope, start)
        facts = self._facts(scope, period, now, sum(customers.values()))
        rows = journey.stage_figures(customers, moves, facts.silent, facts.median)
        told = _Domains(chosen, start, self._silence(period, now))
        return {
            "period": period,
            "total": sum(customers.values()),
            "stages": self._told_stages(rows, told),
            "moves": [
                {"from": a, "to": b, "moves": n, "domain": told.moved([a], b)}
                for (a, b), n in sorted(moves.items())
            ],
            "facts_of": facts.day.isoformat() if facts.day else False,
            "facts_known": facts.silent is not None,
            "filters": self._filters(),
        }

    @api.model
    def _check_period(self, period):
        """:raises UserError: on an unknown period"""
        if period not in journey.PERIODS:
            raise UserError(
                self.env._(
                    "There is no period %(period)s. Choose one of: %(periods)s.",
                    period=period,
                    periods=", ".join(journey.PERIODS),
                )
            )

    @api.model
    def _told_stages(self, rows, told):
        """Stages with labels, and with domains that open who is behind a number."""
        labels = dict(
            self.env["res.partner"]
            ._fields["journey_stage"]
            ._description_selection(self.env)
        )
        return [
            {
                **row._asdict(),
                "label": labels[row.stage],
                "domains": {
                    "customers": told.of(row.stage),
                    "forward": told.moved([row.stage], *journey.to_later(row.stage)),
                    "back": told.moved([row.stage], *journey.to_earlier(row.stage)),
                    "silent": told.silent(row.stage),
                },
            }
            for row in rows
        ]

    @api.model
    def _filters(self):
        """Sources and owners to choose from: ``{sources, owners: [{id, name}]}``.

        None in a large shop: the numbers of some customers take a look at all of them.
        """
        if self.env["res.partner"].search_count(CUSTOMERS) > LIVE_CUSTOMERS:
            return {"sources": [], "owners": []}
        sources = self.env["utm.source"].search([], order="name", limit=CHOICES)
        owners = self.env["res.users"].search(
            [("share", "=", False)], order="name", limit=CHOICES
        )
        return {
            "sources": [{"id": s.id, "name": s.display_name} for s in sources],
            "owners": [{"id": u.id, "name": u.display_name} for u in owners],
        }


class _Domains:
    """Domains of contacts, as lists, that find who is behind a number of the map.

    :param Domain chosen: which customers the map is about
    :param datetime | None start: of the period, UTC
    :param datetime silence: since when the silent ones are silent, UTC
    """

    def __init__(self, chosen, start, silence):
        self._chosen = chosen
        self._start = start
        self._silence = fields.Datetime.to_string(silence)

    def _told(self, *conditions):
        return list(
            CUSTOMERS & self._chosen & Domain.AND(Domain(*c) for c in conditions)
        )

    def of(self, stage):
        """Who is in a stage now."""
        return self._told(("journey_stage", "=", stage))

    def moved(self, origins, *targets):
        """Who has moved in the period."""
        move = [("from_stage", "in", list(origins)), ("to_stage", "in", list(targets))]
        if self._start:
            move.append(("date", ">=", fields.Datetime.to_string(self._start)))
        return self._told(("journey_transition_ids", "any", move))

    def silent(self, stage):
        """Who is in a stage now without a sign of life."""
        known = Domain("customer_since", "<", self._silence)
        for name in ("last_contacted_at", "last_purchase_at"):
            known &= Domain(name, "=", False) | Domain(name, "<", self._silence)
        return list(Domain(self.of(stage)) & known)
