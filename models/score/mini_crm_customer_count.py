import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .count_sql import COMPACT, FOLLOW, REPAIR, SURPLUS

_logger = logging.getLogger(__name__)

SURPLUS_ROWS = 500  # that are worth a compaction
LOGGED = 10  # repaired counts that are told one by one
# What a group shows, from the sums: as Odoo computes them from the profiles.
AGGREGATES = {
    "__count": SQL("coalesce(sum(customers), 0)::bigint"),
    "crm_score:avg": SQL("sum(crm_score) / nullif(sum(scored), 0)"),
    "total_purchases:sum": SQL("sum(total_purchases)::bigint"),
    "total_spent:sum": SQL("sum(total_spent)::float8"),
}


class MiniCrmCustomerCount(models.Model):
    """How many customers there are of each sort, as signed differences.

    Triggers append to it (``count_sql``); the sum over all rows of a key is what holds.
    Each customer is counted in one key that is not ``by_tag``, and by tag in one for
    each of his tags, or in one without a tag. Fields have the names of those of the
    contact, so that rules and domains about contacts can be asked here.
    """

    _name = "mini_crm.customer.count"
    _description = "Number of Customers"
    # No foreign keys, which the ORM would add: a difference must never fail or wait.
    _auto = False
    _log_access = False

    by_tag = fields.Boolean()
    category_id = fields.Integer("Tag", aggregator=None)  # grouped by its number
    company_id = fields.Many2one("res.company")
    partner_share = fields.Boolean("Share Partner")
    active = fields.Boolean()
    journey_stage = fields.Char("Stage")
    crm_health = fields.Char("Health")
    customers = fields.Integer()
    scored = fields.Integer(help="Those that have a score.")
    crm_score = fields.Integer("Score", help="Sum of the scores.")
    total_purchases = fields.Integer("Purchases", help="Sum of the purchases.")
    total_spent = fields.Float("Spent", help="Sum of the amounts.")

    def init(self):
        """Make the table."""
        # sums of integers of many customers, and of amounts without loss
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS mini_crm_customer_count (
                id bigserial PRIMARY KEY,
                by_tag boolean NOT NULL,
                category_id int,
                company_id int,
                partner_share boolean,
                active boolean,
                journey_stage varchar NOT NULL,
                crm_health varchar,
                customers bigint NOT NULL,
                scored bigint NOT NULL,
                crm_score bigint NOT NULL,
                total_purchases bigint NOT NULL,
                total_spent numeric NOT NULL)
            WITH (autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_threshold = 2000)"""
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        aggregate = AGGREGATES.get(aggregate_spec)
        return aggregate or super()._read_group_select(aggregate_spec, query)

    @api.model
    def _count(self, domain, groupby=(), aggregates=(), **kwargs):
        """Groups of customers as ``_read_group`` gives them; tags as numbers.

        :param domain: on the fields of this model; archived ones as usual
        :param groupby: fields of this model
        :param aggregates: of ``AGGREGATES``
        :param kwargs: having, offset, limit, order
        """
        having = kwargs.pop("having", ())
        if groupby:
            having = [("__count", "!=", 0), *having]
        # sudo: numbers of those whom the domain, with its rules, lets the user see
        return self.sudo()._read_group(
            domain, groupby, aggregates, having=having, **kwargs
        )

    @api.model
    def _cron_compact(self):
        """Replace the differences by their sums, before they are many."""
        if self.env.execute_query(SURPLUS)[0][0] > SURPLUS_ROWS:
            self.env.cr.execute(COMPACT)

    @api.model
    def _repair(self, *, first=False):
        """Set right what two changes at the same moment have left wrong, if anything.

        What was wrong is logged.

        :param bool first: everybody is counted for the first time, which is no news
        :return: number of keys that were wrong
        :rtype: int
        """
        self.env.flush_all()
        self.env.cr.execute(FOLLOW)
        followed = self.env.cr.rowcount
        wrong = self.env.execute_query(REPAIR)
        if (followed or wrong) and not first:
            _logger.warning(
                "Counts of customers repaired: %s profiles, %s counts: %s",
                followed,
                len(wrong),
                wrong[:LOGGED],
            )
        return len(wrong)
