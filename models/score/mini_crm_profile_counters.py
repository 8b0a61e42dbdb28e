from odoo import api, models
from odoo.tools import SQL

from ...engine.scoring import ASK_HOURS
from .counter_sql import COUNTERS, Shop, counted
from .detail_sql import details

DETAILS = ("basic_filled", "custom_filled", "has_photo")


class MiniCrmProfile(models.Model):
    """Counters: kept by increments, and counted anew whenever that is not safe."""

    _inherit = "mini_crm.profile"

    @api.model
    def _recount(self, chosen):
        """Count the figures of chosen customers anew from events, ledger and tags.

        :param Chosen chosen: which customers
        """
        self._take_over(COUNTERS, counted(chosen, self._shop()), chosen)

    @api.model
    def _recount_details(self, chosen):
        """Count anew which details of chosen customers are filled in.

        :param Chosen chosen: which customers
        """
        rules = self.env["mini_crm.field"]._rules().values()
        self._take_over(DETAILS, details(rules, chosen.on(SQL("p.id"))), chosen)

    @api.model
    def _shop(self):
        """What decides how customers are counted: ``Shop``."""
        self.env.cr.execute(
            """SELECT min(id), count(DISTINCT currency_id) > 1,
                EXISTS (SELECT FROM res_partner_category WHERE mini_crm_advocate)
            FROM res_company"""
        )
        return Shop(*self.env.cr.fetchone())

    @api.model
    def _take_over(self, names, source, chosen):
        """Write columns from a SELECT of id and columns, only in rows that differ."""
        update = SQL(
            """UPDATE mini_crm_profile pr SET (%(names)s) = ROW(%(new)s)
            FROM (%(source)s) n
            WHERE n.id = pr.id AND %(chosen)s
            AND (%(old)s) IS DISTINCT FROM (%(new)s)""",
            chosen=chosen.on(SQL("pr.id")),
            names=_columns(names),
            new=_columns(names, "n"),
            old=_columns(names, "pr"),
            source=source,
        )
        if not chosen.many:
            self.env.cr.execute(update)
            return
        self._prepare_bulk()
        # A table that has just grown has no statistics: the planner would take its
        # thousands of rows for one and join them pair by pair.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(update)
        self.env.cr.execute("SET LOCAL enable_nestloop = DEFAULT")

    # The plain case: one new event of a customer, later than all counted ones.
    # Whatever was counted already is not later, so nothing is ever counted twice.

    @api.model
    def _add_interactions(self, event_ids):
        """Add an interaction to each of its customer's counters where that is safe.

        :param list[int] event_ids: events, at most one of a customer
        :return: ids of the customers that are done; the others need ``_recount``
        :rtype: set[int]
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_profile pr SET
                    total_interactions = pr.total_interactions + 1,
                    total_engagements = pr.total_engagements
                        + (e.interaction = 'in')::int,
                    asks_closed = pr.asks_closed
                        + (e.interaction = 'in' AND pr.ask_open_at IS NOT NULL)::int,
                    asks_answered = pr.asks_answered + coalesce((
                        e.interaction = 'in' AND e.date
                            <= pr.ask_open_at + make_interval(hours => %s))::int, 0),
                    ask_open_at = CASE e.interaction WHEN 'in' THEN NULL
                        WHEN 'out' THEN e.date ELSE pr.ask_open_at END,
                    first_interaction_at = coalesce(pr.first_interaction_at, e.date),
                    last_contacted_at = e.date,
                    customer_since = least(pr.customer_since, e.date)
                FROM mini_crm_event e
                WHERE e.id = ANY(%s) AND pr.id = e.partner_id
                AND (pr.last_contacted_at IS NULL OR e.date > pr.last_contacted_at)
                RETURNING pr.id""",
                ASK_HOURS,
                event_ids,
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}

    @api.model
    def _add_purchases(self, event_ids):
        """Add a purchase to each of its customer's counters where that is safe.

        Safe: entered in the currency that the customer's figures are in.

        :param list[int] event_ids: events purchase_made, at most one of a customer
        :return: ids of the customers that are done; the others need ``_recount``
        :rtype: set[int]
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_profile pr SET
                    total_purchases = pr.total_purchases + 1,
                    total_spent = n.spent,
                    average_order_value = n.spent / (pr.total_purchases + 1),
                    first_purchase_at = coalesce(pr.first_purchase_at, n.date),
                    last_purchase_at = n.date,
                    customer_since = least(pr.customer_since, n.date)
                FROM (
                    -- as numeric: added up as float8, cents would drift
                    SELECT pr.id, m.date,
                        (pr.total_spent::numeric + m.amount_company)::float8 AS spent
                    FROM mini_crm_event e
                    JOIN mini_crm_purchase m ON m.id = e.res_id
                        AND m.partner_id = e.partner_id AND m.kind = 'purchase'
                    JOIN res_company co ON co.id = m.company_id
                    JOIN mini_crm_profile pr ON pr.id = e.partner_id
                        AND pr.currency_id = co.currency_id
                        AND (pr.last_purchase_at IS NULL
                            OR m.date > pr.last_purchase_at)
                    WHERE e.id = ANY(%s) AND e.res_model = 'mini_crm.purchase'
                ) n WHERE n.id = pr.id RETURNING pr.id""",
                event_ids,
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}


def _columns(names, alias=None):
    """Column names, comma separated, of an alias if given."""
    parts = (SQL.identifier(*filter(None, (alias, name))) for name in names)
    return SQL(", ").join(parts)
