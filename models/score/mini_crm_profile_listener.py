from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .chosen import Chosen
from .counter_sql import ENGAGING, REFERRAL

PURCHASES = ("purchase_made", "purchase_refunded", "purchase_changed")
CREATED = "customer_created"
MERGED = "customers_merged"
TAGS = ("tag_added", "tag_removed")
# Types whose events move a counter, besides interactions whatever their type.
COUNTED = (*PURCHASES, *ENGAGING, REFERRAL, CREATED, MERGED, *TAGS)
DETAILS = ("field_updated", CREATED, MERGED)


class Claim(NamedTuple):
    """What the claimed events say about one partner."""

    partner_id: int
    is_customer: bool
    cause: int  # the last of the events
    created: bool  # customer_created is among them
    proves: bool  # one of them makes a customer whatever the setting
    counted: int  # number of events that move counters
    details: bool  # details changed
    interaction: int | None  # an interaction among them
    purchase: int | None  # a purchase among them


class MiniCrmProfile(models.Model):
    """What events change in profiles."""

    _inherit = "mini_crm.profile"

    @api.model
    def _on_events(self, claimed):
        """Listener: bring the customers of these events up to date.

        Events that move neither counters nor details are none of its business, its own
        (score_changed and the like) among them.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        claims = self._claims(claimed)
        new = self._make_proven(claims)
        claims = [c for c in claims if c.is_customer or c.partner_id in new]
        if not claims:
            return
        ids = sorted(c.partner_id for c in claims)
        if len(ids) > 1:
            # always in one order, so that two workers never wait for each other
            self.env.cr.execute(
                SQL(
                    """SELECT FROM mini_crm_profile WHERE id = ANY(%s)
                    ORDER BY id FOR NO KEY UPDATE""",
                    ids,
                )
            )
        changed = {c.partner_id for c in claims if c.counted} - self._add_plain(claims)
        if changed := sorted(changed | new):
            self._recount(Chosen.among(changed))
        if detailed := [c.partner_id for c in claims if c.details]:
            self._recount_details(Chosen.among(detailed))
        everyone = Chosen.among(ids)
        self._rescore(
            everyone.on(SQL("pr.id")),
            causes={c.partner_id: c.cause for c in claims},
            few=not everyone.many,
        )

    @api.model
    def _claims(self, claimed):
        """What the events that matter here say, by partner: list of Claim."""
        self.env.cr.execute(
            SQL(
                """SELECT e.partner_id, pr.id IS NOT NULL, max(e.id),
                    bool_or(e.type = %(created)s),
                    bool_or(e.interaction IS NOT NULL OR e.type = ANY(%(proof)s)),
                    count(*) FILTER (WHERE e.interaction IS NOT NULL
                        OR e.type = ANY(%(counted)s)),
                    bool_or(e.type = ANY(%(details)s)),
                    max(e.id) FILTER (WHERE e.interaction IS NOT NULL),
                    max(e.id) FILTER (WHERE e.type = 'purchase_made')
                FROM %(claimed)s c
                JOIN mini_crm_event e ON e.id = c.event_id
                LEFT JOIN mini_crm_profile pr ON pr.id = e.partner_id
                WHERE (e.interaction IS NOT NULL OR e.type = ANY(%(relevant)s))
                    AND (e.type <> ALL(%(tags)s) OR EXISTS (
                        SELECT FROM res_partner_category k WHERE k.mini_crm_advocate
                        AND k.id = (e.data ->> 'tag_id')::int))
                GROUP BY e.partner_id, pr.id""",
                claimed=claimed,
                created=CREATED,
                proof=[*PURCHASES, CREATED, MERGED],
                counted=list(COUNTED),
                details=list(DETAILS),
                relevant=[*COUNTED, *DETAILS],
                tags=list(TAGS),
            )
        )
        return [Claim(*row) for row in self.env.cr.fetchall()]

    @api.model
    def _make_proven(self, claims):
        """Make customers of those who bought or wrote: ids of the new ones."""
        proven = {c.partner_id: c for c in claims if c.proves and not c.is_customer}
        if not proven:
            return set()
        partner = self.env["res.partner"]
        made, new = self._make(
            SQL(
                "p.id = ANY(%s) AND %s",
                list(proven),
                partner._customer_eligible_condition("p"),
            )
        )
        if not made:
            return set()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM mini_crm_profile WHERE id = ANY(%s) AND %s",
                list(proven),
                new.on(SQL("id")),
            )
        )
        ids = {row[0] for row in self.env.cr.fetchall()}
        untold = [i for i in ids if not proven[i].created]
        if untold:
            self._log_created(Chosen.among(untold))
        return ids

    @api.model
    def _add_plain(self, claims):
        """Count single new events by increments: ids of the customers that are done."""
        plain = [c for c in claims if c.is_customer and c.counted == 1]
        talked = [c.interaction for c in plain if c.interaction]
        bought = [c.purchase for c in plain if c.purchase]
        done = self._add_interactions(talked) if talked else set()
        return done | (self._add_purchases(bought) if bought else set())
